"""What staff does about published pictures. All of it can be taken back, and is written down."""

from collections.abc import Callable

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from evolution.errors import InvalidInput, NotAllowed
from evolution.models import Block, Publication, Report
from evolution.services.wording import one_line

LONGEST_REASON = 200


def act(by: User, publication_id: int, verb: str, reason: str = "") -> Publication:
    """Do one of ACTIONS; done twice it is done once.

    Raises NotAllowed for who is not staff, InvalidInput, Publication.DoesNotExist.
    """
    if not (by.is_active and by.is_staff):
        raise NotAllowed("Only staff may moderate.")
    if verb not in ACTIONS:
        raise InvalidInput("do", f"expected one of {', '.join(ACTIONS)}, got “{verb[:40]}”")
    with transaction.atomic():
        publication = Publication.objects.select_for_update(no_key=True).get(pk=publication_id)
        if words := ACTIONS[verb](publication, reason):
            LogEntry.objects.log_actions(by.pk, [publication], CHANGE, words, single_object=True)
    return publication


def blocks_of(publication: Publication) -> Q:
    """The blocks of whoever published it: of the browser, of the account."""
    named = Q(visitor=publication.visitor)
    return named | Q(account=publication.author_id) if publication.author_id else named


def settle(by: User, reports: "list[Report]") -> int:
    """Mark reports as looked at. Returns how many were open."""
    if not (by.is_active and by.is_staff):
        raise NotAllowed("Only staff may moderate.")
    settled = 0
    for report in reports:
        act(by, report.publication_id, "settle")
        settled += report.settled_at is None
    return settled


def _hide(publication: Publication, reason: str) -> str:
    words = one_line("reason", reason, LONGEST_REASON)
    if publication.is_hidden and publication.hidden_because == words:
        return ""
    publication.hidden_at = publication.hidden_at or timezone.now()
    publication.hidden_because = words
    publication.save(update_fields=["hidden_at", "hidden_because"])
    _settle(publication, "")
    return f"Hidden: {words}"


def _show(publication: Publication, reason: str) -> str:
    if not publication.is_hidden:
        return ""
    publication.hidden_at, publication.hidden_because = None, ""
    publication.save(update_fields=["hidden_at", "hidden_because"])
    return "Shown again."


def _feature(publication: Publication, reason: str) -> str:
    if publication.featured_at:
        return ""
    publication.featured_at = timezone.now()
    publication.save(update_fields=["featured_at"])
    return "Featured."


def _unfeature(publication: Publication, reason: str) -> str:
    if not publication.featured_at:
        return ""
    publication.featured_at = None
    publication.save(update_fields=["featured_at"])
    return "No longer featured."


def _settle(publication: Publication, reason: str) -> str:
    open_ones = publication.reports.filter(settled_at=None)
    settled = open_ones.update(settled_at=timezone.now())
    return f"Reports settled: {settled}." if settled else ""


def _block(publication: Publication, reason: str) -> str:
    words = one_line("reason", reason, LONGEST_REASON)
    _, of_browser = Block.objects.get_or_create(
        visitor=publication.visitor, defaults={"reason": words}
    )
    of_account = False
    if publication.author:
        _, of_account = Block.objects.get_or_create(
            account=publication.author, defaults={"reason": words}
        )
    return f"Publisher blocked: {words}" if of_browser or of_account else ""


def _unblock(publication: Publication, reason: str) -> str:
    taken, _ = Block.objects.filter(blocks_of(publication)).delete()
    return "Publisher no longer blocked." if taken else ""


ACTIONS: dict[str, Callable[[Publication, str], str]] = {
    "hide": _hide,
    "show": _show,
    "feature": _feature,
    "unfeature": _unfeature,
    "settle": _settle,
    "block": _block,
    "unblock": _unblock,
}
