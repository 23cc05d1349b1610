"""Deleting an account: what goes, and what others have built on stays."""

import uuid
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from evolution.errors import NotAllowed
from evolution.models import Block, BreedingSession, Brood, Individual, Publication, Rating, Reading
from evolution.services.authorship import TAKEN_DOWN


@dataclass(frozen=True)
class Farewell:
    """What became of it all. hidden: taken down now or before; the rest stays to be seen."""

    name: str
    published: int
    hidden: int
    sessions_deleted: int
    sessions_kept: int
    ratings: int

    @property
    def shown(self) -> int:
        return self.published - self.hidden


@transaction.atomic
def delete_account(account: User, visitor_id: uuid.UUID | None, *, take_down: bool) -> Farewell:
    """Delete an account. Its published pictures lose the author's name, or are taken down.

    Pictures, their lines and the sessions that they came from stay, as nobody's: other people's may
    descend from them. All other sessions go. Ratings stay, without a name. Somebody blocked stays
    blocked in all browsers known. visitor_id: of the present one.

    Raises NotAllowed for the last superuser, without whom nobody could run the site.
    """
    _check_not_last(account)
    _keep_blocked(account, visitor_id)
    nobody = uuid.uuid4()
    published, hidden = _give_up_publications(account, nobody, take_down=take_down)
    deleted, kept = _give_up_sessions(account, nobody)
    ratings = Rating.objects.filter(rater=account).count()
    User.objects.get(pk=account.pk).delete()
    return Farewell(account.username, published, hidden, deleted, kept, ratings)


def nobody_could_run_the_site(without: list[int]) -> bool:
    """Whether these accounts are all that can, if any of them can at all."""
    able = User.objects.filter(is_superuser=True, is_active=True)
    return able.filter(pk__in=without).exists() and not able.exclude(pk__in=without).exists()


def _check_not_last(account: User) -> None:
    # Of the last two that leave at once, one waits here and is the last then.
    list(User.objects.select_for_update().filter(is_superuser=True).order_by("pk"))
    if nobody_could_run_the_site([account.pk]):
        raise NotAllowed(
            "This is the last account that can run the site. Make somebody else a superuser first."
        )


def _keep_blocked(account: User, visitor_id: uuid.UUID | None) -> None:
    """Block the browsers of a blocked account, whose own block goes with it."""
    block = Block.objects.filter(account=account).first()
    if block is None:
        return
    numbers: set[uuid.UUID | None] = {visitor_id, block.visitor}
    for things in (
        BreedingSession.objects.filter(owner=account),
        Publication.objects.filter(author=account),
        Rating.objects.filter(rater=account),
    ):
        numbers.update(things.values_list("visitor", flat=True))
    block.delete()
    blocks = [Block(visitor=number, reason=block.reason) for number in numbers - {None}]
    Block.objects.bulk_create(blocks, ignore_conflicts=True)


def _give_up_publications(account: User, nobody: uuid.UUID, *, take_down: bool) -> tuple[int, int]:
    """How many there were, and how many are hidden from now on."""
    own = Publication.objects.filter(author=account)
    if take_down:
        own.public().update(hidden_at=timezone.now(), hidden_because=TAKEN_DOWN)
    hidden = own.filter(hidden_at__isnull=False).count()
    return own.update(author=None, is_anonymous=True, visitor=nobody), hidden


def _give_up_sessions(account: User, nobody: uuid.UUID) -> tuple[int, int]:
    """Delete those from which nothing was stored. How many, and how many are kept as nobody's."""
    stored = Individual.objects.filter(brood__session=OuterRef("pk"))
    own = BreedingSession.objects.select_for_update().filter(owner=account)
    unused = list(own.filter(~Exists(stored)).values_list("pk", flat=True))
    Reading.objects.filter(brood__session__in=unused)._raw_delete("default")
    BreedingSession.objects.filter(pk__in=unused).update(current=None)
    Brood.objects.filter(session__in=unused)._raw_delete("default")
    BreedingSession.objects.filter(pk__in=unused)._raw_delete("default")
    kept = BreedingSession.objects.filter(owner=account).update(owner=None, visitor=nobody)
    return len(unused), kept
