"""What is known of a classifier before it is loaded: all that a page needs to describe it."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from classifiers.base import ClassifierError
from classifiers.labels import LabelSet

Colours = Literal["grey", "rgb", "bgr"]
Output = Literal["logits", "probabilities"]
Shape = tuple[int, int, int]

JOINT = "+"  # between the names of an ensemble's members
VERSION_DIGITS = 12
CHUNK_ON_GPU = 256
PROGRAMS = (".pt2", ".onnx")  # files that hold an architecture and its weights in one


@dataclass(frozen=True)
class Preprocessing:
    """From an image in [0, 1] to what the network was trained on: (image * scale - mean) / std."""

    scale: float
    """1 for networks that want [0, 1], 255 for those that want bytes."""
    mean: tuple[float, ...]
    """One value a channel, in scaled units and in the network's own channel order."""
    colours: Colours
    std: tuple[float, ...] = (1.0,)
    """Likewise; one value serves all channels."""

    @property
    def channels(self) -> int:
        return 1 if self.colours == "grey" else 3


@dataclass(frozen=True)
class Accuracy:
    """Shares of the data set's held-out images that the network gets wrong (top-1)."""

    measured_error: float | None = None
    """Of this very file, measured by us."""
    published_error: float | None = None
    """As its makers published it, where others trained it."""


@dataclass(frozen=True)
class Weights:
    """One file, and what it must hold.

    sha256: of its content, or the leading digits that its makers published.
    package: the installed package that brings it; None for the weights folder.
    fetch: what a person has to do where the file does not come with the project.
    folder: where the file lies if an operator brought it.
    """

    file: str
    sha256: str
    licence: str
    package: str | None = None
    fetch: str = ""
    folder: Path | None = None


@dataclass(frozen=True)
class Entry:
    """One network: where its architecture and its weights are, and how it wants its pictures."""

    name: str
    title: str
    description: str
    dataset: str
    builder: str
    """Where the architecture is: "module:callable", called with n_labels; empty for a program."""
    input_size: int
    """The side, in pixels, of the square that the network sees."""
    canvas: int
    """The side to which a picture is brought before ten crops are cut from it."""
    label_set: LabelSet
    preprocessing: Preprocessing
    weights: Weights
    accuracy: Accuracy
    chunk: int
    """Views that go through the network at once on a CPU."""
    parameters: int = 0
    """0 for an operator's own network, whose parameters nobody counted."""
    multiply_adds: int = 0
    """Of one view, counted in convolutions and matrix products; likewise."""
    description_digest: str = ""
    """Of an operator's own description, which decides about answers as the weights do."""
    output: Output = "logits"
    ignored: tuple[str, ...] = ()
    """Leading parts of the names of weights that the architecture has no use for."""
    untargeted: int = 0
    """How many of the last labels no evolution aims at: 1 where the last one is "fooling"."""

    @property
    def version(self) -> str:
        """What Classifier.version will be; known without loading."""
        if not self.description_digest:
            return self.weights.sha256[:VERSION_DIGITS]
        both = f"{self.weights.sha256}{self.description_digest}"
        return hashlib.sha256(both.encode()).hexdigest()[:VERSION_DIGITS]

    @property
    def labels(self) -> tuple[str, ...]:
        return self.label_set.names

    @property
    def targets(self) -> tuple[str, ...]:
        """The labels that evolution aims at: all, or the first so many."""
        return self.labels[: len(self.labels) - self.untargeted]

    @property
    def channels(self) -> int:
        return self.preprocessing.channels

    @property
    def members(self) -> "tuple[Entry, ...]":
        return (self,)

    def accepts(self, image_shape: Shape) -> bool:
        """Whether images of this height, width and number of channels can be classified."""
        return _accepts(self.channels, image_shape)


@dataclass(frozen=True)
class Ensemble:
    """The mean of several classifiers as a classifier of its own.

    Source: Nguyen, Yosinski & Clune 2015, supplement §B.
    """

    members: tuple[Entry, ...]

    def __post_init__(self) -> None:
        names = [member.name for member in self.members]
        if len(names) < 2 or len(set(names)) != len(names):
            raise ClassifierError(
                f"members: expected two or more different ones, got {JOINT.join(names)}"
            )
        if len({member.labels for member in self.members}) != 1:
            raise ClassifierError(
                f"members: expected networks with the same labels, got {JOINT.join(names)}"
            )
        if len({member.untargeted for member in self.members}) != 1:
            raise ClassifierError(
                f"members: expected networks with the same targets, got {JOINT.join(names)}"
            )
        if len({member.channels for member in self.members}) != 1:
            raise ClassifierError(
                f"members: expected networks that see the same colours, got {JOINT.join(names)}"
            )

    @property
    def name(self) -> str:
        return JOINT.join(member.name for member in self.members)

    @property
    def title(self) -> str:
        return "Mean of " + ", ".join(member.title for member in self.members)

    @property
    def description(self) -> str:
        return "The mean of the confidences of its members (Nguyen, Yosinski & Clune 2015, §B)."

    @property
    def dataset(self) -> str:
        return self.members[0].dataset

    @property
    def label_set(self) -> LabelSet:
        return self.members[0].label_set

    @property
    def labels(self) -> tuple[str, ...]:
        return self.label_set.names

    @property
    def targets(self) -> tuple[str, ...]:
        return self.members[0].targets

    @property
    def version(self) -> str:
        """Changes with the weights of any member."""
        versions = JOINT.join(member.version for member in self.members)
        return hashlib.sha256(versions.encode()).hexdigest()[:VERSION_DIGITS]

    @property
    def channels(self) -> int:
        return self.members[0].channels

    @property
    def chunk(self) -> int:
        return min(member.chunk for member in self.members)

    @property
    def parameters(self) -> int:
        return sum(member.parameters for member in self.members)

    @property
    def multiply_adds(self) -> int:
        return sum(member.multiply_adds for member in self.members)

    def accepts(self, image_shape: Shape) -> bool:
        """Whether images of this height, width and number of channels can be classified."""
        return _accepts(self.channels, image_shape)


AnyEntry = Entry | Ensemble


def _accepts(channels: int, image_shape: Shape) -> bool:
    height, width, depth = image_shape
    return height == width >= 1 and depth == channels
