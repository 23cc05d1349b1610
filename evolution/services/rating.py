"""Stars for other people's pictures, and reports of what staff should look at."""

from django.db import transaction
from django.db.models import Q

from evolution.errors import InvalidInput, NotAllowed
from evolution.models import Publication, Rating, Report
from evolution.services.visitors import Visitor, check_not_blocked
from evolution.services.wording import one_line

STARS = range(1, 6)
LONGEST_REASON = 500


def rate(visitor: Visitor, publication_id: int, stars: int) -> Rating:
    """Give stars, or change those given before. An account counts once, whatever its browsers.

    Raises NotAllowed for one's own picture and for somebody who is blocked, InvalidInput,
    Publication.DoesNotExist for one that is hidden.
    """
    check_not_blocked(visitor)
    if stars not in STARS:
        raise InvalidInput("stars", f"expected a number from 1 to {STARS[-1]}, got {stars}")
    if is_own(visitor, publication_id):
        raise NotAllowed("Nobody rates a picture of their own.")
    with transaction.atomic():
        publication = _locked(publication_id)
        given = list(publication.ratings.select_for_update().filter(mine(visitor)))
        # The account's own row first: another one is of this browser before it was signed in.
        given.sort(key=lambda one: one.rater_id is None)
        if not given:
            return publication.ratings.create(
                visitor=visitor.id, rater=visitor.account, stars=stars
            )
        publication.ratings.filter(pk__in=[one.pk for one in given[1:]]).delete()
        rating = given[0]
        rating.stars = stars
        rating.rater = visitor.account or rating.rater
        rating.save(update_fields=["stars", "rater", "rated_at"])
        return rating


def mine(visitor: Visitor) -> Q:
    """Ratings that are this visitor's."""
    of_browser = Q(visitor=visitor.id)
    return of_browser | Q(rater=visitor.account) if visitor.account else of_browser


def is_own(visitor: Visitor, publication_id: int) -> bool:
    """Whether this browser or this account published it."""
    own = visitor.published | Q(visitor=visitor.id)
    return Publication.objects.filter(own, pk=publication_id).exists()


def report(visitor: Visitor, publication_id: int, reason: str) -> Report:
    """Tell staff of a picture; a visitor's second report of it changes nothing.

    Raises NotAllowed, InvalidInput, Publication.DoesNotExist for one that is hidden.
    """
    check_not_blocked(visitor)
    words = one_line("reason", reason, LONGEST_REASON)
    publication = Publication.objects.public().get(pk=publication_id)
    told, _ = Report.objects.get_or_create(
        publication=publication, visitor=visitor.id, defaults={"reason": words}
    )
    return told


def _locked(publication_id: int) -> Publication:
    """Two ratings of one visitor at once would both find none."""
    public = Publication.objects.public()
    return public.select_for_update(no_key=True).get(pk=publication_id)
