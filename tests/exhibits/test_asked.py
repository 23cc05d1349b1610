"""What people answered about one individual, question by question."""

import pytest

from evolution.exhibits import asked
from evolution.exhibits.said import Counted
from evolution.judging.forms import FOILS, FRAMINGS, Form
from evolution.models import JudgingStudy, Stimulus
from tests.factories import NOW
from tests.judging_factories import (
    LABEL,
    NETWORK,
    SECOND,
    make_answers,
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


def panel(picture: Stimulus) -> asked.Asked:
    assert picture.individual_id
    return asked.asked(picture.individual_id)


def test_every_question_has_its_words() -> None:
    kinds = {(form, foil, one) for form in Form for foil in FOILS[form] for one in FRAMINGS[form]}
    assert set(asked.AGREEING) == kinds


def test_nobody_was_asked(picture: Stimulus) -> None:
    assert panel(picture).is_empty


def test_counts_each_form_and_foil_apart(picture: Stimulus) -> None:
    make_answers(picture, 1, 3)
    sitting = make_sitting(picture.study)
    options = [LABEL, SECOND]
    second = make_trial(sitting, stimulus=picture, foil="second", options=options)
    make_judgment(second, LABEL)
    make_judgment(make_trial(sitting, Form.RIGHT, picture), "wrong")
    make_judgment(make_trial(sitting, Form.ALL, picture), "")
    (about,) = panel(picture).about
    assert (about.label, about.classifier) == (LABEL, NETWORK)
    told = [(q.form, str(q.foil), q.agreeing, q.answers, q.unsure) for q in about.questions]
    assert told == [
        (Form.TWO, "random", 1, 3, 0),
        (Form.TWO, "second", 1, 1, 0),
        (Form.ALL, "", 0, 0, 1),
        (Form.RIGHT, "", 0, 1, 0),
    ]
    assert [q.chance for q in about.questions] == [0.5, 0.5, 0.001, 0.5]


def test_the_score_is_that_of_the_agreement(picture: Stimulus) -> None:
    make_answers(picture, 10, 20)
    (about,) = panel(picture).about
    assert about.score is not None
    assert about.score.value == pytest.approx(0.9455)  # as often as by guessing
    assert about.score.low < about.score.value <= about.score.high
    assert about.score.is_enough


def test_parts_the_networks(picture: Stimulus) -> None:
    make_answers(picture, 2, 2)
    lite = make_claim(picture, "efficientnet-lite0", label="banana")
    make_judgment(make_trial(make_sitting(picture.study), stimulus=picture, claim=lite), "banana")
    assert [(one.label, one.score is not None) for one in panel(picture).about] == [
        (LABEL, True),
        ("banana", False),
    ]


class TestState:
    def test_is_another_with_another_answer(self, picture: Stimulus) -> None:
        before = panel(picture).state
        assert panel(picture).state == before
        make_answers(picture, 1, 1)
        assert panel(picture).state != before

    def test_is_open_while_a_study_is(self, picture: Stimulus) -> None:
        assert panel(picture).is_open
        before = panel(picture).state
        closed = {"status": JudgingStudy.Status.CLOSED, "closed_at": NOW}
        JudgingStudy.objects.update(**closed)
        assert not panel(picture).is_open
        assert panel(picture).state != before


class TestDots:
    def test_one_an_answer_up_to_thirty(self) -> None:
        assert (Counted(30, 13).dots, Counted(30, 13).full_dots) == (30, 13)

    def test_above_it_twenty_of_five_per_cent(self) -> None:
        assert (Counted(31, 31).dots, Counted(31, 31).full_dots) == (20, 20)
        assert Counted(1000, 520).full_dots == 10

    def test_twenty_answers_are_enough(self) -> None:
        assert not Counted(19, 3).is_enough
        assert Counted(20, 3).is_enough
