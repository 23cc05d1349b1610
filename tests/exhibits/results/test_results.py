"""Figures of a small study, against numbers computed by hand."""

from typing import Any

import pytest

from evolution.agreement.intervals import interval_of
from evolution.exhibits.results import choices, pages
from evolution.exhibits.results.pages import Figures
from evolution.exhibits.results.shares import Row, chance_percent
from evolution.exhibits.results.tables import Table
from evolution.judging.forms import Form
from evolution.models import Claim, JudgingStudy, Judgment, Sitting, Stimulus, Trial
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


@pytest.fixture
def study() -> JudgingStudy:
    return make_judging_study(name="small")


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
