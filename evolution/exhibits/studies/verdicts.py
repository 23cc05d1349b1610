"""Numbers of the paper beside ours: how many hold, and under which conditions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evolution.studies.findings import Comparison


@dataclass(frozen=True)
class Tally:
    holds: int
    differs: int
    open: int

    @property
    def all(self) -> int:
        return self.holds + self.differs + self.open

    @property
    def marks(self) -> list[str]:
        """One a number: those that hold first."""
        return [*["holds"] * self.holds, *["differs"] * self.differs, *["open"] * self.open]

    @property
    def words(self) -> str:
        if not self.all:
            return "no number to compare yet"
        words = f"{self.holds} of {self.all} number{'s' * (self.all > 1)} hold"
        words += "s" if self.all == 1 else ""
        return f"{words}, {self.open} still open" if self.open else words


@dataclass(frozen=True)
class Shown:
    """The comparisons of a study. shared: the conditions, where all have the same."""

    rows: Sequence[Comparison]
    tally: Tally
    shared: str


def tally(comparisons: Iterable[Comparison]) -> Tally:
    found = [one.verdict for one in comparisons]
    return Tally(found.count("holds"), found.count("differs"), found.count("open"))


def shown(comparisons: Sequence[Comparison]) -> Shown:
    conditions = {one.conditions for one in comparisons}
    shared = conditions.pop() if len(conditions) == 1 else ""
    return Shown(comparisons, tally(comparisons), shared)
