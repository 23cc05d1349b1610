"""Agreements follow from the judgments, whatever was there before."""

from typing import Any

import pytest
from django.db import transaction

from evolution.agreement.fooling import fooling
from evolution.judging.forms import Form
from evolution.models import Agreement, Individual, Judgment, Stimulus, Trial
from evolution.services.judging import agreeing
from tests.judging_factories import (
    LABEL,
    NETWORK,
    OTHER,
    SECOND,
    make_claim,
    make_judging_study,
    make_judgment,
    make_sitting,
    make_stimulus,
    make_trial,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def picture() -> Stimulus:
    return make_stimulus(make_judging_study())


def ask(stimulus: Stimulus, answer: str, form: str = Form.TWO, **fields: Any) -> Judgment:
    """A new person answers."""
    told = {name: fields.pop(name) for name in ("is_counted", "occasion") if name in fields}
    trial = make_trial(make_sitting(stimulus.study), form, stimulus, **fields)
    return make_judgment(trial, answer, **told)


def recount(stimulus: Stimulus) -> None:
    with transaction.atomic():
        agreeing.recount([individual_of(stimulus).pk])


def individual_of(stimulus: Stimulus) -> Individual:
    assert stimulus.individual is not None
    return stimulus.individual


def test_sums_up_two_names_with_a_random_foil(picture: Stimulus) -> None:
    for answer in (LABEL, LABEL, SECOND):
        ask(picture, answer)
    recount(picture)
    (row,) = Agreement.objects.all()
    assert (row.individual, row.classifier, row.label) == (picture.individual, NETWORK, LABEL)
    assert (row.answers, row.agreeing, row.confidence) == (3, 2, 0.9455)
    assert row.share == pytest.approx(2 / 3)
    score = fooling(0.9455, 2, 3)
    assert score is not None
    assert row.fooling == pytest.approx(score.score)
    assert row.fooling == pytest.approx(0.9455 * (1 - (2 / 3 - 0.5) / 0.5))
    assert (row.fooling_low, row.fooling_high) == (score.interval.low, score.interval.high)


@pytest.mark.parametrize(
    ("answer", "form", "fields"),
    [
        (SECOND, Form.TWO, {"foil": "second"}),
        ("right", Form.RIGHT, {}),
        (LABEL, Form.ALL, {}),
        ("rings", Form.FREE, {}),
        (LABEL, Form.TWO, {"is_counted": False}),
        (LABEL, Form.TWO, {"occasion": 1}),
        ("", Form.TWO, {}),
    ],
    ids=["second label", "right", "all", "free", "not counted", "repeat", "cannot tell"],
)
def test_leaves_everything_else_out(
    picture: Stimulus, answer: str, form: str, fields: dict[str, Any]
) -> None:
    ask(picture, LABEL)
    ask(picture, answer, form, **fields)
    recount(picture)
    assert Agreement.objects.get().answers == 1


def test_does_so_once_however_often_it_is_asked(picture: Stimulus) -> None:
    ask(picture, LABEL)
    recount(picture)
    before = Agreement.objects.values_list("pk", "answers", "agreeing").get()
    recount(picture)
    assert Agreement.objects.values_list("pk", "answers", "agreeing").get() == before
    ask(picture, OTHER)
    recount(picture)
    assert Agreement.objects.values_list("pk", "answers", "agreeing").get() == (before[0], 2, 1)


def test_forgets_what_nobody_answers_any_more(picture: Stimulus) -> None:
    judgment = ask(picture, LABEL)
    recount(picture)
    judgment.delete()
    recount(picture)
    assert not Agreement.objects.exists()


def test_touches_no_other_individual(picture: Stimulus) -> None:
    other = make_stimulus(picture.study)
    for one in (picture, other):
        ask(one, LABEL)
        recount(one)
    Judgment.objects.all().delete()
    recount(picture)
    assert Agreement.objects.get().individual == other.individual


def test_joins_the_studies_and_parts_the_networks(picture: Stimulus) -> None:
    again = make_stimulus(make_judging_study(), individual=picture.individual)
    ask(picture, LABEL)
    ask(again, LABEL)
    lite = make_claim(picture, "efficientnet-lite0", label="banana")
    ask(picture, SECOND, claim=lite)
    recount(picture)
    found = Agreement.objects.values_list("classifier", "label", "answers", "agreeing")
    assert sorted(found) == [("efficientnet-lite0", "banana", 1, 0), (NETWORK, LABEL, 2, 2)]


def test_a_claim_of_another_label_is_not_added(picture: Stimulus) -> None:
    again = make_stimulus(make_judging_study(), individual=picture.individual)
    ask(picture, LABEL)
    claim = make_claim(again, label="banana", second=LABEL)
    ask(again, "banana", claim=claim)
    recount(picture)
    row = Agreement.objects.get()
    assert (row.label, row.answers) == ("banana", 1)


def test_of_nobody_is_nothing() -> None:
    agreeing.recount([])
    assert not Agreement.objects.exists()


def test_costs_the_same_for_many(picture: Stimulus, django_assert_num_queries: Any) -> None:
    pictures = [picture, *(make_stimulus(picture.study) for _ in range(9))]
    for one in pictures:
        ask(one, LABEL)
    with transaction.atomic(), django_assert_num_queries(5):  # nothing is stale
        agreeing.recount([individual_of(one).pk for one in pictures])
    assert Trial.objects.count() == Agreement.objects.count() == 10
