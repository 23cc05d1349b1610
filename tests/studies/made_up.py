"""Finished runs as a study keeps them, with numbers that can be checked by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

from evolution.studies.base import Finished, Outcome


def outcome(key: str, confidences: Mapping[int, float], **kept: Any) -> Outcome:
    """What `champions.summary` keeps of a run, with champions by label; run: its number."""
    number = kept.pop("run", 1)
    labels = sorted(confidences)
    result = {
        "labels": labels,
        "confidences": [confidences[label] for label in labels],
        "individuals": [1000 * number + label for label in labels],
        "believed": [7 if confidences[label] >= 0.9999 else None for label in labels],
        "generation": 9,
        "evaluations": 4000,
        "seconds": 20.0,
        "median": 0.5,
        "medians": [[0, 0.1], [9, 0.5]],
        **kept,
    }
    return Outcome(key, 0, {}, result, number, 20.0)


def finished(*outcomes: Outcome) -> Finished:
    return Finished(outcomes)


def history(thousandths: Sequence[Sequence[int]], generations: Sequence[int]) -> dict[str, Any]:
    return {"generations": list(generations), "thousandths": [list(row) for row in thousandths]}
