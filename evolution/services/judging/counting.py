"""Answers as counts, grouped in the database: no row of theirs is read one by one.

Of each person the first answer to a picture counts, without a flag and about what a network claims.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from evolution.judging.forms import Form, chance
from evolution.models import Claim, JudgingStudy, Judgment, Stimulus

AGREEING = Count("pk", filter=Q(agrees=True))
TOLD = Count("agrees")  # those who cannot tell have neither agreed nor disagreed
BRED = Stimulus.Kind.BRED.value
Answers = QuerySet[Judgment, Any]


@dataclass(frozen=True)
class About:
    """What a network claims of a picture, without its words: a results page tells no labels."""

    claim: int
    classifier: str
    confidence: float
    band: str
    kind: str
    encoding: str
    individual: int | None


@dataclass(frozen=True)
class Cell:
    """Answers about one claim under one condition.

    asked: all answers; told: without those who cannot tell; agreeing: of them, with the network.
    is_counted: of people who passed the checks.
    """

    about: About
    form: Form
    foil: str
    framing: str
    offered: int
    is_counted: bool
    asked: int
    told: int
    agreeing: int

    @property
    def chance(self) -> float | None:
        return chance(self.form, self.offered)


def first_answers(study: JudgingStudy) -> Answers:
    return Judgment.objects.filter(
        stimulus__study=study, occasion=0, flag="", trial__claim__isnull=False
    )


def cells(study: JudgingStudy) -> list[Cell]:
    """All conditions of a study; two statements."""
    known = {one.claim: one for one in claims(study)}
    key = ("trial__claim", "form", "trial__foil", "trial__framing", "trial__offered", "is_counted")
    grouped = first_answers(study).values_list(*key).order_by()
    counted = grouped.annotate(Count("pk"), told=TOLD, agreeing=AGREEING)
    return [
        Cell(known[claim], Form(form), foil, framing, offered, is_counted, *counts)
        for claim, form, foil, framing, offered, is_counted, *counts in counted
        if claim in known
    ]


def claims(study: JudgingStudy) -> list[About]:
    """All that networks claim of the pictures of a study, whether people were asked or not."""
    columns = ("pk", "classifier", "confidence", "band", "stimulus__kind", "stimulus__encoding")
    stored = Claim.objects.filter(stimulus__study=study)
    return [About(*row) for row in stored.values_list(*columns, "stimulus__individual")]


def mean_chance(trials: Iterable[tuple[float | None, int]]) -> float | None:
    """Return the mean chance of (chance, how many trials); None where one is not known."""
    total, hits = 0, 0.0
    for chance_of_one, count in trials:
        if chance_of_one is None:
            return None
        total, hits = total + count, hits + chance_of_one * count
    return hits / total if total else None
