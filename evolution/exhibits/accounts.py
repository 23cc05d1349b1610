"""What an account's own page shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.paginator import Page, Paginator
from django.db.models import Avg, Count

from evolution.exhibits import breeding_sessions, thumbnails
from evolution.exhibits.breeding_sessions import Card
from evolution.models import BreedingSession, Publication
from evolution.services.authorship import TAKEN_DOWN

A_PAGE = 50
SIDE = 64


@dataclass(frozen=True, slots=True)
class Row:
    """An own publication. hidden_by_staff: the reason, if it is for staff alone to show it again."""

    id: int
    individual_id: int
    title: str
    picture: str
    published_at: datetime
    is_anonymous: bool
    is_hidden: bool
    hidden_by_staff: str
    stars: float | None
    ratings: int


@dataclass(frozen=True, slots=True)
class Counts:
    sessions: int
    published: int


def counts(account: User) -> Counts:
    return Counts(
        BreedingSession.objects.filter(owner=account).count(),
        Publication.objects.filter(author=account).count(),
    )


def sessions(account: User, asked: str | None) -> tuple[Page[Any], list[Card]]:
    """One page of one's breeding sessions, the last touched first."""
    own = BreedingSession.objects.filter(owner=account, current__isnull=False)
    page = Paginator(own.order_by("-touched_at", "-pk"), A_PAGE).get_page(asked)
    start = (page.number - 1) * A_PAGE
    return page, breeding_sessions.newest(own, A_PAGE, start)


def publications(account: User, asked: str | None) -> tuple[Page[Any], list[Row]]:
    """One page of what one published, the newest first, hidden ones as well."""
    own = Publication.objects.filter(author=account).select_related("individual")
    rated = own.annotate(stars=Avg("ratings__stars"), n_ratings=Count("ratings"))
    page = Paginator(rated.order_by("-published_at", "-pk"), A_PAGE).get_page(asked)
    return page, [_row(found) for found in page]


def _row(found: Any) -> Row:
    by_staff = found.is_hidden and found.hidden_because != TAKEN_DOWN
    return Row(
        id=found.pk,
        individual_id=found.individual_id,
        title=found.title,
        picture=thumbnails.thumbnail(found.individual.thumbnail, found.individual.genome, SIDE),
        published_at=found.published_at,
        is_anonymous=found.is_anonymous,
        is_hidden=found.is_hidden,
        hidden_by_staff=(found.hidden_because or "no reason given") if by_staff else "",
        stars=found.stars,
        ratings=found.n_ratings,
    )
