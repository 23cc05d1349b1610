"""Picture by picture: how sure the network is, and how many people agree.

No label stands beside a picture here: whoever looks at the results may still judge it blind.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from evolution.agreement.above_chance import Answered, is_any, tails
from evolution.exhibits.plots import Mark
from evolution.exhibits.results.choices import Choice
from evolution.exhibits.results.shares import Share, summed
from evolution.exhibits.results.tables import is_primary
from evolution.judging.forms import Form
from evolution.services.judging.counting import Cell

NINES = 4  # of the axis: each of its quarters has ten times less doubt
MOST_SHOWN = 400
SIGNIFICANT = 0.025


@dataclass(frozen=True)
class Point:
    """across: 0 to 1, by the network's confidence. is_above: chance, by the chosen definition."""

    individual: int | None
    confidence: float
    share: Share
    is_above: bool

    @property
    def across(self) -> float:
        doubt = max(1 - self.confidence, 10.0**-NINES)
        return -math.log10(doubt) / NINES

    def as_json(self) -> dict[str, Any]:
        of_point = {"individual": self.individual, "confidence": self.confidence}
        return of_point | self.share.as_json() | {"is_above": self.is_above}


@dataclass(frozen=True)
class Scatter:
    """points: pictures with enough answers, the most certain first; of: all that were asked about."""

    points: Sequence[Point]
    of: int
    chance: float | None

    @property
    def ticks(self) -> list[Mark]:
        ends = ("0%", "90%", "99%", "99.9%", "99.99%")
        return [Mark(word, at / NINES) for at, word in enumerate(ends)]


def scatter(choice: Choice, cells: Iterable[Cell]) -> Scatter:
    by_claim: dict[int, list[Cell]] = {}
    for cell in cells:
        if _is_shown(choice, cell):
            by_claim.setdefault(cell.about.claim, []).append(cell)
    above = _above(choice, by_claim)
    points = [
        Point(found[0].about.individual, found[0].about.confidence, share, claim in above)
        for claim, found in by_claim.items()
        if (share := summed(found)).is_enough
    ]
    points.sort(key=lambda point: -point.confidence)
    chances = {point.share.chance for point in points}
    chance = chances.pop() if len(chances) == 1 else None
    return Scatter(points[:MOST_SHOWN], len(by_claim), chance)


def _is_shown(choice: Choice, cell: Cell) -> bool:
    return (
        is_primary(choice, cell)
        and (choice.has_failed or cell.is_counted)
        and choice.network in ("", cell.about.classifier)
    )


def _above(choice: Choice, by_claim: Mapping[int, Sequence[Cell]]) -> set[int]:
    if choice.form == Form.FREE or not by_claim:
        return set()
    rows = [(claim, cell) for claim, found in by_claim.items() for cell in found]
    answered = Answered.summed(
        [claim for claim, _ in rows],
        [cell.chance or 0.0 for _, cell in rows],
        [cell.agreeing for _, cell in rows],
        [cell.told for _, cell in rows],
    )
    is_above = is_any(answered) if choice.above == "any" else tails(answered) < SIGNIFICANT
    return set(np.asarray(sorted(by_claim))[is_above].tolist())
