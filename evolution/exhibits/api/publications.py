"""Published pictures for programs. What staff hid is not there."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Avg, Count, Q
from django.urls import reverse

from evolution.exhibits.api.pages import Part
from evolution.exhibits.publications import author
from evolution.models import Publication
from evolution.querysets import PublicationQuerySet


def told() -> PublicationQuerySet:
    """All that may be told, with what is told of them."""
    found: PublicationQuerySet = (
        Publication.objects.public()
        .select_related("author", "branched_from")
        .prefetch_related("tags")
        .annotate(average=Avg("ratings__stars"), n_ratings=Count("ratings"))
    )
    return found


def publication(row: Publication) -> dict[str, Any]:
    """row: of `told`."""
    origin = row.branched_from
    shown = origin is not None and not origin.is_hidden
    return {
        "title": row.title,
        "author": author(row) or None,
        "licence": row.licence,
        "tags": sorted(tag.name for tag in row.tags.all()),
        "published_at": row.published_at.isoformat(),
        "is_featured": row.featured_at is not None,
        "rating": {
            "average": row.average,  # type: ignore[attr-defined]
            "count": row.n_ratings,  # type: ignore[attr-defined]
        },
        "branched_from": origin.individual_id if origin is not None and shown else None,
    }


def of(individual_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """What is told of those among them that are published and not hidden."""
    rows = told().filter(individual__in=list(individual_ids))
    return {row.individual_id: publication(row) for row in rows}


def hidden(individual_ids: Iterable[int]) -> set[int]:
    """Those whose publication staff hid."""
    rows = Publication.objects.filter(individual__in=list(individual_ids), hidden_at__isnull=False)
    return set(rows.values_list("individual_id", flat=True))


def newest(part: Part, tag: str = "", name: str = "") -> dict[str, Any]:
    """part.after: the individual of the last publication of the part before; name: of an author."""
    rows = told().order_by("-published_at", "-id")
    if tag:
        rows = rows.filter(
            pk__in=Publication.tags.through.objects.filter(tag__name=tag).values("publication")
        )
    if name:
        rows = rows.filter(author__username=name, is_anonymous=False)
    if part.after is not None:
        place = Publication.objects.filter(individual=part.after).values_list("published_at", "pk")
        rows = rows.filter(_later_in_the_list(*place[0])) if place else rows.none()
    return part.told(list(rows[: part.reach]), _items, lambda row: row.individual_id)


def _later_in_the_list(published_at: Any, pk: int) -> Q:
    return Q(published_at__lt=published_at) | Q(published_at=published_at, pk__lt=pk)


def _items(rows: Sequence[Publication]) -> list[dict[str, Any]]:
    return [
        {
            "individual": row.individual_id,
            "address": reverse("api-individual", args=[row.individual_id]),
            "picture": reverse("picture", args=[row.individual_id, 256, "png"]),
            **publication(row),
        }
        for row in rows
    ]
