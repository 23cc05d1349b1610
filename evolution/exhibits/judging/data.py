"""What the page of the data tells: the studies there are, and what every column means."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from evolution.judging.columns import COLUMNS, TYPES, Column
from evolution.models import JudgingStudy, Stimulus

MOST_STUDIES = 100


@dataclass(frozen=True, slots=True)
class Held:
    """A study, and how many rows of the table are its own."""

    name: str
    title: str
    is_open: bool
    judgments: int


@dataclass(frozen=True, slots=True)
class Told:
    """A column in words."""

    name: str
    type: str
    unit: str
    meaning: str
    values: Sequence[str]


def studies() -> list[Held]:
    """The newest first; those that never opened have no data."""
    practice = Q(stimuli__kind=Stimulus.Kind.PRACTICE)
    rows = (
        JudgingStudy.objects.filter(opened_at__isnull=False)
        .annotate(judgments=Count("stimuli__judgments", filter=~practice))
        .order_by("-opened_at", "-pk")
    )
    return [
        Held(
            row.name,
            str(row.plan.get("title", row.name)),
            row.status == JudgingStudy.Status.OPEN,
            row.judgments,
        )
        for row in rows[:MOST_STUDIES]
    ]


def columns() -> list[Told]:
    return [_told(column) for column in COLUMNS]


def _told(column: Column) -> Told:
    values = [value or "empty" for value in column.values]
    return Told(column.name, TYPES[column.type], column.unit, column.meaning, values)
