"""A network behind the Classifier protocol: views, fixed chunks, softmax."""

import threading
import time
from collections.abc import Callable
from functools import cached_property

import numpy as np
import torch
from torch import Tensor, nn

from classifiers import features
from classifiers.base import BadImages, BadOutput, ClassifierError, FloatArray, Images
from classifiers.described import Described
from classifiers.engines.choice import running
from classifiers.entries import Entry
from classifiers.places import HERE, Crops, Place
from classifiers.views import shares, views

CLOSE_TO_ONE = 1e-3  # what the sum of a program's own probabilities may be off


class NetworkClassifier(Described):
    """A network in eval mode on one device, run by the engine that its place names.

    The answer for an image does not depend on the images that come with it. Every forward pass
    has the same shape (a last, smaller chunk is filled up with black images), so the libraries
    below choose the same kernels each time; and a chunk is divided among CPU threads only where
    that has been seen not to treat its rows differently.
    """

    def __init__(
        self,
        network: nn.Module,
        entry: Entry,
        place: Place = HERE,
        *,
        crops: Crops = "whole",
        chunk: int = 1,
    ) -> None:
        if chunk < 1:
            raise ClassifierError(f"chunk: expected at least 1, got {chunk}")
        super().__init__(entry)
        self.entry = entry
        self.network = network
        self.place = place
        self.crops: Crops = crops
        self.chunk = chunk
        self.forward_seconds = 0.0
        self._clock = threading.Lock()
        self._device = torch.device(place.device)
        self._running, self._notice = running(network, entry, place, chunk)

    @property
    def device(self) -> str:
        return self.place.device

    @property
    def engine(self) -> str:
        return self._running.engine

    @property
    def notice(self) -> str:
        return self._notice

    def with_chunk(self, chunk: int) -> "NetworkClassifier":
        return NetworkClassifier(
            self.network, self.entry, self.place, crops=self.crops, chunk=chunk
        )

    def confidences(self, images: Images) -> FloatArray:
        """Say how sure the network is of every label.

        images: (B, S, S, C) bytes, or float32 in [0, 1]. Returns (B, n_labels) float32; each row
        sums to 1 and does not depend on the other rows of the batch. Raises BadImages, BadOutput.
        """
        pictures = self._checked(images)
        started = time.perf_counter()
        confidences = self._means(pictures, self._told)
        with self._clock:
            self.forward_seconds += time.perf_counter() - started
        if not np.isfinite(confidences).all():
            raise BadOutput(f"{self.name}: expected finite confidences, got NaN or infinity")
        return confidences

    def features(self, images: Images) -> FloatArray:
        """Tell what the network's last layer reads of pictures.

        images: as for confidences(). Returns (B, D) float32, of ten crops their mean, computed by
        torch in float32 whatever computes the confidences. Raises BadImages, BadOutput; NoFeatures
        for a network whose inside is not known.
        """
        found = self._means(self._checked(images), self._embedding)
        if not np.isfinite(found).all():
            raise BadOutput(f"{self.name}: expected finite features, got NaN or infinity")
        return found

    @cached_property
    def _embedding(self) -> Callable[[Tensor], Tensor]:
        return features.embedding(self.network, self.entry, self.place, self.chunk)

    def _means(self, pictures: Tensor, tell: Callable[[Tensor], Tensor]) -> FloatArray:
        """Return (B, ...), of each picture the mean of what is told of its views.

        tell: takes a whole chunk of views.
        """
        with torch.inference_mode():
            chunks = [
                self._of_chunk(pictures[start : start + self.chunk].to(self._device), tell)
                for start in range(0, len(pictures), self.chunk)
            ]
            return torch.cat([chunk.cpu() for chunk in chunks]).numpy()

    def _of_chunk(self, pictures: Tensor, tell: Callable[[Tensor], Tensor]) -> Tensor:
        """Return the mean over all views of up to a chunk of pictures."""
        sums, count = torch.zeros((), dtype=torch.float64, device=self._device), 0
        shown = views(pictures, self.crops, size=self.entry.input_size, canvas=self.entry.canvas)
        for view in shown:
            sums, count = sums + tell(self._filled(view))[: len(pictures)], count + 1
        return (sums / count).float() if count > 1 else sums.float()

    def _told(self, batch: Tensor) -> Tensor:
        return self._probabilities(self._answer(batch))

    def _answer(self, batch: Tensor) -> object:
        try:
            return self._running(batch)
        except torch.OutOfMemoryError:
            raise
        except (RuntimeError, ValueError, TypeError) as error:
            raise BadOutput(
                f"{self.name}: expected a network that takes pictures of shape "
                f"{tuple(batch.shape)}, got: {error}"
            ) from error

    def _probabilities(self, answer: object) -> Tensor:
        wanted = (self.chunk, len(self.labels))
        if not isinstance(answer, Tensor) or tuple(answer.shape) != wanted:
            got = tuple(answer.shape) if isinstance(answer, Tensor) else type(answer).__name__
            raise BadOutput(
                f"{self.name}: expected an output of shape {wanted}, one value a label, got {got}"
            )
        if self.entry.output == "logits":
            return torch.softmax(answer.float(), 1)
        shares = answer.float()
        if not torch.isfinite(shares).all():
            return shares  # refused with all that is not finite
        off = (shares.sum(1) - 1).abs()
        if (off > CLOSE_TO_ONE).any() or (shares < 0).any():
            raise BadOutput(
                f"{self.name}: expected probabilities from 0 to 1 that sum to 1, got "
                f"{float(shares.min()):.4g} to {float(shares.max()):.4g} with a sum of "
                f"{float(shares[off.argmax()].sum()):.4g}; is its output logits?"
            )
        return shares

    def _filled(self, view: Tensor) -> Tensor:
        """Turn (B, C, size, size) into a whole chunk, channels last, with black at its end."""
        if len(view) == self.chunk and view.dtype == torch.float32:
            return view.contiguous(memory_format=torch.channels_last)
        shape = (self.chunk, *view.shape[1:])
        # Made so, and not turned afterwards: that would take as long as drawing the pictures.
        filled = torch.empty(shape, device=self._device, memory_format=torch.channels_last)
        shares(view, out=filled[: len(view)])
        filled[len(view) :] = 0
        return filled

    def _checked(self, images: Images) -> Tensor:
        """Return the images as (B, C, S, S)."""
        if isinstance(images, np.ndarray) and images.dtype in (np.uint8, np.float32):
            pictures = torch.from_numpy(np.ascontiguousarray(images))
        elif isinstance(images, Tensor) and images.dtype in (torch.uint8, torch.float32):
            pictures = images
        else:
            got = getattr(images, "dtype", type(images).__name__)
            raise BadImages(f"images: expected an array or a tensor of bytes or float32, got {got}")
        shape = tuple(pictures.shape)
        if len(shape) != 4 or not len(pictures) or not self.entry.accepts(shape[1:]):
            raise BadImages(f"images: expected shape (B >= 1, S, S, {self.channels}), got {shape}")
        if pictures.dtype == torch.float32:
            low, high = (float(bound) for bound in pictures.aminmax())
            if not (low >= 0 and high <= 1):  # NaN fails both comparisons
                raise BadImages(f"images: expected values in [0, 1], got {low} to {high}")
        return pictures.permute(0, 3, 1, 2)
