"""Answers as the results page wants them, counted in the database: more than its plain cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Case, CharField, Count, F, Max, Q, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from evolution.exhibits.results.choices import Choice
from evolution.judging.forms import Form
from evolution.models import JudgingStudy, Judgment
from evolution.services.judging.counting import AGREEING, BRED, TOLD, Answers, first_answers


def chosen(choice: Choice, answers: Answers) -> Answers:
    """Of these, what the filters of the page leave."""
    if choice.network:
        answers = answers.filter(trial__claim__classifier=choice.network)
    return answers if choice.has_failed else answers.filter(is_counted=True)


@dataclass(frozen=True)
class Primary:
    """Answers under the primary condition, one a person and claim: columns (N,).

    people: numbered. offered: how many there were to choose from. hits: 1 if the answer agrees.
    said, claimed: what the person and the network answered to the same question. Of two names, whose
    order is drawn by lot, the first or the second.
    """

    people: Sequence[int]
    claims: Sequence[int]
    offered: Sequence[int]
    hits: Sequence[int]
    said: Sequence[str]
    claimed: Sequence[str]
    positions: Sequence[int]
    foils: Sequence[str]


def primary(choice: Choice) -> Primary:
    """About bred pictures, under the condition that stands for the form of the question."""
    assert choice.study is not None
    answers = chosen(choice, first_answers(choice.study)).filter(
        form=choice.form,
        trial__foil__in=choice.foils,
        trial__framing=choice.framing,
        stimulus__kind=BRED,
        agrees__isnull=False,
    )
    rows = _with_labels(answers, choice.form).annotate(
        person=_person(), hit=Case(When(agrees=True, then=1), default=0)
    )
    names = ("trial__claim", "trial__offered", "hit", "said", "claimed", "trial__position")
    return Primary(*_columns(rows, "person", *names, "trial__foil"))


def _with_labels(answers: Answers, form: Form) -> Answers:
    if form == Form.TWO:
        first = KeyTextTransform("0", "trial__options")
        return answers.annotate(
            said=_whether(Q(answer=first)), claimed=_whether(Q(trial__machine_answer=first))
        )
    said = "matched" if form == Form.FREE else "answer"
    return answers.annotate(said=F(said), claimed=F("trial__machine_answer"))


def of_people(choice: Choice) -> list[Sequence[Any]]:
    """What each person answered about bred pictures, whatever the form: columns (N,).

    People, numbered, with the forms and how many there were to choose from; answers, and how many
    agree. Free names are left out, since nobody knows their chance.
    """
    assert choice.study is not None
    answers = chosen(choice, first_answers(choice.study)).exclude(form=Form.FREE)
    known = answers.filter(stimulus__kind=BRED, agrees__isnull=False)
    grouped = known.annotate(person=_person()).values("person", "form", "trial__offered")
    counted = grouped.order_by().annotate(told=TOLD, agreeing=AGREEING)
    return _columns(counted, "person", "form", "trial__offered", "told", "agreeing")


def right_and_wrong(choice: Choice) -> tuple[Sequence[int], np.ndarray[Any, Any]]:
    """Of pictures with known content: people (N,), numbered, and their counts (N, 4).

    The columns: both wrong, the network alone right, the person alone right, both right.
    """
    assert choice.study is not None
    known = chosen(choice, first_answers(choice.study)).filter(is_right__isnull=False)
    true = KeyTextTransform("0", "trial__right_answers")
    of_machine = Q(trial__machine_answer=true)
    of_both = [
        Count("pk", filter=Q(is_right=person) & (of_machine if machine else ~of_machine))
        for person in (False, True)
        for machine in (False, True)
    ]
    names = ("neither", "machine_alone", "person_alone", "both")
    grouped = known.annotate(person=_person()).values("person").order_by()
    grouped = grouped.annotate(**dict(zip(names, of_both, strict=True)))
    people, *columns = _columns(grouped, "person", *names)
    return people, np.array(columns, dtype=np.int64).T.reshape(-1, 4)


def repeats(choice: Choice) -> tuple[int, int]:
    """How often the same question was asked again, and answered alike."""
    assert choice.study is not None
    again = Judgment.objects.filter(
        stimulus__study=choice.study, occasion=1, flag="", trial__repeat_of__judgment__flag=""
    )
    both = chosen(choice, again).exclude(answer="").exclude(trial__repeat_of__judgment__answer="")
    alike = Q(answer=F("trial__repeat_of__judgment__answer"))
    found = both.aggregate(asked=Count("pk"), alike=Count("pk", filter=alike))
    return found["asked"], found["alike"]


def state(study: JudgingStudy) -> dict[str, Any]:
    """How many answers there are, how many count, and the newest: changes whenever a figure may."""
    return Judgment.objects.filter(stimulus__study=study).aggregate(
        answers=Count("pk"),
        counted=Count("pk", filter=Q(is_counted=True)),
        newest=Max("pk"),
        last=Max("answered_at"),
    )


def _person() -> Cast:
    return Cast("visitor", CharField())  # a plain text: thousands of UUID objects are slow


def _whether(condition: Q) -> Case:
    return Case(When(condition, then=Value("first")), default=Value("second"))


def _columns(rows: Any, person: str, *names: str) -> list[Sequence[Any]]:
    """Return the columns of a query; people as small numbers, which are quick to sort."""
    found = list(rows.values_list(person, *names))
    people, *columns = zip(*found, strict=True) if found else ((), *((),) * len(names))
    numbers: dict[str, int] = {}
    return [[numbers.setdefault(one, len(numbers)) for one in people], *columns]
