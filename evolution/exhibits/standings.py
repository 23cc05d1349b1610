"""The orders in which published pictures are shown, and what belongs to each (docs/gallery.md)."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import BigIntegerField, Count, ExpressionWrapper, F, Q, QuerySet, Sum, Value
from django.db.models.expressions import Combinable, CombinedExpression
from django.utils import timezone

from evolution.models import Publication

NEW = timedelta(days=7)
# As if everybody's picture had been given five times three stars, the middle of the scale, before
# anybody rated it: one voice moves it little, twenty move it most of the way. The middle is fixed
# rather than the mean of the site, so that a rating changes the place of one picture alone.
PRIOR_RATINGS, PRIOR_STARS = 5, 3
PARTS = 1_000_000  # of a star: whole numbers are equal on every database
PRIME = 2**31 - 1
FACTOR = 1_140_671_485
LARGEST_SEED = 999_999_999


@dataclass(frozen=True)
class View:
    """standing: what its pictures are ordered by, highest first, and the newer of equals first."""

    title: str
    nothing: str
    standing: Callable[[int], Combinable | Count]
    members: Callable[[], Q] = Q

    def numbers(
        self, found: QuerySet[Publication], seed: int, after: int | None, most: int
    ) -> list[int]:
        """Of what was found, the first that belong here, or the first beyond a picture.

        A picture that is hidden meanwhile still marks its place.
        """
        standing = self._standing(found, seed)
        mark = self._standing(Publication.objects.filter(pk=after), seed).first() if after else None
        if mark:
            value = mark["standing"]
            beyond = Q(standing__lt=value) | Q(standing=value, pk__lt=mark["pk"])
            standing = standing.filter(beyond)
        return [row["pk"] for row in standing.order_by("-standing", "-pk")[:most]]

    def _standing(self, found: QuerySet[Publication], seed: int) -> QuerySet[Any, Any]:
        return found.filter(self.members()).values("pk").annotate(standing=self.standing(seed))


def new_seed() -> int:
    return random.SystemRandom().randint(0, LARGEST_SEED)


def _whole(expression: Combinable) -> ExpressionWrapper[Any]:
    return ExpressionWrapper(expression, output_field=BigIntegerField())


def _score() -> Combinable:
    """The mean number of stars, drawn towards the middle as long as few have rated, in PARTS."""
    stars = Value(PRIOR_RATINGS * PRIOR_STARS) + Sum("ratings__stars")
    return _whole(stars * Value(PARTS) / (Value(PRIOR_RATINGS) + Count("ratings")))


def _shuffled(seed: int) -> Combinable:
    """A number that looks random and follows from the picture and the seed alone."""
    line = _modulo(_whole(F("pk") * Value(FACTOR) + Value(seed)))
    return _modulo(_whole(line * line))


def _modulo(expression: Combinable) -> ExpressionWrapper[Any]:
    return _whole(CombinedExpression(expression, Combinable.MOD, Value(PRIME)))


def _recently() -> Q:
    return Q(published_at__gte=timezone.now() - NEW)


VIEWS = {
    "newest": View("Newest", "Nothing has been published yet.", lambda _: F("published_at")),
    "best": View(
        "Best rated",
        "Nobody has rated a picture yet.",
        lambda _: _score(),
        lambda: Q(ratings__isnull=False),
    ),
    "branched": View(
        "Most branched",
        "Nobody has bred on from a published picture yet.",
        lambda _: Count("branches"),
        lambda: Q(branches__isnull=False, branches__hidden_at__isnull=True),
    ),
    "best-new": View(
        "Best new",
        "No picture of the last 7 days has been rated yet.",
        lambda _: _score(),
        lambda: Q(ratings__isnull=False) & _recently(),
    ),
    "random": View("Random", "Nothing has been published yet.", _shuffled),
    "picks": View(
        "Editor’s picks",
        "The editors have not picked a picture yet.",
        lambda _: F("featured_at"),
        lambda: Q(featured_at__isnull=False),
    ),
}
