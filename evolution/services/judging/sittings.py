"""A visitor's turn at a study: begun with consent, asked trial by trial, over after a day."""

import secrets
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

import numpy as np
from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from evolution.errors import Expired, NothingToJudge, Skipped
from evolution.judging import plans
from evolution.judging.allocation import Candidate, allocate, arranged, slots
from evolution.judging.plans import JudgingPlan
from evolution.models import Claim, JudgingStudy, Sitting, Stimulus, Trial
from evolution.services.judging import exposing, questions
from evolution.services.visitors import Visitor, check_not_blocked

LASTS = timedelta(days=1)
Status = JudgingStudy.Status
Kind = Stimulus.Kind


def open_studies() -> QuerySet[JudgingStudy]:
    return JudgingStudy.objects.filter(status=Status.OPEN)


def standing() -> JudgingStudy | None:
    """The study that everybody is asked to join: the site's own, or else the newest one."""
    return open_studies().order_by("-is_standing", "-id").first()


def begin(visitor: Visitor, study: JudgingStudy, submission: UUID) -> Sitting:
    """Begin a sitting with all its trials, or return the one that goes on.

    Raises NothingToJudge, NotAllowed for somebody who is blocked.
    """
    check_not_blocked(visitor)
    with transaction.atomic():
        # Whoever comes at the same time waits: the balance of the conditions depends on the counts.
        locked = open_studies().select_for_update().filter(pk=study.pk).first()
        if locked is None:
            raise NothingToJudge("This study takes no more answers.")
        if going_on := current(visitor, locked):
            return going_on
        if sent := Sitting.objects.filter(submission=submission).first():
            if sent.visitor == visitor.id:
                return sent  # from a tab that still shows the form
            raise NothingToJudge("This form was sent before: please load the page again.")
        last = locked.sittings.aggregate(last=Max("number"))["last"]
        sitting = Sitting.objects.create(
            study=locked,
            code=secrets.token_urlsafe(16),
            visitor=visitor.id,
            number=0 if last is None else last + 1,
            seed=secrets.randbits(62),
            submission=submission,
            consented_at=timezone.now(),
        )
        _ask(visitor, locked, sitting)
        return sitting


def current(visitor: Visitor, study: JudgingStudy | None = None) -> Sitting | None:
    """The sitting that goes on, of this study or of any open one."""
    mine = Sitting.objects.filter(visitor=visitor.id, finished_at=None, study__status=Status.OPEN)
    if study:
        mine = mine.filter(study=study)
    return mine.filter(consented_at__gt=_oldest()).order_by("-id").first()


def owned(visitor: Visitor, code: str) -> Sitting:
    """Raises Sitting.DoesNotExist for one of somebody else."""
    return Sitting.objects.select_related("study").get(code=code, visitor=visitor.id)


def trial(visitor: Visitor, token: UUID) -> Trial:
    """Raises Trial.DoesNotExist for one of somebody else."""
    known = Trial.objects.select_related("stimulus", "claim", "sitting__study")
    return known.get(token=token, sitting__visitor=visitor.id)


def give(visitor: Visitor, trial: Trial) -> Trial:
    """Note when a question was first asked. Raises Expired, Skipped."""
    if trial.skipped_at or not is_blind(visitor, trial):
        Trial.objects.filter(pk=trial.pk, skipped_at=None).update(skipped_at=timezone.now())
        raise Skipped("You have seen meanwhile what a network says of this picture.")
    check_young(trial)
    if trial.given_at is None:
        Trial.objects.filter(pk=trial.pk, given_at=None).update(given_at=timezone.now())
        trial.refresh_from_db(fields=["given_at"])
    return trial


def is_blind(visitor: Visitor, trial: Trial) -> bool:
    """Whether the visitor has not been shown what is asked, until now."""
    hidden = exposing.hidden_from(visitor)
    return not Stimulus.objects.filter(hidden, pk=trial.stimulus_id).exists()


def check_young(trial: Trial) -> None:
    if trial.sitting.consented_at <= _oldest():
        raise Expired("This sitting began more than a day ago: please begin a new one.")


def next_trial(sitting: Sitting) -> Trial | None:
    """The first that is neither answered nor left out. None: the sitting is over, or finished now."""
    waiting = unanswered(sitting).order_by("position").first()
    if waiting is None:
        finish(sitting)
    return waiting


def unanswered(sitting: Sitting) -> QuerySet[Trial]:
    return sitting.trials.filter(judgment=None, skipped_at=None)


def finish(sitting: Sitting) -> None:
    """End a sitting: from now on its visitor is told what networks say of all its pictures."""
    now = timezone.now()
    if not Sitting.objects.filter(pk=sitting.pk, finished_at=None).update(finished_at=now):
        return
    sitting.finished_at = now
    judged = sitting.trials.filter(judgment__isnull=False, stimulus__individual__isnull=False)
    exposing.note(Visitor(sitting.visitor), judged.values_list("stimulus__individual", flat=True))


def _ask(visitor: Visitor, study: JudgingStudy, sitting: Sitting) -> None:
    plan = JudgingPlan.from_json(study.plan)
    rng = np.random.default_rng([sitting.seed])
    candidates = _candidates(visitor, study)
    wanted = slots(plan.trials, sitting.number)
    chosen = allocate(wanted, candidates, _counts(study), rng)
    if not any(one.slot.kind == "bred" for one in chosen):
        raise NothingToJudge(
            "There is no picture left that you have not judged, or seen with what networks say of it."
        )
    ordered = arranged(chosen, plan.trials.repeat, sitting.number, rng)
    questions.store(visitor, sitting, plan, ordered, rng)


def _candidates(visitor: Visitor, study: JudgingStudy) -> list[Candidate]:
    met = Trial.objects.filter(sitting__visitor=visitor.id, given_at__isnull=False)
    fresh = study.stimuli.exclude(exposing.hidden_from(visitor)).exclude(
        pk__in=met.values("stimulus")
    )
    claims = Claim.objects.filter(stimulus__in=fresh).exclude(stimulus__kind=Kind.PRACTICE)
    asked = claims.order_by("pk").values_list(
        "stimulus_id", "pk", "stimulus__kind", "stimulus__encoding", "classifier", "band"
    )
    checks = fresh.filter(kind=Kind.CHECK).order_by("pk").values_list("pk", flat=True)
    return [
        *(
            Candidate(stimulus, claim, cast(plans.Kind, kind), f"{encoding} {classifier} {band}")
            for stimulus, claim, kind, encoding, classifier, band in asked
        ),
        *(Candidate(stimulus, None, "check", "") for stimulus in checks),
    ]


def _counts(study: JudgingStudy) -> dict[tuple[int, str, str], int]:
    """Answers that count, and those that somebody is about to give."""
    on_their_way = Q(
        judgment=None,
        skipped_at=None,
        sitting__finished_at=None,
        sitting__consented_at__gt=_oldest(),
    )
    asked = Trial.objects.filter(sitting__study=study, claim__isnull=False, repeat_of=None)
    rows = (
        asked.filter(Q(judgment__is_counted=True) | on_their_way)
        .values_list("claim", "form", "foil")
        .annotate(times=Count("pk"))
    )
    return {(claim, form, foil): times for claim, form, foil, times in rows if claim is not None}


def _oldest() -> datetime:
    return timezone.now() - LASTS
