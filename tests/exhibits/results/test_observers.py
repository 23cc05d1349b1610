"""Observers beside each other, and with themselves, against numbers computed by hand."""

from typing import Any

import pytest

from evolution.judging.forms import Form
from evolution.models import JudgingStudy
from tests.exhibits.results.small import ask, fact, figures, many, rows
from tests.judging_factories import (
    LABEL,
    OTHER,
    make_claim,
    make_judgment,
    make_sitting,
    make_stimulus,
    make_trial,
)

pytestmark = pytest.mark.django_db


class TestObservers:
    def test_kappa_of_two_names_is_over_their_order(self, study: JudgingStudy) -> None:
        # The network's name is first and last alike often; 3 of 4 agree: (0.75 - 0.5) / 0.5.
        bred = make_stimulus(study)
        label = make_claim(bred).label
        for options in ([label, OTHER], [OTHER, label]):
            for number in range(8):
                ask(make_sitting(study), bred, number % 4 < 3, options=options)
        kappa = fact(figures(), "kappa")
        assert kappa.value == pytest.approx(0.5)
        assert kappa.over == "16 answers"
        assert kappa.interval is not None
        assert kappa.value in kappa.interval

    def test_error_consistency_over_photographs(self, study: JudgingStudy) -> None:
        # The person right, the network right: 3 both, 1 the person, 1 the network, 2 neither.
        photograph = make_stimulus(study, "photograph", truth=[LABEL])
        make_claim(photograph)
        for is_right, machine, times in ((1, 1, 3), (1, 0, 1), (0, 1, 1), (0, 0, 2)):
            for _ in range(times):
                said = LABEL if machine else OTHER
                fields: dict[str, Any] = {
                    "machine_answer": said,
                    "expected": said,
                    "right_answers": [LABEL],
                }
                trial = make_trial(make_sitting(study), stimulus=photograph, **fields)
                answer = LABEL if is_right else OTHER
                make_judgment(trial, answer, is_right=bool(is_right))
        found = fact(figures(), "error_consistency")
        observed, expected = 5 / 7, (4 * 4 + 3 * 3) / 49
        assert found.value == pytest.approx((observed - expected) / (1 - expected))
        assert "people right in 57%, the network in 57%" in found.over

    def test_right_or_wrong_as_signal_detection(self, study: JudgingStudy) -> None:
        bred = make_stimulus(study)
        lure = {"foil": "lure", "shown": OTHER, "expected": "wrong", "machine_answer": "wrong"}
        for number in range(10):
            ask(make_sitting(study), bred, number < 8, Form.RIGHT)
            ask(make_sitting(study), bred, number < 6, Form.RIGHT, **lure)
        found = figures(form="right")
        # Hits (8 + .5) / 11, false alarms (4 + .5) / 11.
        assert fact(found, "sensitivity").value == pytest.approx(0.748 + 0.230, abs=1e-3)
        assert fact(found, "criterion").value == pytest.approx(-0.259, abs=1e-3)
        assert fact(found, "criterion").chance is None
        assert fact(found, "criterion").words == "−0.26"
        assert found.headline.agreeing == 14

    def test_the_same_question_again(self, study: JudgingStudy) -> None:
        for again in (LABEL, OTHER, LABEL):
            sitting, bred = make_sitting(study), make_stimulus(study)
            first = ask(sitting, bred, True)
            make_judgment(make_trial(sitting, stimulus=bred, repeat_of=first.trial), again)
        found = rows(figures().habits, "The same question again")["Answered alike both times"]
        assert (found.share.agreeing, found.share.answers) == (2, 3)

    def test_by_place_in_the_sitting(self, study: JudgingStudy) -> None:
        sitting = make_sitting(study)
        for number in range(7):
            ask(sitting, make_stimulus(study), number < 6)
        found = rows(figures().habits, "Place in the sitting")
        counts = {name: (row.share.agreeing, row.share.answers) for name, row in found.items()}
        assert counts == {"Trials 1 to 5": (5, 5), "Trials 6 to 10": (1, 2)}

    def test_intervals_are_the_same_for_the_same_answers(self, study: JudgingStudy) -> None:
        many(study, make_stimulus(study), 7, 10)
        first, again = figures(), figures()
        assert fact(first, "share_people").interval == fact(again, "share_people").interval
        assert fact(first, "share_people").interval is not None
