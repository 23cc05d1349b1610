"""What somebody is told before they judge: whether there is anything to judge, and how long it takes."""

import math
from dataclasses import dataclass

from evolution.exhibits.judging.progress import Progress, progress
from evolution.judging.plans import JudgingPlan
from evolution.models import JudgingStudy, Sitting, Trial
from evolution.services.judging import sittings
from evolution.services.visitors import Visitor

MOST_OTHERS = 20
SECONDS = 9  # that a question takes, with what is told after it


@dataclass(frozen=True, slots=True)
class Invitation:
    """study: None where there is none. going_on, code: of an unfinished sitting of it."""

    study: JudgingStudy | None
    title: str
    questions: int
    others: list[JudgingStudy]
    going_on: Progress | None
    code: str
    has_judged: bool

    @property
    def minutes(self) -> int:
        return max(1, math.ceil(self.questions * SECONDS / 60))

    @property
    def is_open(self) -> bool:
        return self.study is not None and self.study.status == JudgingStudy.Status.OPEN

    @property
    def is_closed(self) -> bool:
        return self.study is not None and self.study.status == JudgingStudy.Status.CLOSED


def invitation(visitor: Visitor | None, study: JudgingStudy | None) -> Invitation:
    plan = JudgingPlan.from_json(study.plan) if study else None
    others = sittings.open_studies()
    if study:
        others = others.exclude(pk=study.pk)
    sitting = sittings.current(visitor, study) if visitor and study else None
    return Invitation(
        study=study,
        title=plan.title if plan else "",
        questions=plan.trials.total if plan else 0,
        others=list(others.order_by("-pk")[:MOST_OTHERS]),
        going_on=_going_on(sitting) if sitting else None,
        code=sitting.code if sitting else "",
        has_judged=visitor is not None
        and Trial.objects.filter(sitting__visitor=visitor.id, judgment__isnull=False).exists(),
    )


def _going_on(sitting: Sitting) -> Progress | None:
    waiting = sittings.unanswered(sitting).select_related("stimulus", "sitting")
    trial = waiting.defer("stimulus__picture").order_by("position").first()
    return progress(trial) if trial else None
