"""What every engine offers."""

from typing import Protocol

from torch import Tensor

from classifiers.base import ClassifierError


class NoEngine(ClassifierError):
    """An engine is not installed, or cannot run this network."""


class Running(Protocol):
    """A network with its preprocessing, ready for batches of one size."""

    @property
    def engine(self) -> str:
        """Its name, version and precision: "torch 2.13.0, float32"."""
        ...

    def __call__(self, pictures: Tensor) -> object:
        """Return what the network answers, as a rule (chunk, n_labels) logits.

        pictures: (chunk, C, H, W) float32 in [0, 1], channels last in memory, on the network's
        device. May be called by several threads at once.
        """
        ...
