"""A torch network behind the Classifier protocol: preprocessing, fixed chunks, softmax."""

import math
import pkgutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import safetensors
import safetensors.torch
import torch
from torch import Tensor, nn

from classifiers.base import BadImages, BadWeights, ClassifierError, FloatArray
from classifiers.threads import cpu_threads

if TYPE_CHECKING:
    from classifiers.catalogue import Entry


class TorchClassifier:
    """A network in eval mode on one device.

    The answer for an image does not depend on the images that come with it. Every forward pass
    has the same shape (a last, smaller chunk is filled up with black images), so the libraries
    below choose the same kernels each time; and a chunk is divided among CPU threads only where
    that has been seen not to treat its rows differently.
    """

    def __init__(self, network: nn.Module, entry: "Entry", *, device: str, chunk: int) -> None:
        if chunk < 1:
            raise ClassifierError(f"chunk: expected at least 1, got {chunk}")
        self.name = entry.name
        self.version = entry.version
        self.labels = entry.labels
        self.input_shape = entry.input_shape
        self.chunk = chunk
        self.device = torch.device(device)
        self.forward_seconds = 0.0
        """Time spent in confidences() so far, from images to probabilities in main memory."""
        self._rows_agree: dict[int, bool] = {}
        self._preprocessing = entry.preprocessing
        self._mean = np.asarray(entry.preprocessing.mean, np.float32)
        # NHWC images become a channels-last tensor without a copy, and the convolutions run
        # more than twice as fast on it (LeNet, AVX-512, one thread: 13,400 against 5,900 images/s).
        self.network = network.eval().to(self.device)
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def confidences(self, images: FloatArray) -> FloatArray:
        """Say how sure the network is of every label.

        images: (B, H, W, C) float32 in [0, 1]. Returns (B, n_labels) float32; each row sums to 1
        and does not depend on the other rows of the batch. Raises BadImages.
        """
        self._check(images)
        threads = self._threads()
        started = time.perf_counter()
        confidences = np.empty((len(images), len(self.labels)), np.float32)
        with torch.inference_mode(), cpu_threads(threads), _exact_float32(self.device):
            for start in range(0, len(images), self.chunk):
                part = images[start : start + self.chunk]
                probabilities = torch.softmax(self.network(self._network_input(part)).float(), 1)
                confidences[start : start + len(part)] = probabilities[: len(part)].cpu().numpy()
        self.forward_seconds += time.perf_counter() - started
        return confidences

    def _threads(self) -> int:
        """As many threads as torch is set to, or one if that many would blur the rows.

        Some chunk sizes (7 on two threads, say) make a matrix product use another kernel, with
        other rounding, for the rows at the end of a thread's share.
        """
        threads = torch.get_num_threads()
        if threads not in self._rows_agree:
            self._rows_agree[threads] = threads == 1 or self._same_image_same_logits()
        return threads if self._rows_agree[threads] else 1

    def _same_image_same_logits(self) -> bool:
        ramp = np.linspace(0, 1, math.prod(self.input_shape), dtype=np.float32)
        images = np.broadcast_to(ramp.reshape(self.input_shape), (self.chunk, *self.input_shape))
        with torch.inference_mode():
            logits = self.network(self._network_input(images))
        return bool((logits == logits[0]).all())

    def _network_input(self, images: FloatArray) -> Tensor:
        if self._preprocessing.channels == "bgr":
            images = images[..., ::-1]
        padded = np.empty((self.chunk, *self.input_shape), np.float32)
        np.multiply(images, np.float32(self._preprocessing.scale), out=padded[: len(images)])
        padded[len(images) :] = 0
        if self._mean.any():
            padded -= self._mean
        return torch.from_numpy(padded).permute(0, 3, 1, 2).to(self.device)

    def _check(self, images: FloatArray) -> None:
        if not isinstance(images, np.ndarray) or images.dtype != np.float32:
            got = getattr(images, "dtype", type(images).__name__)
            raise BadImages(f"images: expected a NumPy array of float32, got {got}")
        if images.ndim != 4 or images.shape[1:] != self.input_shape or len(images) == 0:
            height, width, channels = self.input_shape
            raise BadImages(
                f"images: expected shape (B >= 1, {height}, {width}, {channels}), "
                f"got {images.shape}"
            )
        low, high = float(images.min()), float(images.max())
        if not (low >= 0 and high <= 1):  # NaN fails both comparisons
            raise BadImages(f"images: expected values in [0, 1], got {low} to {high}")


def from_weights(entry: "Entry", content: bytes, *, device: str, chunk: int) -> TorchClassifier:
    """Build an entry's network around the content of its safetensors file. Raises BadWeights."""
    with torch.device("meta"):  # no memory, no random numbers: the weights are assigned below
        network: nn.Module = pkgutil.resolve_name(entry.builder)()
    try:
        network.load_state_dict(safetensors.torch.load(content), assign=True)
    except (safetensors.SafetensorError, RuntimeError) as error:
        raise BadWeights(
            f"{entry.name}: expected weights for {entry.builder}, got: {error}"
        ) from error
    return TorchClassifier(network, entry, device=device, chunk=chunk)


@contextmanager
def _exact_float32(device: torch.device) -> Iterator[None]:
    """Keep a GPU's convolutions from rounding to TF32 or picking kernels by a race."""
    if device.type != "cuda":
        yield
        return
    with torch.backends.cudnn.flags(
        enabled=True, benchmark=False, deterministic=True, allow_tf32=False
    ):
        yield
