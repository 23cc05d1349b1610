"""From what a study has to what it needs next. The database says; whoever asks enqueues.

May be called by anybody at any time, also by several at once: every change is a compare-and-set.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from classifiers.base import ClassifierError, UnknownClassifier
from evolution import studies
from evolution.errors import InvalidInput
from evolution.models import Run, Study, StudyPart
from evolution.services import runs
from evolution.studies.base import Evolution
from evolution.studying import keeping, reusing

MOST_ATTEMPTS = 6  # of one part, before it is held to kill its workers
Status = StudyPart.Status


@dataclass(frozen=True)
class Offer:
    """What can be worked on now: runs as (number, generation), and parts by number."""

    runs: list[tuple[int, int]] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.runs or self.parts)


@dataclass(frozen=True)
class Terms:
    """How a study is worked off.

    at_once: parts under way at most. background: whether runs work only while no visitor's run is
    active. patience: seconds until a part that nobody picked up is offered again.
    """

    at_once: int = 1
    background: bool = False
    patience: float = 0.0


def advance(study_id: int, terms: Terms) -> Offer:
    """Take over what is done, and offer what can begin."""
    study = Study.objects.get(pk=study_id)
    if study.status != Study.Status.RUNNING:
        return Offer()
    if study.kind not in studies.names():
        _fail(study, f"There is no study {study.kind} in this version.")
        return Offer()
    _take_over_runs(study)
    _give_up_silent(study, timezone.now())
    offer = Offer()
    while (stage := _next_stage(study)) is not None:
        free = max(0, terms.at_once - _under_way(study))
        waiting = study.parts.filter(stage=stage, status=Status.WAITING)
        begun = [_begin(study, part, offer, terms) for part in waiting[:free]]
        if not begun or not all(begun):
            break  # there is nothing free, or something has to be worked on
    _settle(study)
    return offer


def active() -> list[int]:
    return list(
        Study.objects.filter(status=Study.Status.RUNNING)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def _next_stage(study: Study) -> int | None:
    """The lowest stage that is not done; None if there is none or a part has failed."""
    unfinished = study.parts.exclude(status=Status.DONE)
    if unfinished.filter(status=Status.FAILED).exists():
        return None
    return unfinished.order_by("stage").values_list("stage", flat=True).first()


def _under_way(study: Study) -> int:
    return study.parts.filter(status=Status.WORKING).count()


def _begin(study: Study, part: StudyPart, offer: Offer, terms: Terms) -> bool:
    """Begin a part. Returns whether it is done at once, since it was there already."""
    if part.order is None:
        if _may_offer(part, timezone.now(), terms.patience):
            offer.parts.append(part.pk)
        return False
    order = Evolution(**part.order)
    try:
        _name(part, order)
        if found := reusing.run(order):
            keeping.keep_run(study, part, found, reused=True)
            return True
        run = _started(study, part, order, terms)
    except (InvalidInput, ClassifierError) as error:
        keeping.fail(part.pk, str(error))
        return True
    if run is not None and run.is_active:
        offer.runs.append((run.pk, run.generation))
    return False


def _name(part: StudyPart, order: Evolution) -> None:
    """Store what the run depends on: only now, since a part before it may have made its network."""
    try:
        fingerprint = reusing.of_order(order)
    except UnknownClassifier as error:
        raise UnknownClassifier(
            f"{error}. A network that this study trained is trained again when the study goes on."
        ) from None
    StudyPart.objects.filter(pk=part.pk).update(fingerprint=fingerprint)


def _may_offer(part: StudyPart, now: datetime, patience: float) -> bool:
    """True for the first caller in so many seconds: a message waits for a free worker."""
    if part.heartbeat and part.heartbeat > now - timedelta(seconds=patience):
        return False
    waiting = StudyPart.objects.filter(pk=part.pk, status=Status.WAITING, heartbeat=part.heartbeat)
    return bool(waiting.update(heartbeat=now))


def _started(study: Study, part: StudyPart, order: Evolution, terms: Terms) -> Run | None:
    """The run of a part, started once, whoever asks; another one after an end without success.

    None for a study that was paused or ended meanwhile. Whoever does that waits for this: its row is
    held until the run is known to be the part's, and so no run outlives its study unseen.
    """
    wanted = runs.Order(
        preset=order.preset,
        classifier=order.classifier,
        seed=order.seed,
        generations=order.generations,
        target=order.target,
        background=terms.background,
    )
    submission = uuid.uuid5(study.submission, f"{part.key} {part.attempts}")
    with transaction.atomic():
        held = Study.objects.filter(pk=study.pk, status=Study.Status.RUNNING)
        if not held.update(status=Study.Status.RUNNING):
            return None
        (run,) = runs.start(wanted, study.owner, submission)
        waiting = StudyPart.objects.filter(pk=part.pk, status=Status.WAITING)
        waiting.update(status=Status.WORKING, run=run)
    return run


def _take_over_runs(study: Study) -> None:
    """Finish the parts whose run has ended; offer nothing."""
    ended = study.parts.filter(status=Status.WORKING, run__status__in=Run.ENDED)
    for part in ended.select_related("run"):
        run = part.run
        assert run is not None  # by the filter
        if run.status == Run.Status.FINISHED:
            keeping.keep_run(study, part, run)
        else:
            reason = run.error or f"run {run.pk} was cancelled"
            keeping.fail(part.pk, f"run {run.pk}: {reason}"[: runs.MOST_WORDS])
    gone = study.parts.filter(status=Status.WORKING, run__isnull=True, order__isnull=False)
    gone.update(status=Status.WAITING, attempts=F("attempts") + 1)  # somebody deleted the run


def _give_up_silent(study: Study, now: datetime) -> None:
    """Parts whose worker was killed wait again, until that has happened too often."""
    since = now - timedelta(seconds=settings.PART_STALL_SECONDS)
    silent = study.parts.filter(status=Status.WORKING, order__isnull=True, heartbeat__lt=since)
    for part in silent.filter(attempts__gte=MOST_ATTEMPTS):
        keeping.fail(part.pk, f"{MOST_ATTEMPTS} tries ended without a word")
    silent.filter(attempts__lt=MOST_ATTEMPTS).update(status=Status.WAITING, claim=None)


def _settle(study: Study) -> None:
    """End a study with whose parts nothing more is to be done."""
    counts = study.parts.aggregate(
        all=Count("pk"),
        done=Count("pk", filter=Q(status=Status.DONE)),
        failed=Count("pk", filter=Q(status=Status.FAILED)),
        working=Count("pk", filter=Q(status=Status.WORKING)),
    )
    if counts["done"] == counts["all"]:
        running = Study.objects.filter(pk=study.pk, status=Study.Status.RUNNING)
        running.update(status=Study.Status.FINISHED, finished_at=timezone.now())
    elif counts["failed"] and not counts["working"]:
        first = study.parts.filter(status=Status.FAILED).first()
        assert first is not None  # failed parts stay failed while the study runs
        _fail(study, f"{first.key}: {first.error}")


def _fail(study: Study, reason: str) -> None:
    running = Study.objects.filter(pk=study.pk, status=Study.Status.RUNNING)
    running.update(status=Study.Status.FAILED, error=reason[: runs.MOST_WORDS])
