"""How far a study is, what is being worked on, what went wrong, and what it cost."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, Q, Sum

from evolution.exhibits.studies.reading import Counted
from evolution.models import Run, Study, StudyPart
from evolution.templatetags.readings import duration, thousands

MOST_LISTED = 12  # parts that are worked on, or that failed
Status = StudyPart.Status


@dataclass(frozen=True)
class Doing:
    """A part that somebody works on."""

    key: str
    run: int | None
    words: str


@dataclass(frozen=True)
class Failure:
    key: str
    run: int | None
    error: str


@dataclass(frozen=True)
class State:
    study: int
    status: str
    parts: int
    done: int
    failed: int
    working: int
    doing: Sequence[Doing]
    failures: Sequence[Failure]
    spent: str
    left: str
    error: str

    @property
    def share(self) -> float:
        return self.done / self.parts if self.parts else 0.0

    @property
    def per_cent(self) -> int:
        return int(100 * self.share)

    @property
    def is_over(self) -> bool:
        """Whether nothing changes by itself."""
        return self.status != Study.Status.RUNNING

    @property
    def version(self) -> str:
        """What a page says that it shows: parts done first, since findings depend on them."""
        digest = hashlib.sha256(repr(self).encode()).hexdigest()[:16]
        return f"{self.done}-{self.status}-{digest}"


def state(one: Counted) -> State:
    study = one.study
    parts = study.parts
    sums = parts.aggregate(
        spent=Sum("seconds", filter=Q(status=Status.DONE, reused=False)),
        left=Sum("estimate", filter=~Q(status=Status.DONE)),
        taken=Sum("seconds", filter=Q(status=Status.DONE, reused=True)),
    )
    return State(
        study=study.pk,
        status=study.status,
        parts=one.parts,
        done=one.done,
        failed=one.failed,
        working=one.working,
        doing=_doing(study) if one.working else (),
        failures=_failures(study) if one.failed else (),
        spent=_spent(sums["spent"], sums["taken"]),
        left=_left(one, sums["left"]),
        error=study.error,
    )


def _doing(study: Study) -> list[Doing]:
    first = Exists(Run.objects.active().filter(is_background=False))
    working = study.parts.filter(status=Status.WORKING).order_by("position").annotate(others=first)
    rows = working.values_list(
        "key", "run", "run__generation", "run__planned", "run__is_background", "others"
    )
    return [
        Doing(key, run, _words(done, planned, gives_way=bool(background and others)))
        for key, run, done, planned, background, others in rows[:MOST_LISTED]
    ]


def _words(done: int | None, planned: int, *, gives_way: bool) -> str:
    """How far a run is that has done so many generations, the random one among them."""
    if done is None:
        return ""
    if gives_way:
        return "waits: runs of visitors come first"
    if done == 0:
        return "waits for a worker"
    return f"generation {thousands(done - 1)} of {thousands(planned)}"


def _failures(study: Study) -> list[Failure]:
    failed = study.parts.filter(status=Status.FAILED).order_by("position")
    return [Failure(*row) for row in failed.values_list("key", "run", "error")[:MOST_LISTED]]


def _spent(spent: float | None, taken: float | None) -> str:
    words = duration(spent or 0)
    return f"{words}, and {duration(taken)} taken over" if taken else words


def _left(one: Counted, seconds: float | None) -> str:
    """Of work that is not done; none of it is left of a study that was ended."""
    if one.study.has_ended or not seconds:
        return ""
    return duration(seconds)
