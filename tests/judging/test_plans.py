"""Plans: complete, refused with the name of what is wrong, and the same after a detour over JSON."""

import json
from typing import Any

import pytest

from evolution.errors import InvalidInput
from evolution.judging.plans import Group, JudgingPlan, Trials, digest

PLAN = JudgingPlan("Digits", (Group("bred", "lenet-a", 10, "cppn"), Group("noise", "lenet-a", 2)))


def test_a_plan_survives_json() -> None:
    document = json.loads(json.dumps(PLAN.as_json()))
    assert JudgingPlan.from_json(document) == PLAN


def test_what_is_missing_has_its_default() -> None:
    plan = JudgingPlan.from_json(
        {"title": "Short", "groups": [{"kind": "noise", "classifier": "lenet-a", "count": 3}]}
    )
    assert plan.trials == Trials()
    assert plan.answers == 20


@pytest.mark.parametrize(
    ("changes", "argument"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"groups": []}, "groups"),
        ({"groups": "all"}, "groups"),
        ({"groups": [{"kind": "noise", "classifier": "lenet-a", "count": 0}]}, "count"),
        ({"groups": [{"kind": "noise", "classifier": "lenet-a", "count": 401}]}, "count"),
        ({"groups": [{"kind": "dream", "classifier": "lenet-a", "count": 1}]}, "kind"),
        ({"groups": [{"kind": "bred", "classifier": "lenet-a", "count": 1}]}, "encoding"),
        ({"groups": [{"kind": "noise", "classifier": "", "count": 1}]}, "classifier"),
        ({"groups": [{"kind": "noise"}]}, "groups"),
        ({"answers": 0}, "answers"),
        ({"answers": True}, "answers"),
        ({"offered": 1}, "offered"),
        ({"bands": [0.9, 0.5]}, "bands"),
        ({"bands": [0.9]}, "bands"),
        ({"bands": ["low", "high"]}, "bands"),
        ({"bands": [float("nan"), 0.9]}, "bands"),
        ({"least": 1}, "least"),
        ({"least": "any"}, "least"),
        ({"reveal": "never"}, "reveal"),
        ({"trials": {"right": 3}}, "right"),
        ({"trials": {"repeat": 60}}, "trials"),
        ({"trials": {"two_random": 1, "two_second": 0, "repeat": 2}}, "repeat"),
        ({"trials": {"dance": 3}}, "dance"),
        ({"trials": 5}, "trials"),
        ({"checks": {"too_fast": 0}}, "too_fast"),
        ({"checks": {"failed_checks": 0}}, "failed_checks"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_plan_that_cannot_be_used_is_refused_by_name(
    changes: dict[str, Any], argument: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        JudgingPlan.from_json({**PLAN.as_json(), **changes})
    assert refusal.value.argument == argument


def test_two_groups_of_the_same_are_refused() -> None:
    with pytest.raises(InvalidInput, match="groups"):
        JudgingPlan("Twice", (Group("noise", "lenet-a", 2), Group("noise", "lenet-a", 3)))


@pytest.mark.parametrize(
    ("confidence", "band"),
    [(0.0, "low"), (0.4999, "low"), (0.5, "middle"), (0.98, "middle"), (0.99, "high"), (1, "high")],
)
def test_bands(confidence: float, band: str) -> None:
    assert PLAN.band(confidence) == band


def test_a_digest_tells_any_change() -> None:
    before = digest(PLAN.as_json(), ["a", "b"])
    assert before == digest(json.loads(json.dumps(PLAN.as_json())), ["a", "b"])
    assert before != digest(PLAN.as_json(), ["b", "a"])
    assert before != digest({**PLAN.as_json(), "answers": 21}, ["a", "b"])
