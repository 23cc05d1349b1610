"""What every classifier offers, and how it refuses."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]


class ClassifierError(Exception):
    """Anything that this package refuses; the message names what was expected and what came."""


class UnknownClassifier(ClassifierError):
    """No entry of the catalogue has this name."""


class BadWeights(ClassifierError):
    """A weights file is missing, truncated, altered, or made for another network."""


class BadImages(ClassifierError):
    """A batch of images has the wrong type, shape or range."""


class BadDataset(ClassifierError):
    """A data file is missing, truncated, or not the published one."""


class TrainingFailed(ClassifierError):
    """Training was asked for something impossible, or its loss stopped being a number."""


class Classifier(Protocol):
    """A trained network with its labels and its preprocessing: images in, probabilities out."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str:
        """The first 12 hexadecimal digits of the SHA-256 of the weights file."""
        ...

    @property
    def labels(self) -> Sequence[str]: ...

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """Height, width, channels of one image."""
        ...

    def confidences(self, images: FloatArray) -> FloatArray:
        """Say how sure the network is of every label.

        images: (B, H, W, C) float32 in [0, 1]. Returns (B, n_labels) float32; each row sums to 1
        and does not depend on the other rows of the batch. Raises BadImages.
        """
        ...
