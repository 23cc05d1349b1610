"""Simulated people sit a study through the real site: what is measured is what they are like."""

from collections.abc import Iterator

import numpy as np
import pytest
from django.test import override_settings

from evolution.models import JudgingStudy, Judgment
from tests.judging.observers import CARELESS, GUESSING, PERFECT, FirstOption, Observer, sit
from tests.judging.studies import full_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def study() -> Iterator[JudgingStudy]:
    # Nobody sits that fast: that it is refused is tried elsewhere.
    with override_settings(RATELIMIT_ENABLE=False):
        yield full_study(24)


def sat(study: JudgingStudy, observer: Observer, times: int) -> list[tuple[bool | None, str, bool]]:
    """The answers about bred pictures: agrees, form, counted."""
    rng = np.random.default_rng(5)
    for _ in range(times):
        sit(study, observer, rng)
    judged = Judgment.objects.filter(stimulus__kind="bred", occasion=0)
    return list(judged.values_list("agrees", "form", "is_counted"))


def test_a_perfect_observer_always_agrees(study: JudgingStudy) -> None:
    answers = sat(study, PERFECT, 2)
    assert len(answers) == 2 * 17
    assert all(agrees and counted for agrees, _, counted in answers)
    assert Judgment.objects.filter(is_right=False).count() == 0


def test_an_observer_who_always_takes_the_first_agrees_by_chance(study: JudgingStudy) -> None:
    answers = [agrees for agrees, form, _ in sat(study, FirstOption(), 12) if form == "two"]
    assert len(answers) == 96
    assert abs(sum(map(bool, answers)) - 48) < 20  # four standard deviations


def test_a_careless_observer_is_left_out(study: JudgingStudy) -> None:
    answers = sat(study, CARELESS, 3)
    assert not any(counted for _, _, counted in answers)
    assert study.sittings.filter(is_left_out=True).count() == 3


def test_guessing_observers_are_counted(study: JudgingStudy) -> None:
    answers = sat(study, GUESSING, 3)
    assert all(counted for _, _, counted in answers)
