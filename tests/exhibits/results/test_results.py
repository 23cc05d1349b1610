"""Figures of a small study, against numbers computed by hand."""

import pytest

from evolution.agreement.intervals import interval_of
from evolution.exhibits.results import choices
from evolution.exhibits.results.shares import chance_percent
from evolution.judging.forms import Form
from evolution.models import Claim, JudgingStudy, Judgment
from tests.exhibits.results.small import ask, fact, figures, many, rows
from tests.judging_factories import (
    LABEL,
    OTHER,
    make_claim,
    make_judging_study,
    make_judgment,
    make_sitting,
    make_stimulus,
    make_trial,
)

pytestmark = pytest.mark.django_db

SECOND_NETWORK = "efficientnet-lite0"


class TestShare:
    def test_of_bred_pictures_with_a_random_foil(self, study: JudgingStudy) -> None:
        bred, noise = make_stimulus(study), make_stimulus(study, "noise")
        many(study, bred, 15, 20)
        many(study, noise, 3, 4)
        ask(make_sitting(study), bred, False, foil="second")
        found = figures()
        assert (found.headline.agreeing, found.headline.answers) == (15, 20)
        assert found.headline.chance == 0.5
        assert found.headline.interval == interval_of(15, 20)
        assert found.confidence == pytest.approx(0.9455)
        of_share = fact(found, "share")
        assert of_share.value == 0.75
        assert of_share.over == "20 answers of 20 people about 1 picture"
        assert [(row.note, row.share.agreeing, row.share.answers) for row in found.main] == [
            ("random other name", 15, 20),
            ("the network’s second name", 0, 1),
            ("random other name", 3, 4),
        ]
        assert [row.share.is_enough for row in found.main] == [True, False, False]

    def test_what_is_not_counted(self, study: JudgingStudy) -> None:
        bred = make_stimulus(study)
        sitting = make_sitting(study)
        first = ask(sitting, bred, True)
        repeat = make_trial(sitting, stimulus=bred, repeat_of=first.trial)
        make_judgment(repeat, OTHER)
        practice = make_trial(make_sitting(study), stimulus=make_stimulus(study, "practice"))
        make_judgment(practice, OTHER, is_counted=False)
        flagged = make_trial(make_sitting(study), stimulus=bred)
        make_judgment(flagged, OTHER, flag="too fast", is_counted=False)
        ask(make_sitting(study), bred, None)
        elsewhere = make_judging_study(name="elsewhere", is_standing=False)
        ask(make_sitting(elsewhere), make_stimulus(elsewhere), False)
        found = figures(study="small")
        assert (found.headline.agreeing, found.headline.answers) == (1, 1)
        assert found.cannot_tell == (1, 2)

    def test_people_who_failed_the_checks_in_and_out(self, study: JudgingStudy) -> None:
        bred = make_stimulus(study)
        many(study, bred, 2, 3)
        ask(make_sitting(study, is_left_out=True), bred, False)
        assert figures().headline.answers == 3
        assert figures(failed="in").headline.answers == 4
        for found in (figures(), figures(failed="in")):
            checked = rows(found.habits, "Checks of attention")
            counts = {
                name: (row.share.agreeing, row.share.answers) for name, row in checked.items()
            }
            assert counts == {
                "People who passed": (2, 3),
                "People who failed": (0, 1),
                "Everybody": (2, 4),
            }

    def test_of_one_network(self, study: JudgingStudy) -> None:
        bred = make_stimulus(study)
        make_claim(bred)
        other = make_claim(bred, SECOND_NETWORK)
        many(study, bred, 1, 2)
        ask(make_sitting(study), bred, False, claim=other)
        assert figures().headline.answers == 3
        assert figures(network=SECOND_NETWORK).headline.answers == 1
        assert {
            name: row.share.answers for name, row in rows(figures().splits, "By network").items()
        } == {"SqueezeNet 1.1": 2, "EfficientNet-Lite0": 1}

    def test_all_forms_have_their_chance(self, study: JudgingStudy) -> None:
        bred = make_stimulus(study)
        for form in (Form.TWO, Form.ALL, Form.RIGHT, Form.PICK, Form.FREE):
            judgment = ask(make_sitting(study), bred, True, form)
            if form == Form.FREE:
                Judgment.objects.filter(pk=judgment.pk).update(matched=LABEL)
        found = rows(figures().splits, "By question")
        assert {name: row.share.chance for name, row in found.items()} == {
            "Two names": 0.5,
            "All names": 0.001,
            "Right or wrong": 0.5,
            "Pick the picture": 0.25,
            "Free naming": None,
        }
        for name in ("all", "right", "pick", "free"):
            assert figures(form=name).headline.agreeing == 1

    def test_by_confidence(self, study: JudgingStudy) -> None:
        for band in ("high", "low"):
            bred = make_stimulus(study)
            make_claim(bred, band=band)
            many(study, bred, 1, 1)
        found = rows(figures().splits, "By confidence of the network")
        assert {name: row.note for name, row in found.items()} == {
            "low": "below 50%",
            "high": "99% and more",
        }


class TestAboveChance:
    def test_pictures(self, study: JudgingStudy) -> None:
        for agreeing, answers in ((10, 20), (11, 20), (15, 20), (19, 19)):
            many(study, make_stimulus(study), agreeing, answers)
        found = figures()
        at_all, significant = fact(found, "pictures_any"), fact(found, "pictures_significant")
        assert at_all.value == pytest.approx(2 / 3)
        assert significant.value == pytest.approx(1 / 3)
        assert significant.over.startswith("3 pictures with 20 answers or more; 1 with fewer")
        assert at_all.interval == interval_of(2, 3)
        assert significant.chance == pytest.approx(0.0207, abs=1e-4)

    def test_people_over_all_questions(self, study: JudgingStudy) -> None:
        pictures = [make_stimulus(study) for _ in range(10)]
        for agreeing in (5, 6, 10):
            sitting = make_sitting(study)
            for number, stimulus in enumerate(pictures):
                form = Form.TWO if number % 2 else Form.RIGHT
                ask(sitting, stimulus, number < agreeing, form)
        ask(make_sitting(study), pictures[0], True)
        found = figures()
        assert fact(found, "people_any").value == pytest.approx(2 / 3)
        assert fact(found, "people_significant").value == pytest.approx(1 / 3)
        assert "; 1 with fewer left out" in fact(found, "people_any").over

    def test_the_chosen_definition_comes_first(self, study: JudgingStudy) -> None:
        many(study, make_stimulus(study), 15, 20)
        names = [one.name for one in figures(above="significant").facts]
        assert names.index("pictures_significant") < names.index("pictures_any")
        assert [point.is_above for point in figures(above="significant").scatter.points] == [True]

    def test_picture_by_picture(self, study: JudgingStudy) -> None:
        seen, few = make_stimulus(study), make_stimulus(study)
        many(study, seen, 12, 20)
        many(study, few, 19, 19)
        Claim.objects.filter(stimulus=seen).update(confidence=0.99)
        found = figures().scatter
        assert found.of == 2
        (point,) = found.points
        assert point.individual == seen.individual_id
        assert point.share.value == 0.6
        assert point.across == pytest.approx(0.5)  # two of four nines
        assert point.is_above
        assert not figures(above="significant").scatter.points[0].is_above


class TestPlan:
    def test_progress_is_of_what_the_plan_is_about(self, study: JudgingStudy) -> None:
        many(study, make_stimulus(study), 20, 21)
        many(study, make_stimulus(study), 5, 5)
        ask(make_sitting(study), make_stimulus(study), True, Form.ALL)
        found = figures().plan
        assert (found.progress.complete, found.progress.pictures) == (1, 20)
        assert (found.progress.answers, found.progress.planned) == (25, 400)
        assert found.groups[0].title == "bred by a network, CPPN"

    def test_without_answers(self, study: JudgingStudy) -> None:
        for form in choices.FORMS:
            found = figures(form=form)
            assert found.headline.value is None
            assert fact(found, "error_consistency").reason == "there are no trials"
            assert found.as_json()["answers"] == 0


class TestChoices:
    def test_wishes_that_cannot_be_met(self, study: JudgingStudy) -> None:
        asked = {"study": "none", "form": "five", "above": "x", "network": "vgg", "failed": "1"}
        choice, _, notes = choices.read(asked)
        assert choice == choices.Choice(study)
        assert len(notes) == 5
        assert notes[1] == "form: expected two, all, right, pick, free, got “five”."

    def test_the_standing_study_is_shown_first_and_none_that_was_not_opened(self) -> None:
        assert choices.read({})[0].study is None
        standing = make_judging_study(is_standing=True)
        make_judging_study()
        make_judging_study(status="preparing", opened_at=None, digest="")
        choice, offered, _ = choices.read({})
        assert choice.study == standing
        assert len(offered.studies) == 2


@pytest.mark.parametrize(
    ("chance", "words"), [(0.5, "50%"), (1 / 9, "11%"), (0.001, "0.1%"), (1 / 48, "2.1%")]
)
def test_chance_in_words(chance: float, words: str) -> None:
    assert chance_percent(chance) == words
