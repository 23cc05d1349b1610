"""LeNet with one label more: "fooling", learnt from pictures that fooled the network before.

Source: Nguyen, Yosinski & Clune 2015, §3.6 to 3.8, §C.1 and Table S2.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from classifiers import descriptions, folders, pictures, training
from classifiers.base import BadDataset, TrainingFailed
from classifiers.datasets import DigitData, LabelledImages
from classifiers.labels import DIGITS
from classifiers.networks.lenet import LeNet

FOOLING = "fooling"
FOOLING_LABEL = len(DIGITS.names)
LABELS = (*DIGITS.names, FOOLING)
SIDE = 28
VALIDATED = 1 / 7  # of a folder's pictures; the paper keeps 1000 of the first 7000

Pictures = npt.NDArray[np.uint8]  # (N, 28, 28)


@dataclass(frozen=True)
class Sizes:
    """How many fooling pictures each network gets. The defaults are the paper's."""

    first: int = 6000
    first_validation: int = 1000
    later: int = 1000
    later_validation: int = 100

    def added(self, network: int) -> tuple[int, int]:
        """Pictures for training and for validation that a network gets anew; network 1 gets none."""
        if network < 2:
            return 0, 0
        first = network == 2
        return (self.first, self.first_validation) if first else (self.later, self.later_validation)

    def total(self, network: int) -> tuple[int, int]:
        """The same, with all that the networks before it got."""
        each = [self.added(number) for number in range(1, network + 1)]
        return sum(train for train, _ in each), sum(validation for _, validation in each)


@dataclass(frozen=True, eq=False)
class Fooling:
    """Pictures that are to be labelled "fooling": to learn from, and to validate with."""

    train: Pictures
    validation: Pictures

    def __post_init__(self) -> None:
        for images in (self.train, self.validation):
            if images.dtype != np.uint8 or images.shape[1:] != (SIDE, SIDE):
                raise BadDataset(
                    f"fooling pictures: expected bytes of shape (N, {SIDE}, {SIDE}), "
                    f"got {images.dtype} of {images.shape}"
                )

    def joined(self, later: "Fooling") -> "Fooling":
        """These and those that were bred against the next network."""
        return Fooling(
            np.concatenate([self.train, later.train]),
            np.concatenate([self.validation, later.validation]),
        )


@dataclass(frozen=True)
class Errors:
    """Shares of pictures that a network gets wrong, 0 to 1; a row of the paper's Table S2."""

    validation: float
    """Of the test digits and the fooling pictures that were kept for validation."""
    digits: float
    """Of the test digits alone."""
    train_images: int
    validation_images: int


def sample(
    first: Pictures, final: Pictures, counts: tuple[int, int], rng: np.random.Generator
) -> Fooling:
    """Draw pictures without replacement, half from archives as they began, half as they ended.

    counts: for training, for validation. Of an odd number the larger half is of final archives.
    Raises TrainingFailed where there are too few.
    """
    train, validation = counts
    begun = _drawn("first", first, (train // 2, validation // 2), rng)
    ended = _drawn("final", final, (train - train // 2, validation - validation // 2), rng)
    return begun.joined(ended)


def from_folder(folder: Path, seed: int) -> Fooling:
    """Read a folder of pictures of 28 x 28; a seventh of them validates. Raises ClassifierError."""
    files = folders.files_of(folder)
    if len(files) < 2:
        raise BadDataset(f"{folder}: expected two or more pictures, got {len(files)}")
    images = np.stack([_picture(path) for path in files])
    order = np.random.default_rng([seed, FOOLING_LABEL]).permutation(len(images))
    kept = max(1, round(len(images) * VALIDATED))
    return Fooling(images[order[kept:]], images[order[:kept]])


def with_fooling(digits: DigitData, fooling: Fooling) -> DigitData:
    """Return the digits and the fooling pictures, which are labelled as such."""
    return DigitData(
        _joined(digits.train, fooling.train),
        _joined(digits.test, fooling.validation),
        digits.sha256,
    )


def retrain(
    digits: DigitData,
    fooling: Fooling,
    seed: int,
    *,
    iterations: int = 10_000,
    progress: training.Progress | None = None,
) -> training.Training:
    """Train a LeNet of eleven labels from random weights. Raises TrainingFailed.

    progress: called every 100 iterations; what it raises ends the training.
    """
    data = with_fooling(digits, fooling)
    return training.train_lenet(
        data, seed, iterations=iterations, n_labels=len(LABELS), progress=progress
    )


def errors(network: LeNet, digits: DigitData, fooling: Fooling) -> Errors:
    """Measure a network as the paper's Table S2 does."""
    data = with_fooling(digits, fooling)
    return Errors(
        training.error_rate(network, data.test),
        training.error_rate(network, digits.test),
        len(data.train),
        len(data.test),
    )


def cost(iterations: int, seconds_per_thousand: float = 8.6) -> float:
    """Estimate the seconds of a training, its tests included.

    8.6 s for 1000 iterations of 64 pictures: one thread, AVX-512 (docs/training.md).
    """
    return iterations / 1000 * seconds_per_thousand


def check_name(name: str) -> None:
    """Raise BadDataset unless a network may be called so."""
    if not descriptions.NAME.fullmatch(name):
        raise BadDataset(
            f"name: expected up to 41 small letters, digits and hyphens, got {name[:80]!r}"
        )


def publish(trained: training.Training, folder: Path, name: str, title: str) -> None:
    """Put a network among an operator's own, where it is found at once. Raises BadDataset.

    The description comes last: a network without one is not listed.
    """
    check_name(name)
    folder.mkdir(parents=True, exist_ok=True)
    training.save(trained, folder / f"{name}.safetensors")
    draft = folder / f"{name}.toml.part"
    draft.write_text(_description(trained, name, title), encoding="utf-8")
    draft.replace(folder / f"{name}.toml")


def _description(trained: training.Training, name: str, title: str) -> str:
    record = trained.record
    text = (
        f"Caffe's LeNet, trained from random weights (seed {record.seed}) on "
        f"{record.train_images:,} pictures: MNIST's digits, and pictures that fooled networks."
    )
    return (
        f"title = {json.dumps(title)}\ndescription = {json.dumps(text)}\n"
        f'dataset = "MNIST"\narchitecture = "lenet"\nfile = "{name}.safetensors"\n'
        f"labels = {json.dumps(LABELS)}\nuntargeted = 1\n"
        "input_size = 28\ncanvas = 32\nbatch = 50\n"
        'output = "logits"\nlicence = "Trained on MNIST (LeCun, Cortes & Burges)"\n\n'
        f'[preprocessing]\ncolours = "grey"\nscale = {255 * training.INPUT_SCALE}\nmean = [0.0]\n'
        "std = [1.0]\n"
    )


def _drawn(
    origin: str, pool: Pictures, counts: tuple[int, int], rng: np.random.Generator
) -> Fooling:
    train, both = counts[0], sum(counts)
    if both > len(pool):
        raise TrainingFailed(
            f"fooling pictures: expected at least {both:,} of {origin} archives, got {len(pool):,}"
        )
    order = rng.permutation(len(pool))
    return Fooling(pool[order[:train]], pool[order[train:both]])


def _picture(path: Path) -> npt.NDArray[np.uint8]:
    pixels = pictures.read(path, 1)
    if pixels.shape[:2] != (SIDE, SIDE):
        raise BadDataset(f"{path}: expected {SIDE} x {SIDE} pixels, got {pixels.shape[:2]}")
    whole: Pictures = np.rint(pixels[:, :, 0] * np.float32(255)).astype(np.uint8)
    return whole


def _joined(digits: LabelledImages, fooling: Pictures) -> LabelledImages:
    labels = np.full(len(fooling), FOOLING_LABEL, np.int64)
    return LabelledImages(
        np.concatenate([digits.images, fooling]), np.concatenate([digits.labels, labels])
    )
