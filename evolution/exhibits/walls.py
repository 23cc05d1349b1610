"""The one wall: what people published beside the present holders of all runs, in one order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from evolution.exhibits import searching, vocabularies, wall_orders
from evolution.exhibits.filters import WORTH_SHOWING
from evolution.exhibits.published_tiles import PublishedTile, published, surest_confidence
from evolution.exhibits.said import joined
from evolution.exhibits.tiles import Tile, tiles
from evolution.exhibits.wall_filters import PERSONS, Filters
from evolution.models import Elite, Publication

PAGE = 60
NETWORK, PERSON = 0, 1  # of pictures that are equal in the order, people's come first


@dataclass(frozen=True, order=True)
class Place:
    """Where a picture hangs: the wall is in falling order of places. Also the mark of a page's end.

    tie: the row that has the value, see `wall_orders`. number: of the picture.
    """

    value: datetime | float
    kind: int
    tie: int
    number: int

    def beyond(self, kind: int) -> Q:
        """Pictures of a kind that hang after this place."""
        if kind > self.kind:
            return Q(value__lt=self.value)
        if kind < self.kind:
            return Q(value__lte=self.value)
        return Q(value__lt=self.value) | Q(value=self.value, pk__lt=self.tie)

    def __str__(self) -> str:
        return f"{PERSONS if self.kind == PERSON else ''}{self.number}"


@dataclass(frozen=True)
class Page:
    tiles: Sequence[Tile | PublishedTile]
    older: str  # the query string of what follows; empty at the end


def page(filters: Filters) -> Page:
    mark = _marked(filters) if filters.after else None
    places = sorted(
        (place for kind in _kinds(filters) for place in _places(kind, filters, mark)),
        reverse=True,
    )
    older = filters.query(after=str(places[PAGE - 1])) if len(places) > PAGE else ""
    return Page(_hung(places[:PAGE]), older)


def count(filters: Filters) -> int:
    return sum(_found(kind, filters).count() for kind in _kinds(filters))


def elites(filters: Filters) -> QuerySet[Elite]:
    found = Elite.objects.champions()
    if filters.run:
        found = found.filter(run=int(filters.run))
    if filters.classifier:
        found = found.filter(run__classifier=filters.classifier)
    if filters.encoding:
        found = found.filter(run__encoding=filters.encoding)
    if filters.label or filters.group:
        found = found.filter(_means(filters.label, filters.group))
    return found.filter(confidence__gte=float(filters.least) / 100)


def publications(filters: Filters) -> QuerySet[Publication]:
    """People's pictures. What no network claims anything of hangs here too, unless more is asked."""
    found = Publication.objects.public()
    least = float(filters.least) / 100
    if filters.label:
        found = found.filter(searching.first_label_means(filters.label, least))
    elif least > WORTH_SHOWING:
        found = found.alias(surest=surest_confidence()).filter(surest__gte=least)
    return found


def _kinds(filters: Filters) -> list[int]:
    asked = {NETWORK: filters.has_networks, PERSON: filters.has_people}
    return [kind for kind in asked if asked[kind]]


def _found(kind: int, filters: Filters) -> QuerySet[Any]:
    """Everything of a kind that fits, in rows with their values in the order that is asked for."""
    if kind == PERSON:
        return wall_orders.publications(publications(filters), filters.order)
    return wall_orders.elites(elites(filters), filters.order)


def _places(kind: int, filters: Filters, mark: Place | None) -> list[Place]:
    """The places of a page and one more."""
    valued = _found(kind, filters)
    if mark:
        valued = valued.filter(mark.beyond(kind))
    rows = valued.order_by("-value", "-pk").values_list("value", "pk", "number")
    return [Place(value, kind, tie, number) for value, tie, number in rows[: PAGE + 1]]


def _marked(filters: Filters) -> Place | None:
    """The place after which a page begins. What lost its cell, or is hidden, still marks it."""
    number = int(filters.after.removeprefix(PERSONS))
    kind = PERSON if filters.after.startswith(PERSONS) else NETWORK
    marks = wall_orders.publication if kind == PERSON else wall_orders.elite
    found = marks(number, filters.order).values_list("value", "pk").first()
    return Place(found[0], kind, found[1], number) if found else None


def _hung(places: Sequence[Place]) -> list[Tile | PublishedTile]:
    numbers = {
        kind: [place.number for place in places if place.kind == kind] for kind in (NETWORK, PERSON)
    }
    hung: dict[tuple[int, int], Tile | PublishedTile] = {}
    if numbers[NETWORK]:
        shown = joined(tiles(Elite.objects.filter(pk__in=numbers[NETWORK])))
        hung |= {(NETWORK, tile.elite_id): tile for tile in shown}
    if numbers[PERSON]:
        hung |= {(PERSON, tile.publication_id): tile for tile in published(numbers[PERSON])}
    keys = [(place.kind, place.number) for place in places]
    return [hung[key] for key in keys if key in hung]


def _means(label: str, group: str) -> Q:
    """Elites of cells that stand for these labels, whatever numbers a classifier gives them."""
    found = Q(pk__in=())
    for classifier, numbers in vocabularies.numbers(label, group).items():
        found |= Q(run__classifier=classifier, label__in=numbers)
    return found
