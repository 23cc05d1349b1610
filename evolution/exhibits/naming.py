"""What pages call things: runs, classifiers, labels. Old runs may name classifiers that are gone."""

from collections.abc import Mapping, Sequence
from typing import Any

from classifiers import catalogue
from classifiers.base import ClassifierError
from classifiers.entries import AnyEntry
from classifiers.labels import LabelSet

ENCODINGS = {"cppn": "CPPN", "direct": "direct", "ascent": "gradient ascent"}
ASCENT = "ascent"  # encoding and algorithm of runs that climb a gradient: their cells are few
OF_PIXELS = ("direct", ASCENT)  # what is drawn finely shows no more
LARGEST_THUMBNAIL = 64  # pixels; what a live update inlines
SPOKEN_WITH_A_VOWEL = ("a", "e", "i", "o", "u", "8", "11", "18")


def classifier_title(name: str) -> str:
    found = _entry(name)
    return found.title if found else name


def dataset(classifier: str) -> str:
    """What the classifier was trained on; empty for one that is gone."""
    found = _entry(classifier)
    return found.dataset if found else ""


def labels(classifier: str) -> Sequence[str]:
    found = _entry(classifier)
    return found.labels if found else ()


def targets(classifier: str) -> Sequence[str]:
    """The labels that evolution aims at: all but such as "fooling"."""
    found = _entry(classifier)
    return found.targets if found else ()


def label_set(classifier: str) -> LabelSet | None:
    found = _entry(classifier)
    return found.label_set if found else None


def label(classifier: str, index: int) -> str:
    known = labels(classifier)
    return known[index] if index < len(known) else f"label {index}"


def groups(classifier: str) -> Sequence[str]:
    """The super-class of every label; empty where labels have none."""
    found = _entry(classifier)
    return (found.label_set.groups or ()) if found else ()


def side(parameters: Mapping[str, Any]) -> int:
    """The side, in pixels, of a thumbnail: the whole picture, unless that is large."""
    return min(int(parameters["encoding"]["image_size"]), LARGEST_THUMBNAIL)


def run_heading(classifier: str, encoding: str, parameters: Mapping[str, Any]) -> str:
    """What is bred, against what, in few words: MNIST, CPPN."""
    found = _entry(classifier)
    parts = [found.dataset if found else classifier, ENCODINGS.get(encoding, encoding)]
    aim = target(parameters)
    return ", ".join(parts if aim is None else [*parts, f"only {label(classifier, aim)}"])


def n_cells(classifier: str, parameters: Mapping[str, Any]) -> int:
    """The size of an archive: one cell a label, or the population of a single target."""
    algorithm = parameters.get("algorithm", {})
    if algorithm.get("kind") == "single-target":
        return int(algorithm["size"])
    return len(labels(classifier))


def target(parameters: Mapping[str, Any]) -> int | None:
    """The label index that a single-target run aims at; None where every cell is another label."""
    algorithm = parameters.get("algorithm", {})
    return algorithm["target"] if algorithm.get("kind") == "single-target" else None


def with_article(name: str) -> str:
    """A 3, an 8, a stethoscope, an abacus."""
    return f"{'an' if name.lower().startswith(SPOKEN_WITH_A_VOWEL) else 'a'} {name}"


def _entry(classifier: str) -> AnyEntry | None:
    try:
        return catalogue.entry(classifier)
    except ClassifierError:
        return None
