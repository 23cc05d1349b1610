"""What people answered about one individual, question by question, and what follows from it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q

from evolution.agreement.intervals import Interval, interval_of
from evolution.exhibits import human_names, naming
from evolution.exhibits.human_names import Names
from evolution.exhibits.said import Counted
from evolution.judging.forms import Foil, Form, Framing, chance
from evolution.models import Agreement, JudgingStudy, Judgment

# What agreeing with the network is, in the order in which the page shows it.
AGREEING = {
    (Form.TWO, Foil.RANDOM, Framing.GUESS): "chose it over a random name",
    (Form.TWO, Foil.SECOND, Framing.GUESS): "chose it over the network’s second label",
    (Form.ALL, Foil.NONE, Framing.GUESS): "found it among all labels",
    (Form.ALL, Foil.NONE, Framing.OWN): "would call it so, of all labels",
    (Form.RIGHT, Foil.NONE, Framing.GUESS): "called it right",
    (Form.RIGHT, Foil.LURE, Framing.GUESS): "called a random name wrong",
    (Form.PICK, Foil.RANDOM, Framing.GUESS): "picked this picture for it",
    (Form.FREE, Foil.NONE, Framing.OWN): "named it so, in their own words",
}


@dataclass(frozen=True, slots=True)
class Question(Counted):
    """unsure: who could not tell, beside the answers. chance: of agreeing by guessing; None: nobody
    knows."""

    form: Form
    foil: Foil
    framing: Framing
    unsure: int
    chance: float | None

    @property
    def words(self) -> str:
        return AGREEING[self.form, self.foil, self.framing]

    @property
    def interval(self) -> Interval:
        return interval_of(self.agreeing, self.answers)


@dataclass(frozen=True, slots=True)
class Score:
    """The fooling score, with its 95% interval."""

    value: float
    low: float
    high: float
    is_enough: bool


@dataclass(frozen=True, slots=True)
class About:
    """What people answered about one network's label."""

    classifier: str
    version: str
    label: str
    questions: Sequence[Question]
    score: Score | None

    @property
    def network(self) -> str:
        return naming.classifier_title(self.classifier)


@dataclass(frozen=True, slots=True)
class Asked:
    """is_open: more answers may come."""

    individual_id: int
    about: Sequence[About]
    names: Names
    is_open: bool

    @property
    def is_empty(self) -> bool:
        return not self.about and not self.names.asked

    @property
    def state(self) -> str:
        """Names what is shown: another one when anything of it is another."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


def asked(individual_id: int) -> Asked:
    opened = JudgingStudy.objects.filter(
        status=JudgingStudy.Status.OPEN, stimuli__individual=individual_id
    )
    return Asked(
        individual_id, about(individual_id), human_names.names(individual_id), opened.exists()
    )


def about(individual_id: int) -> list[About]:
    """By network, those that the most people were asked about first."""
    scores = {
        (row.classifier, row.version, row.label): _score(row)
        for row in Agreement.objects.filter(individual=individual_id)
    }
    found: dict[tuple[str, str, str], list[Question]] = {}
    for row in _counts(individual_id):
        key = (
            row["trial__claim__classifier"],
            row["trial__claim__version"],
            row["trial__claim__label"],
        )
        found.setdefault(key, []).append(_question(row))
    order = list(AGREEING)
    told = [
        About(
            *key,
            sorted(questions, key=lambda one: order.index((one.form, one.foil, one.framing))),
            scores.get(key),
        )
        for key, questions in found.items()
    ]
    return sorted(told, key=lambda one: (-sum(q.answers for q in one.questions), one.classifier))


def _counts(individual_id: int) -> Iterable[Mapping[str, Any]]:
    counted = Judgment.objects.filter(
        stimulus__individual=individual_id,
        is_counted=True,
        occasion=0,
        trial__claim__isnull=False,
    )
    found: Iterable[Mapping[str, Any]] = (
        counted.order_by()
        .values(
            "form",
            "trial__foil",
            "trial__framing",
            "trial__claim__classifier",
            "trial__claim__version",
            "trial__claim__label",
        )
        .annotate(
            answers=Count("pk", filter=Q(agrees__isnull=False)),
            agreeing=Count("pk", filter=Q(agrees=True)),
            unsure=Count("pk", filter=Q(agrees__isnull=True)),
            offered=Max("trial__offered"),
        )
    )
    return found


def _question(row: Mapping[str, Any]) -> Question:
    form = Form(row["form"])
    return Question(
        answers=row["answers"],
        agreeing=row["agreeing"],
        form=form,
        foil=Foil(row["trial__foil"]),
        framing=Framing(row["trial__framing"]),
        unsure=row["unsure"],
        chance=chance(form, row["offered"]) if row["offered"] else None,
    )


def _score(row: Agreement) -> Score:
    enough = Counted(row.answers, row.agreeing).is_enough
    return Score(row.fooling, row.fooling_low, row.fooling_high, enough)
