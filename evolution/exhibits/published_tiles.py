"""Published pictures as walls show them: what people say of each, and what networks say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Avg, Count, Max, OuterRef, Subquery
from django.urls import reverse

from evolution.exhibits import naming
from evolution.exhibits.said import Said, joined
from evolution.exhibits.searching import FIRST_CONFIDENCE
from evolution.exhibits.thumbnails import thumbnail
from evolution.exhibits.tiles import GENOME
from evolution.models import Individual, Prediction, Publication, Rating

FIELDS = (
    "id",
    "individual_id",
    "individual__thumbnail",
    "individual__selected_by",
    "individual__brood__session__image_size",
    "title",
    "author__username",
    "is_anonymous",
    "published_at",
)
MACHINES = {str(Individual.Selector.NETWORK): "a network picked its parents"}


@dataclass(frozen=True, slots=True)
class Claim:
    """What the surest of all networks that were asked says."""

    label: str
    confidence: float
    network: str


@dataclass(frozen=True, slots=True)
class PublishedTile:
    """author: empty for one who is not named. stars: the mean of what was given; None: nothing was.

    people: what people say beside the networks, if anybody was asked.
    """

    publication_id: int
    individual_id: int
    title: str
    author: str
    published_at: datetime
    selected_by: str
    image_size: int
    picture: str
    stars: float | None
    ratings: int
    claim: Claim | None
    people: Said | None = None

    @property
    def bred_by(self) -> str:
        return "people"

    @property
    def name(self) -> str:
        return self.title

    @property
    def is_small(self) -> bool:
        return self.image_size <= naming.LARGEST_THUMBNAIL

    @property
    def address(self) -> str:
        """Where the whole picture is, of which `picture` is a thumbnail; empty for a small one."""
        if self.is_small:
            return ""
        return reverse("picture", args=[self.individual_id, self.image_size, "webp"])

    @property
    def by_machine(self) -> str:
        """What a machine had to do with its selection; empty where people alone selected."""
        return MACHINES.get(self.selected_by, "")


def published(numbers: Sequence[int]) -> list[PublishedTile]:
    """These publications, in this order. Those that are gone, or hidden meanwhile, are left out."""
    shown = Publication.objects.public().filter(pk__in=numbers).annotate(drawn_from=GENOME)
    rows = {row["id"]: row for row in shown.values(*FIELDS, "drawn_from")}
    if not rows:
        return []
    ratings = _ratings(rows)
    claims = _claims([row["individual_id"] for row in rows.values()])
    return joined([_tile(rows[n], ratings, claims) for n in numbers if n in rows])


def surest_confidence() -> Subquery:
    """The confidence of the claim that a tile shows, as an annotation of publications."""
    asked = Prediction.objects.filter(individual=OuterRef("individual")).order_by()
    surest = asked.values("individual").annotate(surest=Max(FIRST_CONFIDENCE))
    return Subquery(surest.values("surest"))


def _tile(
    row: dict[str, Any], ratings: dict[int, tuple[float, int]], claims: dict[int, Claim]
) -> PublishedTile:
    size = row["individual__brood__session__image_size"]
    stars, count = ratings.get(row["id"], (None, 0))
    return PublishedTile(
        publication_id=row["id"],
        individual_id=row["individual_id"],
        title=row["title"],
        author="" if row["is_anonymous"] else row["author__username"],
        published_at=row["published_at"],
        selected_by=row["individual__selected_by"],
        image_size=size,
        picture=thumbnail(
            row["individual__thumbnail"], row["drawn_from"], min(size, naming.LARGEST_THUMBNAIL)
        ),
        stars=stars,
        ratings=count,
        claim=claims.get(row["individual_id"]),
    )


def _ratings(publications: Iterable[int]) -> dict[int, tuple[float, int]]:
    given = Rating.objects.filter(publication__in=list(publications)).order_by()
    means = given.values("publication").annotate(stars=Avg("stars"), count=Count("pk"))
    return {row["publication"]: (row["stars"], row["count"]) for row in means}


def _claims(individuals: Sequence[int]) -> dict[int, Claim]:
    found: dict[int, Claim] = {}
    said = Prediction.objects.filter(individual__in=individuals).order_by("classifier", "pk")
    for individual, classifier, first in said.values_list("individual", "classifier", "top__0"):
        if not first:
            continue
        label, confidence = first
        if individual not in found or confidence > found[individual].confidence:
            found[individual] = Claim(
                naming.label(classifier, int(label)),
                confidence,
                naming.classifier_title(classifier),
            )
    return found
