"""Who was shown which pictures beside their labels: for them, these are no longer blind."""

from collections.abc import Iterable

from django.db.models import Q

from evolution.models import Exposure, Individual
from evolution.services.visitors import Visitor


def note(visitor: Visitor, individuals: Iterable[int], runs: Iterable[int] = ()) -> None:
    """Remember that a visitor was shown individuals, or the pictures of whole runs, with labels."""
    there = Individual.objects.filter(pk__in=list(individuals)).values_list("pk", flat=True)
    Exposure.objects.bulk_create(
        [
            *(Exposure(visitor=visitor.id, individual_id=number) for number in there),
            *(Exposure(visitor=visitor.id, run_id=number) for number in runs),
        ],
        ignore_conflicts=True,
    )


def hidden_from(visitor: Visitor) -> Q:
    """The stimuli that this visitor is not asked about: seen with labels, or bred by them."""
    seen = Exposure.objects.filter(visitor=visitor.id)
    individuals = seen.filter(individual__isnull=False).values("individual")
    runs = seen.filter(run__isnull=False).values("run")
    return (
        Q(individual__in=individuals)
        | Q(individual__run__in=runs)
        | Q(individual__brood__session__in=visitor.sessions.values("pk"))
    )


def forget(visitor: Visitor) -> None:
    Exposure.objects.filter(visitor=visitor.id).delete()
