"""Shares of answers that agree with a network, each with its interval and the share by chance."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from evolution.agreement.counts import SMALLEST_SAMPLE
from evolution.agreement.intervals import Interval, interval_of
from evolution.services.judging.counting import Cell, mean_chance

Names = tuple[str, str]  # of a row: what it is, and what else


@dataclass(frozen=True)
class Share:
    """chance: how often guessing agrees, a mean where trials differ; None where nobody knows."""

    agreeing: int
    answers: int
    chance: float | None
    cannot_tell: int = 0

    @property
    def value(self) -> float | None:
        return self.agreeing / self.answers if self.answers else None

    @property
    def interval(self) -> Interval:
        """Exact, 95%, of answers taken as independent."""
        return interval_of(self.agreeing, self.answers)

    @property
    def is_enough(self) -> bool:
        return self.answers >= SMALLEST_SAMPLE

    @property
    def words(self) -> str:
        return "" if self.value is None else whole_percent(self.value)

    @property
    def interval_words(self) -> str:
        return f"{100 * self.interval.low:.0f}–{100 * self.interval.high:.0f}"

    @property
    def chance_words(self) -> str:
        return "" if self.chance is None else chance_percent(self.chance)

    def as_json(self) -> dict[str, Any]:
        return {
            "agreeing": self.agreeing,
            "answers": self.answers,
            "share": self.value,
            "interval": [self.interval.low, self.interval.high],
            "chance": self.chance,
            "cannot_tell": self.cannot_tell,
            "is_enough": self.is_enough,
        }


@dataclass(frozen=True)
class Row:
    """confidence: the network's median over the pictures of the row; None where it has none."""

    name: str
    note: str
    share: Share
    pictures: int
    confidence: float | None

    def as_json(self) -> dict[str, Any]:
        of_row = {"name": self.name, "note": self.note, "pictures": self.pictures}
        return of_row | self.share.as_json() | {"median_confidence": self.confidence}


def whole_percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def chance_percent(chance: float) -> str:
    """50%, 11%, 0.1%: two digits are enough, and one in a thousand is not nothing."""
    return f"{float(f'{100 * chance:.2g}'):g}%"


def two_decimals(value: float) -> str:
    """With a minus that is as long as a digit, and never minus nothing."""
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "−")


def number_of(count: int, one: str, many: str = "") -> str:
    """1 answer, 20 answers; 1 person, 20 people."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def summed(cells: Iterable[Cell]) -> Share:
    found = list(cells)
    answers = sum(cell.told for cell in found)
    return Share(
        agreeing=sum(cell.agreeing for cell in found),
        answers=answers,
        chance=mean_chance((cell.chance, cell.told) for cell in found),
        cannot_tell=sum(cell.asked for cell in found) - answers,
    )


def rows(cells: Iterable[Cell], names: Callable[[Cell], Names]) -> list[Row]:
    """One row for all cells of the same names, in the order of their first."""
    groups: dict[Names, list[Cell]] = defaultdict(list)
    for cell in cells:
        groups[names(cell)].append(cell)
    return [row(name, note, found) for (name, note), found in groups.items()]


def row(name: str, note: str, cells: Sequence[Cell]) -> Row:
    confidences = {cell.about.claim: cell.about.confidence for cell in cells}
    median = float(np.median(list(confidences.values()))) if confidences else None
    return Row(name, note, summed(cells), len(confidences), median)
