"""A network as torch runs it by itself: eager operations on batches, channels before rows."""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from classifiers import catalogue, loading
from classifiers.base import FloatArray
from classifiers.entries import Entry


class EagerNetwork:
    """An entry's network in the memory format that torch has unless told otherwise, in eager mode.

    Without gradients, and in batches of the size that the catalogue names.
    """

    def __init__(self, entry: Entry) -> None:
        network = loading.network(entry, catalogue.verified_weights(entry), "cpu")
        network.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
        self.network = network
        self.entry = entry

    def confidences(self, pictures: Tensor) -> FloatArray:
        """pictures: (B, C, S, S) in [0, 1]. Returns (B, n_labels), as a classifier does."""
        with torch.inference_mode():
            batches = torch.split(pictures, self.entry.chunk)
            answers = [self.network(self._prepared(batch)).softmax(1) for batch in batches]
            return np.asarray(torch.cat(answers).numpy())

    def _prepared(self, batch: Tensor) -> Tensor:
        size, how = self.entry.input_size, self.entry.preprocessing
        if batch.shape[-1] != size:
            shades = (batch * 255).round().to(torch.uint8)
            small = functional.interpolate(shades, (size, size), mode="bilinear", antialias=True)
            batch = small.float() / 255
        if how.colours == "bgr":
            batch = batch.flip(1)
        mean = torch.tensor(how.mean).view(1, -1, 1, 1)
        std = torch.tensor(how.std).view(1, -1, 1, 1)
        prepared = ((batch * how.scale - mean) / std).contiguous()
        # With one channel, strides alone tell torch the format: these are those of NCHW.
        return prepared.flatten().view(prepared.shape)
