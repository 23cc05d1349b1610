"""What authors may do about pictures that they published: sign them, take them down, put them back."""

from collections.abc import Callable

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from evolution.errors import InvalidInput, NotAllowed
from evolution.models import Publication

TAKEN_DOWN = "taken down by its author"


def act(author: User, publication_id: int, verb: str) -> Publication:
    """Do one of ACTIONS with an own publication; done twice it is done once.

    Raises InvalidInput, NotAllowed, Publication.DoesNotExist for one that is somebody else's.
    """
    if verb not in ACTIONS:
        raise InvalidInput("do", f"expected one of {', '.join(ACTIONS)}, got “{verb[:40]}”")
    with transaction.atomic():
        own = Publication.objects.select_for_update(of=("self",), no_key=True).filter(author=author)
        publication = own.get(pk=publication_id)
        ACTIONS[verb](publication)
        publication.save(update_fields=["is_anonymous", "hidden_at", "hidden_because"])
    return publication


def _sign(publication: Publication) -> None:
    publication.is_anonymous = False


def _unsign(publication: Publication) -> None:
    publication.is_anonymous = True


def _take_down(publication: Publication) -> None:
    """What staff hid keeps the reason of staff, and with it the right to show it again."""
    if not publication.is_hidden:
        publication.hidden_at, publication.hidden_because = timezone.now(), TAKEN_DOWN


def _put_back(publication: Publication) -> None:
    if publication.is_hidden and publication.hidden_because != TAKEN_DOWN:
        raise NotAllowed("Staff has hidden this picture: only staff can show it again.")
    publication.hidden_at, publication.hidden_because = None, ""


ACTIONS: dict[str, Callable[[Publication], None]] = {
    "sign": _sign,
    "unsign": _unsign,
    "take-down": _take_down,
    "put-back": _put_back,
}
