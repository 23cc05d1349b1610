"""How sure a network is of photographs and digits whose labels are known.

Source: Nguyen, Yosinski & Clune 2015, supplement §F.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from classifiers import folders
from classifiers.base import BadDataset, Classifier, FloatArray
from classifiers.datasets import LabelledImages
from classifiers.folders import Labelled
from classifiers.pictures import BadPicture

AT_ONCE = 64  # pictures in memory
SIDE = 256  # as the paper brings photographs to, and as those that are bred
MOST_NAMED = 20  # damaged pictures whose message is kept

Progress = Callable[[int, int], object]
"""Called with (pictures done, pictures in all). What it raises ends the work."""


class Medians(NamedTuple):
    """Of the confidence in the first label; NaN where there is no such picture."""

    all: float
    right: float
    wrong: float


@dataclass(frozen=True, eq=False)
class Answers:
    """What a network says of pictures, in their order.

    confidences: (N,) in its first label. guesses, labels: (N,) that label, and the right one.
    damaged: how many pictures could not be read; reasons: of the first of them.
    """

    confidences: FloatArray
    guesses: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int64]
    damaged: int = 0
    reasons: tuple[str, ...] = ()

    @property
    def right(self) -> npt.NDArray[np.bool_]:
        """(N,) whether the first label is the right one."""
        return np.equal(self.guesses, self.labels)

    @property
    def error(self) -> float:
        """The share of the pictures that it gets wrong, 0 to 1."""
        return float(1 - self.right.mean())

    @property
    def medians(self) -> Medians:
        right = self.right
        parts = (self.confidences, self.confidences[right], self.confidences[~right])
        return Medians(*(float(np.median(part)) if len(part) else float("nan") for part in parts))


def of_images(
    classifier: Classifier, images: LabelledImages, progress: Progress | None = None
) -> Answers:
    """Ask about grey images in memory, MNIST's test digits for one."""
    said = []
    for start in range(0, len(images), AT_ONCE):
        part = images.images[start : start + AT_ONCE, :, :, None].copy()  # files are read-only
        said.append(classifier.confidences(part))
        if progress:
            progress(start + len(part), len(images))
    return _answers(said, images.labels)


def of_files(
    classifier: Classifier,
    files: Sequence[Labelled],
    progress: Progress | None = None,
    side: int = SIDE,
) -> Answers:
    """Ask about picture files, a few at a time; damaged ones are counted and left out.

    side: what each centred square is brought to. Raises BadDataset where none can be read.
    """
    reading = _Reading(side, classifier.channels)
    said: list[FloatArray] = []
    for start in range(0, len(files), AT_ONCE):
        some = files[start : start + AT_ONCE]
        if shown := list(reading.squares(some)):
            said.append(classifier.confidences(np.stack(shown)))
        if progress:
            progress(start + len(some), len(files))
    if not said:
        raise BadDataset(f"pictures: expected one that can be read, got {reading.words()}")
    return _answers(said, np.array(reading.labels), reading.damaged, tuple(reading.reasons))


@dataclass
class _Reading:
    """Reads pictures, and remembers which could not be read."""

    side: int
    channels: int
    labels: list[int] = field(default_factory=list)
    damaged: int = 0
    reasons: list[str] = field(default_factory=list)

    def squares(self, files: Sequence[Labelled]) -> Iterator[npt.NDArray[np.uint8]]:
        for file in files:
            if (pixels := self._square(file.path)) is not None:
                self.labels.append(file.label)
                yield pixels

    def words(self) -> str:
        return self.reasons[0] if self.reasons else "none"

    def _square(self, path: Path) -> npt.NDArray[np.uint8] | None:
        try:
            return folders.square(path, self.side, self.channels)
        except BadPicture as error:
            self.damaged += 1
            if len(self.reasons) < MOST_NAMED:
                self.reasons.append(str(error))
            return None


def _answers(
    said: list[FloatArray],
    labels: npt.NDArray[np.int64],
    damaged: int = 0,
    reasons: tuple[str, ...] = (),
) -> Answers:
    rows = np.concatenate(said)
    return Answers(rows.max(axis=1), rows.argmax(axis=1), labels, damaged, reasons)
