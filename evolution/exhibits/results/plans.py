"""The plan of a study as it was fixed before the first answer, and how far the answers have come."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from evolution.exhibits import naming
from evolution.judging.forms import Foil, Form
from evolution.judging.plans import Group, JudgingPlan
from evolution.models import JudgingStudy, Stimulus
from evolution.services.judging.counting import BRED, Cell

TRIALS = {
    "two_random": "two names, one of them random",
    "two_second": "two names, one of them the network’s second",
    "all_labels": "all names",
    "free": "free naming",
    "right": "right or wrong",
    "pick": "pick the picture",
    "photograph": "photographs",
    "degraded": "degraded photographs",
    "noise": "noise",
    "hand_bred": "pictures bred by people",
    "check": "checks of attention",
    "repeat": "questions asked again",
}
KINDS = {"bred": "bred by a network", "hand-bred": "bred by people", "check": "check of attention"}


@dataclass(frozen=True)
class PlannedGroup:
    """Pictures of one kind, against one network."""

    title: str
    network: str
    count: int


@dataclass(frozen=True)
class Progress:
    """Pictures that have all the answers the plan asks for, of all, and the answers so far."""

    complete: int
    pictures: int
    answers: int
    planned: int

    @property
    def share(self) -> float:
        return min(1.0, self.answers / self.planned) if self.planned else 0.0

    @property
    def words(self) -> str:
        """Cut, so that 100% is the whole."""
        return f"{math.floor(100 * self.share)}%"


@dataclass(frozen=True)
class ShownPlan:
    study: JudgingStudy
    plan: JudgingPlan
    groups: Sequence[PlannedGroup]
    trials: Sequence[tuple[str, int]]
    individuals: Sequence[int]
    progress: Progress

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.study.name,
            "status": self.study.status,
            "digest": self.study.digest,
            "opened_at": self.study.opened_at,
            "plan": self.study.plan,
            "complete": self.progress.complete,
            "pictures": self.progress.pictures,
        }


def shown_plan(study: JudgingStudy, cells: Iterable[Cell]) -> ShownPlan:
    plan = JudgingPlan.from_json(study.plan)
    trials = [(TRIALS[part.name], getattr(plan.trials, part.name)) for part in fields(plan.trials)]
    bred = Stimulus.objects.filter(study=study, individual__isnull=False, kind=BRED)
    numbers = bred.order_by("number").values_list("individual", flat=True)
    return ShownPlan(
        study=study,
        plan=plan,
        groups=[_group(group) for group in plan.groups],
        trials=[(title, count) for title, count in trials if count],
        individuals=list(numbers),
        progress=progress(plan, cells),
    )


def progress(plan: JudgingPlan, cells: Iterable[Cell]) -> Progress:
    """By the answers that the plan is about: bred pictures, two names, a random foil."""
    answers: dict[int, int] = {}
    for cell in cells:
        if cell.about.kind == BRED:
            counts = cell.is_counted and (cell.form, cell.foil) == (Form.TWO, Foil.RANDOM)
            told = cell.told if counts else 0
            answers[cell.about.claim] = answers.get(cell.about.claim, 0) + told
    pictures = sum(group.count for group in plan.groups if group.kind == BRED)
    return Progress(
        complete=sum(count >= plan.answers for count in answers.values()),
        pictures=pictures,
        answers=sum(min(count, plan.answers) for count in answers.values()),
        planned=pictures * plan.answers,
    )


def _group(group: Group) -> PlannedGroup:
    title = KINDS.get(group.kind, group.kind)
    if group.encoding:
        title = f"{title}, {naming.ENCODINGS.get(group.encoding, group.encoding)}"
    return PlannedGroup(title, naming.classifier_title(group.classifier), group.count)
