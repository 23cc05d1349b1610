"""How parts end: a result and its pictures are stored whole, once, by whoever holds the claim."""

import logging
import uuid
from collections.abc import Sequence

from django.db import DatabaseError, transaction
from django.utils import timezone

from evolution import studies
from evolution.errors import Stale
from evolution.models import Run, Study, StudyPart, StudyPicture
from evolution.studies.base import Done, Evolution, Finished, Outcome, Part
from evolution.studies.settings import from_json

MOST_WORDS = 2000
log = logging.getLogger(__name__)
Status = StudyPart.Status


def keep_run(study: Study, part: StudyPart, run: Run, *, reused: bool = False) -> None:
    """Store what is kept of a finished run; whatever goes wrong fails the part."""
    try:
        definition = studies.get(study.kind)
        parameters = from_json(definition.parameters, study.parameters)
        result = definition.of_run(parameters, as_part(part), run)
    except DatabaseError:
        raise  # passing trouble: the run is taken over at the next look
    except Exception as error:
        log.exception("%s cannot be kept of run %s", part, run.pk)
        fail(part.pk, f"{type(error).__name__}: {error}")
        return
    StudyPart.objects.filter(pk=part.pk, status__in=[Status.WAITING, Status.WORKING]).update(
        status=Status.DONE,
        run=run,
        result=result,
        reused=reused,
        seconds=run.elapsed,
        finished_at=timezone.now(),
    )


def keep(part: StudyPart, claim: uuid.UUID, done: Done, seconds: float) -> None:
    """Store what work came to. Raises Stale if somebody else holds the part now."""
    with transaction.atomic():
        kept = StudyPart.objects.filter(pk=part.pk, claim=claim, status=Status.WORKING).update(
            status=Status.DONE,
            result=dict(done.result),
            fingerprint=part.fingerprint,
            seconds=seconds,
            finished_at=timezone.now(),
        )
        if not kept:
            raise Stale(f"{part.key} was given to another worker meanwhile.")
        _store_pictures(part, done.pictures)


def keep_twin(part: StudyPart, claim: uuid.UUID, twin: StudyPart) -> None:
    """Take over what an earlier study found. Raises Stale."""
    pictures = twin.pictures.order_by("number").values_list("content", flat=True)
    done = Done(twin.result or {}, [bytes(content) for content in pictures])
    with transaction.atomic():
        keep(part, claim, done, twin.seconds)
        StudyPart.objects.filter(pk=part.pk).update(reused=True)


def fail(part_id: int, reason: str, claim: uuid.UUID | None = None) -> None:
    """End a part without a result; a claim that has been lost changes nothing."""
    held = StudyPart.objects.filter(pk=part_id, status__in=[Status.WAITING, Status.WORKING])
    if claim:
        held = held.filter(claim=claim)
    held.update(status=Status.FAILED, error=reason[:MOST_WORDS], claim=None)


def give_back(part_id: int, claim: uuid.UUID) -> None:
    """Work was interrupted with a word: it may be offered at once, and that was no attempt."""
    held = StudyPart.objects.filter(pk=part_id, claim=claim, status=Status.WORKING)
    held.update(status=Status.WAITING, claim=None, heartbeat=None, attempts=0)


def finished(study: Study, below: int | None = None) -> Finished:
    """The finished parts of a study; below: of lower stages than this alone."""
    done = study.parts.filter(status=Status.DONE).order_by("position")
    if below is not None:
        done = done.filter(stage__lt=below)
    fields = ("key", "stage", "arguments", "result", "run_id", "seconds")
    return Finished([Outcome(*row) for row in done.values_list(*fields)])


def as_part(stored: StudyPart) -> Part:
    return Part(
        key=stored.key,
        stage=stored.stage,
        run=Evolution(**stored.order) if stored.order else None,
        arguments=stored.arguments,
        evaluations=stored.evaluations,
        seconds=stored.estimate,
    )


def _store_pictures(part: StudyPart, pictures: Sequence[bytes]) -> None:
    StudyPicture.objects.filter(part=part).delete()
    StudyPicture.objects.bulk_create(
        [
            StudyPicture(part=part, number=number, content=content)
            for number, content in enumerate(pictures)
        ],
        batch_size=100,
    )
