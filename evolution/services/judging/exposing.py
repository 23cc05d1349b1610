"""Who was shown which pictures beside their labels: for them, these are no longer blind."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from django.db.models import Q, QuerySet

from evolution.models import Elite, Exposure, Individual, Publication, Run
from evolution.services.judging.seen import Archive, Seen, Stream
from evolution.services.visitors import Visitor

AT_ONCE = 500  # numbers in one statement
MOST_OF_A_STREAM = 2000  # pictures; of longer ones whole runs are noted
SLACK = timedelta(seconds=10)  # between a takeover and its commit


def note(visitor: Visitor, individuals: Iterable[int], runs: Iterable[int] = ()) -> None:
    """Remember that a visitor was shown individuals, or the pictures of whole runs, with labels.

    Numbers of what is gone are left out.
    """
    there = Run.objects.filter(pk__in=list(runs)).values_list("pk", flat=True)
    rows = [Exposure(visitor=visitor.id, run_id=number) for number in there]
    for numbers in _pieces(individuals):
        known = Individual.objects.filter(pk__in=numbers).values_list("pk", flat=True)
        rows += [Exposure(visitor=visitor.id, individual_id=number) for number in known]
    Exposure.objects.bulk_create(rows, AT_ONCE, ignore_conflicts=True)


def store(visitor: Visitor, seen: Seen) -> None:
    """Turn what a browser was shown into rows."""
    individuals, runs = set(seen.individuals), set(seen.runs)
    for archive in seen.archives:
        individuals |= _held_in(archive)
    for stream in seen.streams:
        taken = _taken_during(stream)
        if len(taken) > MOST_OF_A_STREAM:
            runs |= set(_active_during(stream).values_list("pk", flat=True))
        else:
            individuals |= taken
    note(visitor, individuals, runs)


def hidden_from(visitor: Visitor) -> Q:
    """The stimuli that this visitor is not asked about: seen with labels, or bred by them.

    Nor is anybody asked about what staff hid.
    """
    seen = Exposure.objects.filter(visitor=visitor.id)
    individuals = seen.filter(individual__isnull=False).values("individual")
    runs = seen.filter(run__isnull=False).values("run")
    published = Publication.objects.filter(visitor.published).values("individual")
    return (
        Q(individual__in=individuals)
        | Q(individual__run__in=runs)
        | Q(individual__brood__session__in=visitor.sessions.values("pk"))
        | Q(individual__in=published)
        | Q(individual__publication__hidden_at__isnull=False)
    )


def forget(visitor: Visitor) -> None:
    Exposure.objects.filter(visitor=visitor.id).delete()


def _held_in(archive: Archive) -> set[int]:
    generation = archive.generation
    then = Elite.objects.filter(run=archive.run, since_generation__lte=generation).filter(
        Q(until_generation__isnull=True) | Q(until_generation__gt=generation)
    )
    return set(then.values_list("individual", flat=True))


def _taken_during(stream: Stream) -> set[int]:
    taken = Elite.objects.filter(run__in=_active_during(stream), taken_at__range=_times(stream))
    return set(taken.values_list("individual", flat=True)[: MOST_OF_A_STREAM + 1])


def _active_during(stream: Stream) -> QuerySet[Run]:
    start, end = _times(stream)
    begun = Run.objects.filter(started_at__lte=end)
    return begun.filter(Q(finished_at__isnull=True) | Q(finished_at__gte=start))


def _times(stream: Stream) -> tuple[datetime, datetime]:
    start, end = (datetime.fromtimestamp(seconds, UTC) for seconds in stream)
    return start - SLACK, end + SLACK


def _pieces(numbers: Iterable[int]) -> Iterator[list[int]]:
    every = sorted(set(numbers))
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]
