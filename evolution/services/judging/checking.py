"""Who fails the checks of a plan is counted apart: attention checks, and answers given too fast."""

from django.db.models import F

from evolution.judging.plans import JudgingPlan
from evolution.models import Judgment, Sitting, Stimulus
from evolution.services.judging import agreeing

FEWEST_ANSWERS = 5  # before a share of fast ones says anything
TOO_FAST = "too fast"


def leaves_out(judgment: Judgment) -> bool:
    """Sum a new answer up; whether its sitting is left out from now on, as the plan says."""
    sitting = judgment.trial.sitting
    fails = judgment.trial.stimulus.kind == Stimulus.Kind.CHECK and not judgment.is_right
    is_fast = judgment.flag == TOO_FAST
    if fails or is_fast:
        Sitting.objects.filter(pk=sitting.pk).update(
            failed_checks=F("failed_checks") + int(fails), too_fast=F("too_fast") + int(is_fast)
        )
        sitting.refresh_from_db(fields=["failed_checks", "too_fast"])
    if sitting.is_left_out or not _is_to_be_left_out(sitting):
        return False
    _leave_out(sitting)
    return True


def _is_to_be_left_out(sitting: Sitting) -> bool:
    limits = JudgingPlan.from_json(sitting.study.plan).checks
    if sitting.failed_checks >= limits.failed_checks:
        return True
    answered = Judgment.objects.filter(trial__sitting=sitting).count()
    return answered >= FEWEST_ANSWERS and sitting.too_fast >= limits.too_fast * answered


def _leave_out(sitting: Sitting) -> None:
    sitting.is_left_out = True
    sitting.save(update_fields=["is_left_out"])
    answers = Judgment.objects.filter(trial__sitting=sitting)
    answers.update(is_counted=False)
    agreeing.recount_all(answers)
