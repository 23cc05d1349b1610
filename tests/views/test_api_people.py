"""What people answered, for programs, as docs/api.md tells it."""

import pytest
from django.test import Client

from tests.factories import make_elite, make_run
from tests.judging_factories import (
    LABEL,
    NETWORK,
    make_answers,
    make_judging_study,
    make_judgment,
    make_sitting,
    make_stimulus,
    make_trial,
)
from tests.views.asking import get

pytestmark = pytest.mark.django_db


def test_of_one_that_nobody_was_asked_about_is_empty(client: Client) -> None:
    elite = make_elite(make_run())
    assert get(client, f"/api/1/individuals/{elite.individual_id}")["people"] == []


def test_tells_each_form_and_the_score(client: Client) -> None:
    picture = make_stimulus(make_judging_study())
    make_answers(picture, 10, 20)
    make_judgment(make_trial(make_sitting(picture.study), "right", picture), "")
    (told,) = get(client, f"/api/1/individuals/{picture.individual_id}")["people"]
    assert (told["classifier"], told["label_name"]) == (NETWORK, LABEL)
    two, right = told["forms"]
    assert two == {
        "form": "two", "foil": "random", "framing": "guess", "answers": 20, "agreeing": 10,
        "share": 0.5, "low": pytest.approx(0.2720, abs=1e-4),
        "high": pytest.approx(0.7280, abs=1e-4), "chance": 0.5, "cannot_tell": 0,
    }  # fmt: skip
    assert (right["answers"], right["share"], right["low"]) == (0, None, None)
    assert right["cannot_tell"] == 1
    score = told["fooling"]
    assert (score["score"], score["is_enough"]) == (pytest.approx(0.9455), True)
    assert score["low"] < score["score"] <= score["high"]
