"""A visitor's answers, deleted on their word."""

from django.db import transaction

from evolution.models import Judgment, Sitting
from evolution.services.judging import agreeing
from evolution.services.visitors import Visitor


@transaction.atomic
def forget(visitor: Visitor) -> int:
    """Delete all sittings of a visitor with their answers. Returns how many answers there were.

    What they have seen with labels is forgotten only with the answers that it came from: none of it
    is told to anybody, and without it they would be asked again what they know.
    """
    own = Judgment.objects.select_for_update().filter(visitor=visitor.id)
    count, judged = own.count(), agreeing.individuals_of(own)
    Sitting.objects.filter(visitor=visitor.id).delete()
    agreeing.recount(judged)
    return count
