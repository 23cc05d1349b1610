"""Publishing a picture that somebody bred: a title, tags, a licence, and the line it came from."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import IntegrityError, transaction
from django.utils import timezone

from evolution import lineages
from evolution.errors import InvalidInput
from evolution.models import Brood, Individual, Publication, Tag
from evolution.models.publications import LONGEST_TITLE
from evolution.services import tagging
from evolution.services.ancestry import stored_line
from evolution.services.visitors import Visitor, check_not_blocked
from evolution.services.wording import one_line

__all__ = ["Draft", "nearest_published", "proofread", "publish", "stored_line"]

ANCESTORS_AT_ONCE = 500


@dataclass(frozen=True)
class Draft:
    """What somebody wrote in the form. submission: of this form, so that it publishes once."""

    title: str
    tags: Sequence[str]
    licence: str
    is_anonymous: bool
    submission: uuid.UUID


def publish(visitor: Visitor, brood: Brood, slot: int, draft: Draft) -> Publication:
    """Publish a picture of a brood; the same form sent twice gives the same publication.

    Raises NotAllowed for somebody who is blocked, InvalidInput, BadGenome.
    """
    check_not_blocked(visitor)
    if sent := Publication.objects.filter(submission=draft.submission).first():
        return _sent_before(visitor, sent)
    draft = proofread(visitor, draft)
    individual = stored_line(brood, slot)
    _check_own(individual, brood)
    new = Publication(
        individual=individual,
        title=draft.title,
        visitor=visitor.id,
        author=visitor.account,
        is_anonymous=draft.is_anonymous,
        licence=draft.licence,
        branched_from=nearest_published(individual),
        submission=draft.submission,
        published_at=timezone.now(),
    )
    return _store(visitor, new, tagging.rows(draft.tags))


def proofread(visitor: Visitor, draft: Draft) -> Draft:
    """The draft as it will be stored. Raises InvalidInput naming the first field that is wrong."""
    title = one_line("title", draft.title, LONGEST_TITLE)
    tags = tagging.normalised(draft.tags)
    if draft.licence not in Publication.Licence.values:
        known = ", ".join(Publication.Licence.values)
        raise InvalidInput("licence", f"expected one of {known}, got “{draft.licence[:40]}”")
    if visitor.account is None and not draft.is_anonymous:
        raise InvalidInput("is_anonymous", "expected an account for a name: sign in first")
    return replace(draft, title=title, tags=tags)


def nearest_published(individual: Individual) -> Publication | None:
    """The published picture that it descends from, along the line of parents."""
    line = lineages.parent_line(individual.pk)[1:]
    steps = {ancestor.individual_id: ancestor.steps for ancestor in line}
    numbers = list(steps)
    for at in range(0, len(numbers), ANCESTORS_AT_ONCE):
        found = Publication.objects.filter(individual__in=numbers[at : at + ANCESTORS_AT_ONCE])
        if nearest := min(found, key=lambda one: steps[one.individual_id], default=None):
            return nearest
    return None


def _store(visitor: Visitor, new: Publication, tags: Sequence[Tag]) -> Publication:
    """Of two requests that come at once, constraints let one through; the other is told of it."""
    try:
        with transaction.atomic():
            new.save()
            new.tags.set(tags)
    except IntegrityError:
        if sent := Publication.objects.filter(submission=new.submission).first():
            return _sent_before(visitor, sent)
        known = Publication.objects.filter(individual=new.individual).first()
        if known is None:
            raise
        raise InvalidInput(
            "slot", f"expected a picture that is not published yet, this one is {known}"
        ) from None
    return new


def _sent_before(visitor: Visitor, sent: Publication) -> Publication:
    if not Publication.objects.filter(visitor.published, pk=sent.pk).exists():
        raise InvalidInput("submission", "expected a form of your own, got one that is in use")
    return sent


def _check_own(individual: Individual, brood: Brood) -> None:
    """What a session branched from is another one's picture as long as nothing was bred."""
    if individual.brood is None or individual.brood.session_id != brood.session_id:
        raise InvalidInput(
            "slot", f"expected a picture that was bred here, this one is No. {individual.pk} itself"
        )
