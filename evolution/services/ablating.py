"""What a network says of a picture whose parts were masked: by a method, or by a visitor's hand.

§3.4, Fig. 10 of the paper. Torch is imported when the first question comes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from classifiers import catalogue
from classifiers.base import FloatArray
from classifiers.places import Crops
from evolution.measures.removal import series
from evolution.measures.repetition import Repetition, repetition
from evolution.services import predicting

Bytes = npt.NDArray[np.uint8]
Beat = Callable[[], object]
AT_ONCE = {"whole": 16, "ten": 2}  # pictures between two heartbeats


@dataclass(frozen=True)
class Ablation:
    """A champion whose repeated elements were removed.

    left: elements that each step still has, all of them first. removed and control: (steps,
    n_labels) confidences. changed and control_changed: mean change of a value, 0-1, each step.
    pictures: (steps, S, S, C) with elements removed.
    """

    repetition: Repetition
    left: list[int]
    removed: FloatArray
    control: FloatArray
    changed: list[float]
    control_changed: list[float]
    pictures: Bytes


def ablate(picture: Bytes, classifier: str, crops: Crops, most: int, beat: Beat) -> Ablation | None:
    """Remove what a picture repeats in at most so many steps; None if it repeats nothing.

    picture: (S, S, C). Random places of the control are the same each time.
    Raises ClassifierError, InvalidInput, and what `beat` raises.
    """
    found = repetition(picture / 255.0)
    beat()
    if found is None:
        return None
    steps = series(picture / 255.0, found.elements, most, np.random.default_rng(0))
    beat()
    removed, control = _bytes(steps.removed), _bytes(steps.control)
    said = _said(np.concatenate([removed, control[1:]]), classifier, crops, beat)
    return Ablation(
        repetition=found,
        left=list(steps.left),
        removed=said[: len(removed)],
        control=np.concatenate([said[:1], said[len(removed) :]]),
        changed=_changes(removed),
        control_changed=_changes(control),
        pictures=removed,
    )


def _bytes(pictures: Sequence[npt.NDArray[np.float64]]) -> Bytes:
    rounded: Bytes = np.rint(np.stack(pictures) * 255).astype(np.uint8)
    return rounded


def _changes(pictures: Bytes) -> list[float]:
    first = pictures[0].astype(np.float64)
    return [float(np.abs(one - first).mean() / 255) for one in pictures]


def _said(pictures: Bytes, classifier: str, crops: Crops, beat: Beat) -> FloatArray:
    """Ask about many pictures, some at a time: (B, n_labels)."""
    entry = catalogue.entry(classifier)
    seen = predicting.as_seen_by(entry, pictures)
    answers = []
    for start in range(0, len(seen), AT_ONCE[crops]):
        answers.append(predicting.answers(entry, seen[start : start + AT_ONCE[crops]], crops))
        beat()
    return np.concatenate(answers)
