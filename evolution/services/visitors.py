"""Who breeds, publishes and rates: a browser, and the account that is signed in there, if any."""

import uuid
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet

from evolution.errors import NotAllowed
from evolution.models import Block, BreedingSession, Publication


@dataclass(frozen=True)
class Visitor:
    """id: of the browser, told to nobody. account: None for somebody who is not signed in.

    carried: codes of sessions that were carried here from another device.
    """

    id: uuid.UUID
    account: User | None = None
    carried: tuple[str, ...] = ()

    @property
    def owns(self) -> Q:
        """Sessions that are this visitor's."""
        mine = Q(visitor=self.id, owner=None)  # of others who signed in here, nothing
        if self.account:
            mine |= Q(owner=self.account)
        return mine | Q(code__in=self.carried) if self.carried else mine

    @property
    def sessions(self) -> QuerySet[BreedingSession]:
        return BreedingSession.objects.filter(self.owns)

    @property
    def published(self) -> Q:
        """Publications that are this visitor's."""
        mine = Q(visitor=self.id, author=None)
        return mine | Q(author=self.account) if self.account else mine


def is_blocked(visitor: Visitor) -> bool:
    """Whether staff has blocked the browser or the account."""
    named = Q(visitor=visitor.id)
    if visitor.account:
        named |= Q(account=visitor.account)
    return Block.objects.filter(named).exists()


def check_not_blocked(visitor: Visitor) -> None:
    """Raise NotAllowed for somebody whom staff has blocked."""
    if is_blocked(visitor):
        raise NotAllowed("Staff has blocked publishing, rating and reporting from here.")


@transaction.atomic
def claim(visitor_id: uuid.UUID, account: User) -> None:
    """Give an account what was bred and published in its browser before it was signed in.

    What was published without a name stays so for everybody else.
    """
    BreedingSession.objects.filter(visitor=visitor_id, owner=None).update(owner=account)
    Publication.objects.filter(visitor=visitor_id, author=None).update(author=account)
