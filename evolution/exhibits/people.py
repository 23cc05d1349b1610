"""People who publish under their names, and what others make of their pictures."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Avg, Count, Min, Q, QuerySet

from evolution.models import BreedingSession, Publication, Rating

MOST_PEOPLE = 100


@dataclass(frozen=True, slots=True)
class Profile:
    """stars: the mean of all that their pictures were given; None without any.

    branches: published pictures, anybody's, that descend directly from theirs.
    """

    name: str
    pictures: int
    since: datetime | None
    stars: float | None
    ratings: int
    branches: int


def signed() -> QuerySet[Publication]:
    """Publications that show their author's name."""
    return Publication.objects.public().filter(is_anonymous=False)


def shown(person: User, *, to_themselves: bool) -> QuerySet[Publication]:
    """What a profile shows: without a name only to the author."""
    theirs = Publication.objects.public().filter(author=person)
    return theirs if to_themselves else theirs.filter(is_anonymous=False)


def profile(person: User) -> Profile:
    """What everybody may know: nothing in it stems from pictures without the name."""
    theirs = signed().filter(author=person)
    summed = theirs.aggregate(pictures=Count("pk"), since=Min("published_at"))
    given = Rating.objects.filter(publication__in=theirs.values("pk"))
    rated = given.aggregate(stars=Avg("stars"), ratings=Count("pk"))
    descending = Publication.objects.public().filter(branched_from__in=theirs.values("pk"))
    return Profile(person.username, branches=descending.count(), **summed, **rated)


@dataclass(frozen=True, slots=True)
class Breeder:
    name: str
    pictures: int
    branches: int


def breeders() -> list[Breeder]:
    """Who published under their name: those from whose pictures most others descend come first."""
    counted = User.objects.filter(publications__in=signed()).annotate(
        pictures=Count("publications", distinct=True),
        descending=Count(
            "publications__branches",
            filter=Q(publications__branches__hidden_at__isnull=True),
            distinct=True,
        ),
    )
    ordered = counted.order_by("-descending", "-pictures", "username")[:MOST_PEOPLE]
    return [Breeder(row.username, row.pictures, row.descending) for row in ordered]


def unpublished(person: User) -> QuerySet[BreedingSession]:
    """Their sessions of which nothing was published."""
    published = Publication.objects.filter(individual__brood__session__owner=person)
    mine = BreedingSession.objects.filter(owner=person)
    return mine.exclude(pk__in=published.values("individual__brood__session"))
