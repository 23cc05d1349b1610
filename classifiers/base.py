"""What every classifier offers, and how it refuses."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from torch import Tensor

FloatArray = npt.NDArray[np.float32]
Images: TypeAlias = "npt.NDArray[np.uint8] | FloatArray | Tensor"


class ClassifierError(Exception):
    """Anything that this package refuses; the message names what was expected and what came."""


class UnknownClassifier(ClassifierError):
    """No entry of the catalogue has this name."""


class BadWeights(ClassifierError):
    """A weights file is missing, truncated, altered, or made for another network."""


class BadImages(ClassifierError):
    """A batch of images has the wrong type, shape or range."""


class NotInstalled(ClassifierError):
    """A classifier of the catalogue wants something that only its user can get."""


class BadOutput(ClassifierError):
    """A network answered with the wrong number of values, or with something that is no number."""


class NoFeatures(ClassifierError):
    """A network does not tell what its last layer reads."""


class BadDataset(ClassifierError):
    """A data file is missing, truncated, or not the published one."""


class TrainingFailed(ClassifierError):
    """Training was asked for something impossible, or its loss stopped being a number."""


class Classifier(Protocol):
    """Trained networks with their labels and their preprocessing: images in, probabilities out."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str:
        """Changes with the weights: the first 12 hexadecimal digits of a SHA-256."""
        ...

    @property
    def labels(self) -> Sequence[str]: ...

    @property
    def channels(self) -> int:
        """1 for grey images, 3 for red, green and blue."""
        ...

    @property
    def chunk(self) -> int:
        """How many views go through a network at once: its one batch size."""
        ...

    @property
    def device(self) -> str:
        """The torch device of its networks."""
        ...

    @property
    def engine(self) -> str:
        """What runs its networks, with its version and precision: "torch 2.13.0, float32"."""
        ...

    @property
    def notice(self) -> str:
        """One sentence on why another engine is used than the one that was wanted, or nothing."""
        ...

    @property
    def forward_seconds(self) -> float:
        """Time spent in confidences() so far, from images to probabilities in main memory."""
        ...

    def confidences(self, images: Images) -> FloatArray:
        """Say how sure the network is of every label.

        images: (B, S, S, C) bytes, or float32 in [0, 1] in whole steps of 1/255; any size S. A
        NumPy array, or a tensor that already lies on the device. Returns (B, n_labels) float32;
        each row sums to 1 and does not depend on the other rows of the batch. Raises BadImages,
        BadOutput.
        """
        ...

    def with_chunk(self, chunk: int) -> "Classifier":
        """The same classifier, with another batch size."""
        ...
