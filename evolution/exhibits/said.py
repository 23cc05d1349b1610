"""What people say beside a network's label: how many chose it, of those who were offered two names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from django.db.models import F, Q

from evolution.agreement.counts import SMALLEST_SAMPLE
from evolution.models import Agreement

if TYPE_CHECKING:
    from evolution.exhibits.published_tiles import PublishedTile
    from evolution.exhibits.tiles import Tile

MOST_DOTS = 30  # one an answer; above it there are DOTS of equal shares
DOTS = 20
AnyTile = TypeVar("AnyTile", "Tile", "PublishedTile")


@dataclass(frozen=True, slots=True)
class Counted:
    """So many of so many answers."""

    answers: int
    agreeing: int

    @property
    def share(self) -> float:
        return self.agreeing / self.answers

    @property
    def is_enough(self) -> bool:
        return self.answers >= SMALLEST_SAMPLE

    @property
    def dots(self) -> int:
        return self.answers if self.answers <= MOST_DOTS else DOTS

    @property
    def full_dots(self) -> int:
        return self.agreeing if self.answers <= MOST_DOTS else round(self.share * DOTS)


@dataclass(frozen=True, slots=True)
class Said(Counted):
    """label: the network's, which they chose or not."""

    label: str


def said(individuals: Iterable[int]) -> dict[int, Said]:
    """Of each individual that people were asked about, in one query.

    Of one that a run bred about its own network's label; of one bred by hand about the label that
    the most people were asked about.
    """
    own = Q(
        classifier=F("individual__run__classifier"),
        version=F("individual__run__classifier_version"),
    )
    rows = Agreement.objects.filter(
        own | Q(individual__run__isnull=True), individual__in=list(individuals)
    ).order_by("answers", "pk")  # the last one stays
    return {row.individual_id: Said(row.answers, row.agreeing, row.label) for row in rows}


def joined(tiles: Sequence[AnyTile]) -> list[AnyTile]:
    """The tiles with what people say of them."""
    found = said([tile.individual_id for tile in tiles]) if tiles else {}
    return [replace(tile, people=found.get(tile.individual_id)) for tile in tiles]
