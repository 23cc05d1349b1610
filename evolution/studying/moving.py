"""Pausing, resuming and cancelling studies, and the runs that they started."""

from django.db import transaction
from django.utils import timezone

from evolution.errors import ForbiddenTransition
from evolution.models import Run, Study, StudyPart
from evolution.services import runs
from evolution.studying import reusing

Status = Study.Status


def pause(study_id: int) -> Study:
    """Let nothing more begin; what is worked on ends or waits. Finished parts are kept."""
    with transaction.atomic():
        study = _move(study_id, (Status.RUNNING,), Status.PAUSED)
        for run_id in _own_runs(study, Run.ACTIVE):
            runs.pause(run_id)
    return study


def resume(study_id: int) -> Study:
    """Go on with a study that was paused or that failed: failed parts are tried again.

    So is finished work of which something is gone that it left outside the database.
    """
    with transaction.atomic():
        study = _move(study_id, (Status.PAUSED, Status.FAILED), Status.RUNNING, error="")
        failed = study.parts.filter(status=StudyPart.Status.FAILED)
        for part in failed:
            part.status, part.error, part.run = StudyPart.Status.WAITING, "", None
            part.heartbeat = None  # it may be offered at once
            part.attempts = part.attempts + 1 if part.order else 0  # not the run that failed
            part.save(update_fields=["status", "error", "run", "heartbeat", "attempts"])
        _redo_lost_work(study)
        for run_id in _own_runs(study, (Run.Status.PAUSED,)):
            runs.resume(run_id)
    return study


def _redo_lost_work(study: Study) -> None:
    for part in study.parts.filter(status=StudyPart.Status.DONE, order__isnull=True):
        if not reusing.stands(part):
            study.parts.filter(pk=part.pk).update(status=StudyPart.Status.WAITING)


def cancel(study_id: int) -> Study:
    """End a study. Finished parts and finished runs are kept."""
    with transaction.atomic():
        study = _move(
            study_id,
            (Status.RUNNING, Status.PAUSED, Status.FAILED),
            Status.CANCELLED,
            finished_at=timezone.now(),
        )
        for run_id in _own_runs(study, (*Run.ACTIVE, Run.Status.PAUSED)):
            runs.cancel(run_id)
    return study


def _own_runs(study: Study, status: tuple[str, ...]) -> list[int]:
    """Runs that this study started: a part that took over a finished one has no active run."""
    working = study.parts.filter(status=StudyPart.Status.WORKING, run__status__in=status)
    return [run_id for run_id in working.values_list("run", flat=True) if run_id]


def _move(study_id: int, before: tuple[str, ...], after: str, **changes: object) -> Study:
    moved = Study.objects.filter(pk=study_id, status__in=before).update(status=after, **changes)
    study = Study.objects.get(pk=study_id)
    if not moved and study.status != after:
        raise ForbiddenTransition(
            f"Study {study_id} is {study.status}: it cannot become {after}, only "
            f"{' or '.join(before)} ones can."
        )
    return study
