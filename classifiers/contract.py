"""What every classifier promises, tried on the classifier itself; for people who bring one."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from classifiers import catalogue
from classifiers.base import Classifier, ClassifierError, FloatArray
from classifiers.entries import AnyEntry
from classifiers.places import HERE, Place

PICTURES = 4  # of a question, and of a pass through the network: enough to see each other
LARGE = 256  # the side of the pictures that runs breed in colour
CLOSE = 1e-5
SECONDS = 1.0  # of the measurement of speed


@dataclass(frozen=True)
class Finding:
    """One promise: kept or not, what was seen, and what to do about it."""

    promise: str
    kept: bool
    seen: str = ""
    advice: str = ""


class _Broken(Exception):
    """A promise was not kept: what was seen, and what to do about it."""

    def __init__(self, seen: str, advice: str) -> None:
        super().__init__(seen)
        self.seen, self.advice = seen, advice


def findings(name: str, place: Place = HERE) -> Iterator[Finding]:
    """Yield what is found of each promise; the first broken one on the way to an answer ends it."""
    try:
        entry = catalogue.entry(name)
    except ClassifierError as error:
        yield Finding("description is valid", False, str(error), _ADVICE["description"])
        return
    licences = "; ".join(dict.fromkeys(member.weights.licence for member in entry.members))
    found = f"{entry.title}, {len(entry.labels)} labels, licence: {licences}"
    yield Finding("description is valid", True, found)
    kept: dict[str, Classifier] = {}

    def load() -> str:
        kept["classifier"] = found = catalogue.load(name, place, chunk=PICTURES)
        return " ".join(filter(None, (f"on {place.device}, {found.engine}", found.notice)))

    first_steps: list[tuple[str, Callable[[], str], str]] = [
        ("files are there, with the right hash", lambda: _files(entry, place.weights_dir), "files"),
        ("loads", load, "loads"),
        ("one output a label", lambda: _outputs(kept["classifier"], entry), "outputs"),
    ]
    for promise, try_out, advice in first_steps:
        finding = _finding(promise, try_out, advice)
        yield finding
        if not finding.kept:
            return
    classifier = kept["classifier"]
    for promise, examine, advice in _PROMISES:
        yield _finding(promise, partial(examine, classifier, entry), advice)
    yield _finding("accepts ten crops", lambda: _ten_crops(name, entry, place), "ten crops")
    yield _finding("speed", lambda: _speed(name, entry, place), "answers")


def _finding(promise: str, try_out: Callable[[], str], advice: str) -> Finding:
    try:
        return Finding(promise, True, try_out())
    except _Broken as broken:
        return Finding(promise, False, broken.seen, broken.advice)
    except ClassifierError as error:
        return Finding(promise, False, str(error), _ADVICE[advice])


def _files(entry: AnyEntry, weights_dir: Path) -> str:
    seen = []
    for member in entry.members:
        content = catalogue.verified_weights(member, weights_dir)
        seen.append(f"{member.weights.file} ({len(content):,} bytes)")
    return f"{', '.join(seen)}, version {entry.version}"


def _outputs(classifier: Classifier, entry: AnyEntry) -> str:
    shape = classifier.confidences(_noise(entry, 1)).shape
    return f"{shape[1]} outputs for {len(entry.labels)} labels"


def _sums(classifier: Classifier, entry: AnyEntry) -> str:
    answers = classifier.confidences(_noise(entry, PICTURES))
    furthest = float(np.abs(answers.sum(axis=1) - 1).max())
    if furthest > 1e-3 or (answers < 0).any():
        raise _Broken(f"off by {furthest:.2g}", _ADVICE["answers"])
    return f"off by {furthest:.1g} at most"


def _finite(classifier: Classifier, entry: AnyEntry) -> str:
    black = np.zeros_like(_noise(entry, 1))
    classifier.confidences(np.concatenate([black, black + 1]))
    return "also for a black and for a white picture"


def _batch(classifier: Classifier, entry: AnyEntry) -> str:
    pictures = _noise(entry, PICTURES)
    together = classifier.confidences(pictures)
    alone = np.concatenate([classifier.confidences(picture[None]) for picture in pictures])
    furthest = float(np.abs(together - alone).max())
    if furthest > CLOSE:
        raise _Broken(f"answers differ by up to {furthest:.2g}", _ADVICE["eval"])
    return "bit for bit" if furthest == 0 else f"answers differ by {furthest:.1g}"


def _deterministic(classifier: Classifier, entry: AnyEntry) -> str:
    pictures = _noise(entry, PICTURES)
    first, second = (classifier.confidences(pictures) for _ in range(2))
    if first.tobytes() != second.tobytes():
        difference = float(np.abs(first - second).max())
        raise _Broken(f"the same pictures, twice: off by {difference:.2g}", _ADVICE["eval"])
    return "the same pictures, twice: the same answers"


def _eval_mode(classifier: Classifier, _: AnyEntry) -> str:
    members = getattr(classifier, "members", [classifier])
    for member in members:
        if any(module.training for module in member.network.modules()):
            raise _Broken(f"{member.name} is in training mode", _ADVICE["eval"])
    return "no layer behaves as in training"


def _large(classifier: Classifier, entry: AnyEntry) -> str:
    classifier.confidences(_noise(entry, 1, LARGE))
    sides = ", ".join(str(member.input_size) for member in entry.members)
    return f"scaled to {sides} pixels"


def _ten_crops(name: str, entry: AnyEntry, place: Place) -> str:
    cut = catalogue.load(name, place, crops="ten", chunk=1)
    cut.confidences(_noise(entry, 1, LARGE))
    sides = ", ".join(f"{member.input_size} of {member.canvas}" for member in entry.members)
    return f"{sides} pixels"


def _speed(name: str, entry: AnyEntry, place: Place) -> str:
    classifier = catalogue.load(name, place)
    pictures = _noise(entry, classifier.chunk)
    began, count = time.perf_counter(), 0
    while time.perf_counter() - began < SECONDS:
        classifier.confidences(pictures)
        count += len(pictures)
    pace = count / (time.perf_counter() - began)
    return f"{pace:,.1f} pictures/s on this machine, {classifier.chunk} at once"


def _noise(entry: AnyEntry, count: int, side: int | None = None) -> FloatArray:
    """Return (count, S, S, C) pictures of whole steps of 1/255."""
    side = side or entry.members[0].input_size
    rng = np.random.default_rng(0)
    shades = rng.integers(0, 256, (count, side, side, entry.channels))
    return shades.astype(np.float32) / np.float32(255)


_PROMISES: list[tuple[str, Callable[[Classifier, AnyEntry], str], str]] = [
    ("confidences sum to 1", _sums, "answers"),
    ("confidences are finite", _finite, "answers"),
    ("an answer does not depend on the batch", _batch, "eval"),
    ("answers are the same each time", _deterministic, "eval"),
    ("eval mode", _eval_mode, "eval"),
    (f"accepts pictures of {LARGE} pixels", _large, "answers"),
]
_ADVICE = {
    "description": "Correct the description; docs/adding-a-classifier.md explains every key.",
    "files": "Put the file where the message says, as its makers published it.",
    "loads": "Export the network again as docs/adding-a-classifier.md shows.",
    "outputs": "Compare labels, output, input_size and the architecture with the network.",
    "answers": "Compare output, scale, mean and std with what the network was trained on.",
    "eval": "Call network.eval() before the export, and export without random operations.",
    "ten crops": "canvas must not be smaller than input_size.",
}
