"""What was measured of champions with repeated elements, read and summed up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import wilcoxon

from evolution.studies.base import Finished

Values = NDArray[np.float64]
DROP = 0.01  # of its confidence: less is called no drop
FEWEST = 6  # champions; of fewer Wilcoxon's test cannot come below 0.05


@dataclass(frozen=True)
class Row:
    """A champion. removed, control: confidences in its label, of each step; left: its elements."""

    part: str
    label: int
    individual: int
    left: Sequence[int]
    removed: Sequence[float]
    control: Sequence[float]
    changed: Sequence[float]
    control_changed: Sequence[float]
    picture: int | None

    @property
    def elements(self) -> int:
        return self.left[0]

    @property
    def half(self) -> int:
        """The first step that has at most half of the elements."""
        return next(step for step, count in enumerate(self.left) if 2 * count <= self.elements)

    @property
    def last(self) -> int:
        """The last step that has an element."""
        return max(step for step, count in enumerate(self.left) if count > 0)

    def relative(self, values: Sequence[float]) -> list[float]:
        """Confidences as shares of that in the whole picture."""
        return [value / max(self.removed[0], 1e-12) for value in values]

    def at_share(self, values: Sequence[float], removed: float) -> float:
        """Relative confidence when so large a share of the elements is gone, interpolated."""
        shares = [1 - count / self.elements for count in self.left]
        return float(np.interp(removed, shares, self.relative(values)))


@dataclass(frozen=True)
class Measured:
    """champions: examined ones, with and without repetition. left_out: those that are not drawable."""

    rows: Sequence[Row]
    champions: int
    left_out: int
    parts: int
    classifier: str

    def halved(self, values: Callable[[Row], Sequence[float]]) -> Values:
        """Relative confidences with half of the elements gone, of each champion."""
        return np.array([row.relative(values(row))[row.half] for row in self.rows])

    @cached_property
    def removed(self) -> Values:
        return self.halved(lambda row: row.removed)

    @cached_property
    def control(self) -> Values:
        return self.halved(lambda row: row.control)

    @cached_property
    def p(self) -> float | None:
        """Of Wilcoxon's signed-rank test: drops are no larger than the control's, one-sided."""
        if len(self.rows) < FEWEST or not np.any(self.removed != self.control):
            return None
        return float(wilcoxon(self.removed, self.control, alternative="less").pvalue)

    @property
    def dropped(self) -> int:
        return int((self.removed < 1 - DROP).sum())

    @property
    def control_dropped(self) -> int:
        return int((self.control < 1 - DROP).sum())


def read(finished: Finished) -> Measured:
    """Sum up the parts that have been worked off."""
    outcomes = [outcome for outcome in finished if outcome.stage == 1]
    return Measured(
        rows=[_row(outcome.key, one) for outcome in outcomes for one in outcome.result["rows"]],
        champions=sum(outcome.result["champions"] for outcome in outcomes),
        left_out=sum(outcome.result["left_out"] for outcome in outcomes),
        parts=len(outcomes),
        classifier=outcomes[0].arguments["classifier"] if outcomes else "",
    )


def _row(part: str, stored: dict[str, Any]) -> Row:
    names = ("label", "individual", "left", "removed", "control", "changed", "control_changed")
    return Row(part=part, **{name: stored[name] for name in names}, picture=stored["picture"])
