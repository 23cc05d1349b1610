"""A small study whose figures can be computed by hand, and what is read of them."""

from typing import Any

from evolution.exhibits.results import choices, pages
from evolution.exhibits.results.pages import Figures
from evolution.exhibits.results.shares import Row
from evolution.exhibits.results.tables import Table
from evolution.judging.forms import Form
from evolution.models import JudgingStudy, Judgment, Sitting, Stimulus, Trial
from tests.judging_factories import (
    OTHER,
    make_judgment,
    make_sitting,
    make_trial,
)


def figures(**asked: str) -> Figures:
    choice, _, notes = choices.read(asked)
    assert notes == []
    return pages.figures(choice)


def fact(found: Figures, name: str) -> Any:
    return next(one for one in found.facts if one.name == name)


def rows(tables: Any, title: str) -> dict[str, Row]:
    table: Table = next(one for one in tables if one.title == title)
    return {row.name: row for row in table.rows}


def ask(
    sitting: Sitting, stimulus: Stimulus, agrees: bool | None, form: str = Form.TWO, **fields: Any
) -> Judgment:
    """A trial with its answer; None is "I cannot tell"."""
    counts = not sitting.is_left_out
    trial = make_trial(sitting, form, stimulus, **fields)
    wrong = {Form.TWO: _other(trial), Form.RIGHT: "wrong", Form.PICK: "0"}.get(Form(form), OTHER)
    answer = "" if agrees is None else trial.expected if agrees else wrong
    if form == Form.RIGHT and agrees is False:
        answer = "wrong" if trial.expected == "right" else "right"
    right = trial.right_answers
    return make_judgment(
        trial, answer, is_counted=counts, is_right=answer in right if right else None
    )


def _other(trial: Trial) -> str:
    return next((str(one) for one in trial.options if one != trial.expected), OTHER)


def many(study: JudgingStudy, stimulus: Stimulus, agreeing: int, answers: int) -> None:
    """So many people, of whom the first so many agree."""
    for number in range(answers):
        ask(make_sitting(study), stimulus, number < agreeing)
