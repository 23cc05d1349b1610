"""Reigns as pages show them: a picture, what the network claims of it, who bred it and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, When
from django.urls import reverse

from evolution.exhibits import naming
from evolution.exhibits.said import Said
from evolution.exhibits.thumbnails import thumbnail
from evolution.models import Elite

FIELDS = (
    "id",
    "run_id",
    "cell",
    "label",
    "individual_id",
    "individual__thumbnail",
    "confidence",
    "since_generation",
    "taken_at",
    "run__classifier",
    "run__encoding",
    "run__parameters",
)
# Of a large picture a thumbnail is stored, and its genome, which may be large too, stays unread.
GENOME = Case(When(individual__thumbnail__isnull=True, then=F("individual__genome")))


@dataclass(frozen=True, slots=True)
class Tile:
    """One elite. `before` is the confidence of the holder that it replaced, where that was read.

    people: what people say beside the network, where that was read and anybody was asked.
    """

    elite_id: int
    run_id: int
    cell: int
    individual_id: int
    label: str
    group: str
    confidence: float
    since_generation: int
    taken_at: datetime
    classifier: str
    encoding: str
    image_size: int
    picture: str
    before: float | None = None
    people: Said | None = None

    @property
    def bred_by(self) -> str:
        return "networks"

    @property
    def name(self) -> str:
        return f"No. {self.individual_id}"

    @property
    def place(self) -> str:
        """Names the cell among those of all runs; what a live update replaces."""
        return f"{self.run_id}-{self.cell}"

    @property
    def is_small(self) -> bool:
        """Whether `picture` holds all its pixels, and they are shown as pixels."""
        return self.image_size <= naming.LARGEST_THUMBNAIL

    @property
    def address(self) -> str:
        """Where the whole picture is, of which `picture` is a thumbnail; empty for a small one."""
        if self.is_small:
            return ""
        return reverse("picture", args=[self.individual_id, self.image_size, "webp"])

    @property
    def classifier_title(self) -> str:
        return naming.classifier_title(self.classifier)

    @property
    def encoding_title(self) -> str:
        return naming.ENCODINGS.get(self.encoding, self.encoding)


def tiles(elites: QuerySet[Elite]) -> list[Tile]:
    """Read the elites with their genomes: narrow them to what is shown before."""
    return [_tile(row) for row in elites.annotate(drawn_from=GENOME).values(*FIELDS, "drawn_from")]


def first(elites: QuerySet[Elite], count: int) -> list[Tile]:
    """The first of ordered elites. A database that sorts wide rows reads every picture: not here."""
    ids = list(elites.values_list("pk", flat=True)[:count])
    found = {tile.elite_id: tile for tile in tiles(Elite.objects.filter(pk__in=ids))}
    return [found[number] for number in ids if number in found]


def takeovers(elites: QuerySet[Elite], count: int) -> list[Tile]:
    """The newest of these elites, newest first, each with the confidence of its predecessor."""
    predecessor = Elite.objects.filter(
        run=OuterRef("run"), cell=OuterRef("cell"), until_generation=OuterRef("since_generation")
    )
    ids = list(elites.order_by("-taken_at", "-id").values_list("pk", flat=True)[:count])
    newest = Elite.objects.filter(pk__in=ids).order_by("-taken_at", "-id")
    rows = newest.annotate(before=Subquery(predecessor.values("confidence")[:1]), drawn_from=GENOME)
    return [_tile(row) for row in rows.values(*FIELDS, "drawn_from", "before")]


def _tile(row: dict[str, Any]) -> Tile:
    classifier, label = row["run__classifier"], row["label"]
    groups = naming.groups(classifier)
    return Tile(
        elite_id=row["id"],
        run_id=row["run_id"],
        cell=row["cell"],
        individual_id=row["individual_id"],
        label=naming.label(classifier, label),
        group=groups[label] if label < len(groups) else "",
        confidence=row["confidence"],
        since_generation=row["since_generation"],
        taken_at=row["taken_at"],
        classifier=classifier,
        encoding=row["run__encoding"],
        image_size=row["run__parameters"]["encoding"]["image_size"],
        picture=thumbnail(
            row["individual__thumbnail"], row["drawn_from"], naming.side(row["run__parameters"])
        ),
        before=row.get("before"),
    )
