"""Every classifier that ships with the project. Importing this module does not import torch.

A new network is a new Entry, its architecture in classifiers/networks/ and its weights file in
classifiers/weights/; nothing else has to change.
"""

import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from classifiers.base import BadWeights, UnknownClassifier

if TYPE_CHECKING:
    from classifiers.wrapped import TorchClassifier

WEIGHTS_DIR = Path(__file__).parent / "weights"
DEFAULT_CHUNK = 200

DIGITS = tuple("0123456789")


@dataclass(frozen=True)
class Preprocessing:
    """From an image in [0, 1] to what the network was trained on: image * scale - mean."""

    scale: float
    mean: tuple[float, ...]
    """One value a channel, in the network's own units and channel order."""
    channels: Literal["grey", "rgb", "bgr"]


@dataclass(frozen=True)
class Entry:
    """A classifier before it is loaded: all that a page needs to describe it."""

    name: str
    title: str
    description: str
    dataset: str
    builder: str
    """Where the architecture is: "module:callable", called without arguments."""
    input_shape: tuple[int, int, int]
    """Height, width, channels."""
    labels: tuple[str, ...]
    preprocessing: Preprocessing
    weights: str
    """File name in the weights folder, safetensors."""
    sha256: str
    licence: str
    parameters: int
    measured_error: float | None
    """Share of the data set's test images that this very file gets wrong, measured by us."""
    published_error: float | None
    """The same as its makers published it, where others trained it."""

    @property
    def version(self) -> str:
        """What Classifier.version will be; known without loading."""
        return self.sha256[:12]

    def accepts(self, image_shape: tuple[int, int, int]) -> bool:
        """Whether images of this height, width and number of channels can be classified."""
        return image_shape == self.input_shape


def _lenet(letter: str, *, seed: int, sha256: str, measured_error: float) -> Entry:
    return Entry(
        name=f"lenet-{letter.lower()}",
        title=f"LeNet {letter}",
        description=(
            "Caffe's LeNet, the network that Nguyen, Yosinski & Clune fooled in 2015, "
            f"trained for this project from random weights (seed {seed})."
        ),
        dataset="MNIST",
        builder="classifiers.networks.lenet:LeNet",
        input_shape=(28, 28, 1),
        labels=DIGITS,
        # Caffe scales bytes by 1/256, so white is 255/256; it subtracts no mean in training.
        preprocessing=Preprocessing(scale=255 / 256, mean=(0.0,), channels="grey"),
        weights=f"lenet-{letter.lower()}.safetensors",
        sha256=sha256,
        licence="As this project; trained on MNIST (LeCun, Cortes & Burges)",
        parameters=431_080,
        measured_error=measured_error,
        published_error=None,
    )


_ENTRIES = (
    _lenet(
        "A",
        seed=1,
        sha256="8d3ffb4e866fcab0b8964a9b25daa21ca0e921febba88b15d2d78d5e9f083503",
        measured_error=0.0081,
    ),
    _lenet(
        "B",
        seed=2,
        sha256="f2317e95b38c636d9c8170ee1ea57a22219eedc2bd35d05c724000fb9e771d82",
        measured_error=0.0082,
    ),
)
_BY_NAME = {entry.name: entry for entry in _ENTRIES}


def entries() -> tuple[Entry, ...]:
    """List the whole catalogue, in the order in which pages show it."""
    return _ENTRIES


def entry(name: str) -> Entry:
    """Look one classifier up. Raises UnknownClassifier."""
    try:
        return _BY_NAME[name]
    except KeyError:
        known = ", ".join(_BY_NAME)
        raise UnknownClassifier(f"name: expected one of {known}; got {name!r}") from None


def fitting(input_shape: tuple[int, int, int]) -> tuple[Entry, ...]:
    """List the classifiers that accept images of this (height, width, channels)."""
    return tuple(entry for entry in _ENTRIES if entry.accepts(input_shape))


def load(
    name: str,
    device: str = "cpu",
    chunk: int = DEFAULT_CHUNK,
    *,
    weights_dir: Path = WEIGHTS_DIR,
) -> "TorchClassifier":
    """Build a classifier with its verified weights; imports torch.

    device: a torch device. chunk: how many images go through the network at once. Raises
    UnknownClassifier, BadWeights.
    """
    found = entry(name)
    content = verified_weights(found, weights_dir)
    from classifiers.wrapped import from_weights

    return from_weights(found, content, device=device, chunk=chunk)


@functools.cache
def shared(
    name: str, device: str = "cpu", chunk: int = DEFAULT_CHUNK, weights_dir: Path = WEIGHTS_DIR
) -> "TorchClassifier":
    """Return this process's one copy of a classifier, loaded at the first call."""
    return load(name, device, chunk, weights_dir=weights_dir)


def verified_weights(entry: Entry, weights_dir: Path = WEIGHTS_DIR) -> bytes:
    """Read a weights file and compare it with the catalogue, before anything parses it.

    Raises BadWeights.
    """
    path = weights_dir / entry.weights
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadWeights(f"{entry.name}: expected weights at {path}, got: {error}") from error
    found = hashlib.sha256(content).hexdigest()
    if found != entry.sha256:
        raise BadWeights(
            f"{entry.name}: expected {path} with SHA-256 {entry.sha256}, "
            f"got {len(content)} bytes with {found}"
        )
    return content
