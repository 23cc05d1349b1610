"""Finished parts of the study of gradient ascent, as pictures of one network and one style."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

from classifiers import catalogue
from evolution.studies.base import Outcome


@dataclass(frozen=True)
class Climbed:
    """The pictures of one network in one style, by start and label.

    pictures: as `ascent_work` keeps them. step: iterations between points of their curves.
    """

    classifier: str
    style: str
    iterations: int
    side: int
    step: int
    pictures: Sequence[Mapping[str, Any]]
    runs: Sequence[tuple[int, int]]  # (seed, run)

    @property
    def confidences(self) -> list[float]:
        return [one["confidence"] for one in self.pictures]

    @property
    def mean(self) -> float:
        return fmean(self.confidences)

    @property
    def labels(self) -> list[int]:
        return list(dict.fromkeys(one["label"] for one in self.pictures))

    @property
    def seeds(self) -> list[int]:
        return sorted({one["seed"] for one in self.pictures})

    @property
    def key(self) -> str:
        """For names of tables, plots and sheets."""
        return f"{self.classifier}-{self.style}".replace("+", "-")

    def at_least(self, confidence: float) -> int:
        return sum(one >= confidence for one in self.confidences)

    def never_above(self, place: int) -> int:
        """How many never came above a threshold on their way. place: among the THRESHOLDS."""
        return sum(one["first_above"][place] is None for one in self.pictures)

    def curve(self) -> list[tuple[float, float]]:
        """The median confidence of all pictures by iteration; who ended early stays where it was."""
        curves = [one["curve"] for one in self.pictures]
        longest = max(map(len, curves))
        filled = [curve + [curve[-1]] * (longest - len(curve)) for curve in curves]
        points = zip(*filled, strict=True)
        last = self.iterations - 1
        return [
            (float(min(number * self.step, last)), median(some))
            for number, some in enumerate(points)
        ]

    def named(self, label: int) -> str:
        labels = catalogue.entry(self.classifier).labels
        return labels[label] if label < len(labels) else f"label {label}"


def gathered(
    classifiers: Sequence[str], styles: Sequence[str], parts: Sequence[Outcome]
) -> list[Climbed]:
    """In the order asked for; what has no finished part is left out."""
    found = []
    for classifier in classifiers:
        for style in styles:
            own = [
                part
                for part in parts
                if (part.arguments["classifier"], part.arguments["style"]) == (classifier, style)
            ]
            if own:
                found.append(_climbed(classifier, style, own))
    return found


def _climbed(classifier: str, style: str, parts: Sequence[Outcome]) -> Climbed:
    first = parts[0].result
    runs = {(part.arguments["seed"], part.result["run"]) for part in parts if part.result["run"]}
    return Climbed(
        classifier,
        style,
        iterations=first["iterations"],
        side=first["side"],
        step=first["step"],
        pictures=[one for part in parts for one in part.result["pictures"]],
        runs=sorted(runs),
    )
