"""What is stored of a visitor who judged: to be seen, taken along, deleted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from evolution.exhibits.judging.reveal import is_told
from evolution.models import Sitting, Trial
from evolution.services.visitors import Visitor

COLUMNS = (
    "study", "sitting", "question", "form", "foil", "framing", "shown", "offered", "again",
    "answer", "agrees", "right", "asked_at", "answered_at", "reaction_ms", "elapsed_ms",
    "counted", "flag",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Turn:
    """One sitting, in few words."""

    title: str
    code: str
    began_at: datetime
    is_finished: bool
    answers: int


def turns(visitor: Visitor) -> list[Turn]:
    """The newest first."""
    mine = Sitting.objects.filter(visitor=visitor.id).select_related("study")
    counted = mine.annotate(answers=Count("trials", filter=Q(trials__judgment__isnull=False)))
    return [
        Turn(
            title=str(found.study.plan.get("title", found.study.name)),
            code=found.code,
            began_at=found.consented_at,
            is_finished=found.finished_at is not None,
            answers=found.answers,
        )
        for found in counted.order_by("-pk")
    ]


def rows(visitor: Visitor) -> Iterator[dict[str, Any]]:
    """Every answer, the oldest first. What a network says of a picture stays out until it is told."""
    mine = Trial.objects.filter(sitting__visitor=visitor.id, judgment__isnull=False)
    ordered = mine.select_related("judgment", "sitting__study").order_by("sitting", "position")
    for trial in ordered.iterator():
        yield dict(zip(COLUMNS, _values(trial), strict=True))


def _values(trial: Trial) -> tuple[Any, ...]:
    judgment, sitting = trial.judgment, trial.sitting
    agrees, right = (judgment.agrees, judgment.is_right) if is_told(trial) else (None, None)
    return (
        sitting.study.name, sitting.number, trial.position, trial.form, trial.foil,
        trial.framing, trial.shown, trial.options, trial.repeat_of_id is not None,
        judgment.answer, agrees, right, trial.given_at, judgment.answered_at,
        judgment.reaction_ms, judgment.elapsed_ms, judgment.is_counted, judgment.flag,
    )  # fmt: skip
