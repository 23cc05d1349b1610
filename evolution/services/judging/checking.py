"""Who fails the checks of a plan is counted apart: attention checks, and answers given too fast."""

from django.db.models import F

from evolution.judging.plans import JudgingPlan
from evolution.models import Judgment, Sitting, Stimulus

FEWEST_ANSWERS = 5  # before a share of fast ones says anything
TOO_FAST = "too fast"


def look_at(judgment: Judgment) -> None:
    """Sum a new answer up, and leave its sitting out if the plan says so."""
    sitting = judgment.trial.sitting
    fails = judgment.trial.stimulus.kind == Stimulus.Kind.CHECK and not judgment.is_right
    is_fast = judgment.flag == TOO_FAST
    if fails or is_fast:
        Sitting.objects.filter(pk=sitting.pk).update(
            failed_checks=F("failed_checks") + int(fails), too_fast=F("too_fast") + int(is_fast)
        )
        sitting.refresh_from_db(fields=["failed_checks", "too_fast"])
    if not sitting.is_left_out and _is_to_be_left_out(sitting):
        _leave_out(sitting)


def _is_to_be_left_out(sitting: Sitting) -> bool:
    limits = JudgingPlan.from_json(sitting.study.plan).checks
    if sitting.failed_checks >= limits.failed_checks:
        return True
    answered = Judgment.objects.filter(trial__sitting=sitting).count()
    return answered >= FEWEST_ANSWERS and sitting.too_fast >= limits.too_fast * answered


def _leave_out(sitting: Sitting) -> None:
    sitting.is_left_out = True
    sitting.save(update_fields=["is_left_out"])
    Judgment.objects.filter(trial__sitting=sitting).update(is_counted=False)
