"""What people call a picture: labels at once, other words once two people gave them."""

from typing import Any

import pytest

from evolution.exhibits import human_names
from evolution.exhibits.human_names import Names
from evolution.judging.forms import Form
from evolution.models import HiddenName, Judgment, Sitting, Stimulus
from tests.judging_factories import (
    LABEL,
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


def name(picture: Stimulus, text: str, by: Sitting | None = None, **fields: Any) -> Judgment:
    trial = make_trial(by or make_sitting(picture.study), Form.FREE, picture)
    return make_judgment(trial, text, **fields)


def names(picture: Stimulus) -> Names:
    assert picture.individual_id
    return human_names.names(picture.individual_id)


def words(picture: Stimulus) -> list[tuple[str, int]]:
    return [(one.text, one.agreeing) for one in names(picture).shown]


def test_nobody_was_asked(picture: Stimulus) -> None:
    assert names(picture) == Names(asked=0, kept_back=0, shown=[])


def test_a_label_shows_at_once(picture: Stimulus) -> None:
    name(picture, "a bow", matched=LABEL)
    assert words(picture) == [(LABEL, 1)]


def test_another_word_waits_for_a_second_person(picture: Stimulus) -> None:
    name(picture, "Two rings")
    assert words(picture) == []
    assert names(picture).kept_back == 1
    name(picture, "the two rings!")
    assert words(picture) == [("Two rings", 2)]
    assert names(picture).kept_back == 0


def test_one_person_who_says_it_twice_is_one(picture: Stimulus) -> None:
    first = name(picture, "rings")
    again = make_stimulus(make_judging_study(), individual=picture.individual)
    name(again, "rings", make_sitting(again.study, visitor=first.visitor))
    assert words(picture) == []


def test_joins_the_studies(picture: Stimulus) -> None:
    again = make_stimulus(make_judging_study(), individual=picture.individual)
    name(picture, "rings")
    name(again, "rings")
    assert words(picture) == [("rings", 2)]


def test_the_most_frequent_come_first_and_are_largest(picture: Stimulus) -> None:
    for text in ["rings"] * 4 + ["a lamp"] * 2:
        name(picture, text)
    shown = names(picture).shown
    assert [(one.text, one.size) for one in shown] == [("rings", 3), ("a lamp", 2)]
    assert {one.answers for one in shown} == {6}


@pytest.mark.parametrize(
    "fields", [{"is_counted": False}, {"occasion": 1}], ids=["not counted", "repeat"]
)
def test_leaves_out_what_does_not_count(picture: Stimulus, fields: dict[str, Any]) -> None:
    name(picture, "bow", matched=LABEL, **fields)
    assert names(picture).asked == 0


def test_who_cannot_tell_gave_no_name(picture: Stimulus) -> None:
    name(picture, "")
    assert names(picture).asked == 0


def test_what_has_no_letters_never_shows(picture: Stimulus) -> None:
    name(picture, "!!!")
    name(picture, "!!!")
    assert words(picture) == []


class TestHiding:
    def test_keeps_a_word_off_however_it_is_written(self, picture: Stimulus) -> None:
        name(picture, "Two rings")
        name(picture, "two rings")
        HiddenName.objects.create(name="THE TWO RINGS")
        assert words(picture) == []
        assert names(picture).kept_back == 2

    def test_keeps_the_answers(self, picture: Stimulus) -> None:
        judgment = name(picture, "rings")
        HiddenName.objects.create(name="rings")
        judgment.refresh_from_db()
        assert judgment.answer == "rings"

    def test_never_hides_a_label(self, picture: Stimulus) -> None:
        name(picture, LABEL, matched=LABEL)
        HiddenName.objects.create(name=LABEL)
        assert words(picture) == [(LABEL, 1)]
