"""The picture that the gallery opens with, what a network claims of it and what people see."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from evolution.exhibits import human_names, naming
from evolution.exhibits.human_names import Names
from evolution.exhibits.said import joined
from evolution.exhibits.tiles import Tile, tiles
from evolution.models import Agreement, Elite, Prediction, Run

RECENT = 300  # holders among which the surest is looked for
READINGS = 3


@dataclass(frozen=True, slots=True)
class Reading:
    label: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Lead:
    tile: Tile
    readings: Sequence[Reading]
    names: Names

    @property
    def seen_as(self) -> str:
        """What several people call it; empty where no two agree."""
        first = next(iter(self.names.shown), None)
        return first.text if first and first.agreeing >= human_names.FEWEST_PEOPLE else ""

    @property
    def first_names(self) -> Sequence[human_names.Name]:
        return self.names.shown[:READINGS]

    @property
    def label_with_article(self) -> str:
        return naming.with_article(self.tile.label)

    @property
    def n_labels(self) -> int:
        return len(naming.labels(self.tile.classifier))


def lead() -> Lead | None:
    """The surest of the newest holders; of those that people were asked about, if there are any."""
    newest = Elite.objects.champions().order_by("-taken_at", "-id").values("id")[:RECENT]
    asked = Exists(Agreement.objects.filter(individual=OuterRef("individual")))
    order = (asked.desc(), "-confidence", "-id")
    surest = joined(tiles(Elite.objects.filter(pk__in=newest).order_by(*order)[:1]))
    if not surest:
        return None
    (tile,) = surest
    return Lead(tile, _readings(tile), human_names.names(tile.individual_id))


def _readings(tile: Tile) -> list[Reading]:
    """The highest labels of the classifier that the picture was bred against."""
    version = Run.objects.filter(pk=tile.run_id).values("classifier_version")
    top = Prediction.objects.filter(
        individual=tile.individual_id, classifier=tile.classifier, version__in=version
    ).values_list("top", flat=True)
    return [
        Reading(naming.label(tile.classifier, index), confidence)
        for index, confidence in (top.first() or ())[:READINGS]
    ]
