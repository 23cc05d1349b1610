"""A picture that a person bred: what its breeder says of it, where it comes from, what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Avg, Count, Q

from evolution import lineages
from evolution.models import Block, Individual, Publication, Rating
from evolution.services import moderating, rating
from evolution.services.visitors import Visitor

MOST_BRANCHES = 24
MOST_COUNTED = 5000  # steps of a line whose selectors are counted at once
MOST_ENDS = 3
ADDRESSES = {
    Publication.Licence.CC0: "https://creativecommons.org/publicdomain/zero/1.0/",
    Publication.Licence.CC_BY: "https://creativecommons.org/licenses/by/4.0/",
    Publication.Licence.CC_BY_SA: "https://creativecommons.org/licenses/by-sa/4.0/",
}
# Breadth first, each once however often lines meet, and no further than ten thousand.
_DESCENDED = """
    WITH RECURSIVE descended (id) AS (
        SELECT id FROM {individuals} WHERE id = %s
        UNION
        SELECT child.id FROM descended
        JOIN {individuals} AS child
            ON child.parent_id = descended.id OR child.mate_id = descended.id
    )
    SELECT published.id FROM (SELECT id FROM descended LIMIT 10000) AS nearest
    JOIN {publications} AS published ON published.individual_id = nearest.id
    WHERE published.hidden_at IS NULL LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Steps:
    """The line of parents. people, networks: how many of its steps each chose."""

    count: int
    people: int
    networks: int
    reaches_random: bool


@dataclass(frozen=True, slots=True)
class Relative:
    """Another published picture."""

    individual_id: int
    title: str
    author: str


@dataclass(frozen=True, slots=True)
class Stars:
    """average: None while nobody rated it. mine: what the visitor gave; 0 for nothing yet."""

    average: float | None
    count: int
    mine: int


@dataclass(frozen=True, slots=True)
class Published:
    """is_own: the visitor's. branches: the newest published pictures that were bred from it."""

    publication: Publication
    author: str
    licence: str
    licence_address: str
    tags: Sequence[str]
    branched_from: Relative | None
    branches: Sequence[Relative]
    n_branches: int
    stars: Stars
    is_own: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """What staff sees beside it."""

    reports: Sequence[tuple[str, str]]
    n_open: int
    is_blocked: bool


def steps(individual: Individual) -> Steps:
    line = lineages.parent_line(individual.pk)
    chosen = [ancestor.individual_id for ancestor in line[:-1]]
    counts: dict[str, int] = {}
    for at in range(0, len(chosen), MOST_COUNTED):
        some = Individual.objects.filter(pk__in=chosen[at : at + MOST_COUNTED])
        counted = some.values_list("selected_by").annotate(n=Count("pk"))
        for selector, count in counted.order_by():
            counts[selector] = counts.get(selector, 0) + count
    return Steps(
        count=len(line) - 1,
        people=counts.get(Individual.Selector.PERSON, 0),
        networks=counts.get(Individual.Selector.NETWORK, 0),
        reaches_random=line[-1].parent_id is None,
    )


def published(publication: Publication, visitor: Visitor | None) -> Published:
    licence = Publication.Licence(publication.licence)
    branches = publication.branches.public().order_by("-published_at", "-pk")
    return Published(
        publication=publication,
        author=author(publication),
        licence=licence.label.partition(":")[0],
        licence_address=ADDRESSES[licence],
        tags=list(publication.tags.order_by("name").values_list("name", flat=True)),
        branched_from=_nearest(publication),
        branches=_relatives(list(branches[:MOST_BRANCHES].values_list("pk", flat=True))),
        n_branches=branches.count(),
        stars=_stars(publication, visitor),
        is_own=visitor is not None and rating.is_own(visitor, publication.pk),
    )


def author(publication: Publication) -> str:
    """The name that is shown; empty for a picture without one."""
    if publication.is_anonymous or publication.author is None:
        return ""
    return publication.author.get_username()


def ends(individual: Individual) -> list[Relative]:
    """The nearest published pictures that an individual was a step to."""
    statement = _DESCENDED.format(
        individuals=connection.ops.quote_name(Individual._meta.db_table),
        publications=connection.ops.quote_name(Publication._meta.db_table),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [individual.pk, MOST_ENDS])
        numbers = [number for (number,) in cursor.fetchall()]
    return _relatives(numbers)


def desk(publication: Publication) -> Desk:
    reports = publication.reports.order_by("settled_at", "-reported_at")
    told = [
        ("settled" if row.settled_at else "open", row.reason) for row in reports[:MOST_BRANCHES]
    ]
    return Desk(
        reports=told,
        n_open=publication.reports.filter(settled_at=None).count(),
        is_blocked=Block.objects.filter(moderating.blocks_of(publication)).exists(),
    )


def _nearest(publication: Publication) -> Relative | None:
    if publication.branched_from_id is None:
        return None
    return next(iter(_relatives([publication.branched_from_id])), None)


def _relatives(publications: Sequence[int]) -> list[Relative]:
    """Those of them that are not hidden, in the order given."""
    if not publications:
        return []
    found = Publication.objects.public().filter(pk__in=publications)
    rows = {row.pk: row for row in found.select_related("author")}
    return [_relative(rows[number]) for number in publications if number in rows]


def _relative(publication: Publication) -> Relative:
    return Relative(publication.individual_id, publication.title, author(publication))


def _stars(publication: Publication, visitor: Visitor | None) -> Stars:
    given = publication.ratings.aggregate(average=Avg("stars"), count=Count("pk"))
    own: Q = rating.mine(visitor) if visitor else Q(pk__in=())
    rows = Rating.objects.filter(own, publication=publication).order_by("-rater")
    mine = rows.values_list("stars", flat=True).first()
    return Stars(given["average"], given["count"], mine or 0)
