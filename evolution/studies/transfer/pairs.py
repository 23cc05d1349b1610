"""What one network says of the pictures of another, counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING, Any, NamedTuple

from evolution.studies.base import Finished

if TYPE_CHECKING:
    from evolution.studies.transfer.study import Case

VERY_SURE = 0.99  # Table S1b


class Shown(NamedTuple):
    """A champion: its cell, and the likeliest label in the eyes of both networks."""

    label: int
    individual: int
    own: int
    own_confidence: float
    other: int
    other_confidence: float

    @property
    def is_same(self) -> bool:
        return self.own == self.other

    @property
    def is_believed(self) -> bool:
        """Whether its own network calls it by the class that it was bred for."""
        return self.own == self.label

    @property
    def is_sure(self) -> bool:
        return min(self.own_confidence, self.other_confidence) >= VERY_SURE


@dataclass(frozen=True)
class Pair:
    """Pictures of `own`, shown to `other`."""

    own: str
    other: str
    shown: Sequence[Shown]

    @property
    def same(self) -> list[Shown]:
        """Table S1a: to which both networks give the same label."""
        return [one for one in self.shown if one.is_same]

    @property
    def sure(self) -> int:
        """Table S1b: the same label, and both with 99% or more."""
        return sum(one.is_sure for one in self.same)

    @property
    def higher(self) -> int:
        """Table S1c: of the same label, surer on the network that they were bred against."""
        return sum(one.own_confidence > one.other_confidence for one in self.same)

    @property
    def believed(self) -> list[Shown]:
        return [one for one in self.shown if one.is_believed]


def run_key(case: str, own: str, seed: int) -> str:
    return f"{case} of {own}, seed {seed}"


def question_key(run: str, other: str) -> str:
    return f"{run}, shown to {other}"


def read(case: "Case", finished: Finished) -> list[Pair]:
    """All ordered pairs of a case, with what was answered so far."""
    answered: dict[tuple[str, str], list[Shown]] = {}
    for outcome in finished:
        if outcome.stage == case.stage + 1:
            pair = outcome.arguments["own"], outcome.arguments["other"]
            answered.setdefault(pair, []).extend(_shown(outcome.result))
    return [Pair(*pair, answered.get(pair, [])) for pair in permutations(case.networks, 2)]


def together(pairs: Iterable[Pair]) -> Pair:
    """Several pairs counted as one."""
    found = list(pairs)
    return Pair(
        ", ".join(dict.fromkeys(pair.own for pair in found)),
        ", ".join(dict.fromkeys(pair.other for pair in found)),
        [one for pair in found for one in pair.shown],
    )


def _shown(result: Mapping[str, Any]) -> list[Shown]:
    columns = (result[key] for key in ("labels", "individuals", "own", "other"))
    return [
        Shown(label, one, *own, *other) for label, one, own, other in zip(*columns, strict=True)
    ]
