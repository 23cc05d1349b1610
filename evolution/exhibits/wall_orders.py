"""What hangs on the wall in which order: rows with a value, the largest first, and a number.

The number is that of the picture, an elite or a publication. Where people's answers make the order,
rows are agreements: their indices are in that order, so a page is read without sorting, and every
picture hangs once, however many cells it holds.
"""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from evolution.agreement.counts import SMALLEST_SAMPLE
from evolution.exhibits.published_tiles import surest_confidence
from evolution.models import Agreement, Elite, Publication

ELITES_BY = {"newest": "taken_at", "surest": "confidence"}
AGREEMENTS_BY = {"fooling": "fooling", "agreed": "share", "disputed": "dissent"}
OWN_NETWORK = Q(
    classifier=F("individual__run__classifier"), version=F("individual__run__classifier_version")
)


def elites(found: QuerySet[Elite], order: str) -> QuerySet[Any]:
    if order in ELITES_BY:
        return found.annotate(value=F(ELITES_BY[order]), number=F("pk"))
    surest = found.filter(individual=OuterRef("individual")).order_by("-confidence", "-pk")
    return _by_people(Agreement.objects.filter(OWN_NETWORK), surest, order)


def publications(found: QuerySet[Publication], order: str) -> QuerySet[Any]:
    if order == "newest":
        return found.annotate(value=F("published_at"), number=F("pk"))
    if order == "surest":  # of which nothing is said has 0
        return found.annotate(value=Coalesce(surest_confidence(), 0.0), number=F("pk"))
    published = found.filter(individual=OuterRef("individual")).order_by()
    return _by_people(_most_asked(), published, order)


def elite(number: int, order: str) -> QuerySet[Any]:
    """The row of one elite, whether it still holds its cell or not."""
    if order in ELITES_BY:
        return elites(Elite.objects.filter(pk=number), order)
    own = Agreement.objects.filter(OWN_NETWORK, individual__reigns=number)
    return own.annotate(value=F(AGREEMENTS_BY[order]))


def publication(number: int, order: str) -> QuerySet[Any]:
    """The row of one publication, hidden or not."""
    if order in ELITES_BY:
        return publications(Publication.objects.filter(pk=number), order)
    asked = _most_asked().filter(individual__publication=number)
    return asked.annotate(value=F(AGREEMENTS_BY[order]))


def _most_asked() -> QuerySet[Agreement]:
    """About each individual's label that the most people were asked about."""
    more = Agreement.objects.filter(
        Q(answers__gt=OuterRef("answers")) | Q(answers=OuterRef("answers"), pk__gt=OuterRef("pk")),
        individual=OuterRef("individual"),
    )
    return Agreement.objects.filter(~Exists(more))


def _by_people(
    agreements: QuerySet[Agreement], hung: QuerySet[Any], order: str
) -> QuerySet[Agreement]:
    """Agreements of enough answers whose picture is among those that may hang."""
    return agreements.filter(Exists(hung), answers__gte=SMALLEST_SAMPLE).annotate(
        value=F(AGREEMENTS_BY[order]), number=Subquery(hung.values("pk")[:1])
    )
