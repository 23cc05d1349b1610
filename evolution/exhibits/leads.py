"""The picture that the gallery opens with: the surest of the newest, and what is claimed of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from evolution.exhibits import naming
from evolution.exhibits.tiles import Tile, tiles
from evolution.models import Elite, Prediction, Run

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

    @property
    def label_with_article(self) -> str:
        return naming.with_article(self.tile.label)

    @property
    def n_labels(self) -> int:
        return len(naming.labels(self.tile.classifier))


def lead() -> Lead | None:
    newest = Elite.objects.champions().order_by("-taken_at", "-id").values("id")[:RECENT]
    surest = tiles(Elite.objects.filter(pk__in=newest).order_by("-confidence", "-id")[:1])
    if not surest:
        return None
    return Lead(surest[0], _readings(surest[0]))


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
