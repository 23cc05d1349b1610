"""Answers: stored once, refused or flagged where they cannot be, counted as the plan says."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from evolution.errors import Expired, InvalidInput, NotAllowed, Stale
from evolution.judging.plans import JudgingPlan
from evolution.models import (
    Agreement,
    Block,
    Exposure,
    JudgingStudy,
    Judgment,
    Sitting,
    Stimulus,
    Trial,
)
from evolution.services.judging import answering, exposing, forgetting, sittings
from evolution.services.visitors import Visitor
from tests.judging.studies import full_study, new_visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor() -> Visitor:
    return new_visitor()


@pytest.fixture
def sitting(visitor: Visitor) -> Sitting:
    return sittings.begin(visitor, full_study(), uuid.uuid4())


def asked(sitting: Sitting, form: str = "two", kind: str = "bred", **fields: str) -> Trial:
    """A trial of this sort, put three seconds ago."""
    found = sitting.trials.filter(form=form, stimulus__kind=kind, repeat_of=None, **fields)
    trial = found.select_related("stimulus", "claim").first()
    assert trial is not None
    return given(trial, 3)


def given(trial: Trial, seconds: float) -> Trial:
    trial.given_at = timezone.now() - timedelta(seconds=seconds)
    trial.save(update_fields=["given_at"])
    return trial


def answer(visitor: Visitor, trial: Trial, value: str, reaction_ms: int | None = 900) -> Judgment:
    return answering.answer(visitor, trial.token, value, reaction_ms)


@pytest.mark.parametrize("form", ["two", "all", "right", "pick"])
def test_the_networks_label_agrees(sitting: Sitting, visitor: Visitor, form: str) -> None:
    trial = asked(sitting, form)
    judgment = answer(visitor, trial, trial.expected)
    assert judgment.agrees is True
    assert judgment.is_counted
    assert judgment.is_right is None
    assert judgment.flag == ""
    assert judgment.reaction_ms == 900
    assert 2900 < judgment.elapsed_ms < 6000


@pytest.mark.parametrize("form", ["two", "right", "pick"])
def test_another_option_does_not(sitting: Sitting, visitor: Visitor, form: str) -> None:
    trial = asked(sitting, form)
    offered = ["0", "1", "2", "3"] if form == "pick" else trial.options
    other = next(option for option in offered if option != trial.expected)
    assert answer(visitor, trial, other).agrees is False


def test_a_lure_that_is_called_wrong_agrees(sitting: Sitting, visitor: Visitor) -> None:
    trial = asked(sitting, "right", foil="lure")
    assert answer(visitor, trial, "wrong").agrees is True


def test_a_free_name_is_matched_and_kept(sitting: Sitting, visitor: Visitor) -> None:
    trial = asked(sitting, "free")
    judgment = answer(visitor, trial, f"  The {trial.expected.upper()}! ")
    assert judgment.answer == f"The {trial.expected.upper()}!"
    assert judgment.matched == trial.expected
    assert judgment.agrees is True


def test_an_unmatched_name_is_kept(sitting: Sitting, visitor: Visitor) -> None:
    judgment = answer(visitor, asked(sitting, "free"), "curtains in the wind")
    assert (judgment.answer, judgment.matched, judgment.agrees) == (
        "curtains in the wind",
        "",
        False,
    )


def test_cannot_tell_neither_agrees_nor_disagrees(sitting: Sitting, visitor: Visitor) -> None:
    judgment = answer(visitor, asked(sitting), "")
    assert judgment.agrees is None
    assert judgment.answer == ""


def test_of_known_content_it_is_known_what_is_right(sitting: Sitting, visitor: Visitor) -> None:
    trial = asked(sitting, kind="photograph")
    assert answer(visitor, trial, trial.right_answers[0]).is_right is True


def test_what_was_not_offered_is_refused(sitting: Sitting, visitor: Visitor) -> None:
    for form, value in (("two", "sunset"), ("all", "sunset"), ("right", "yes"), ("pick", "4")):
        trial = asked(sitting, form)
        with pytest.raises(InvalidInput, match=f"answer: expected .*; got '{value}'"):
            answer(visitor, trial, value)
    with pytest.raises(InvalidInput, match="at most 60 characters"):
        answer(visitor, asked(sitting, "free"), "x" * 61)
    assert not Judgment.objects.exists()


def test_answered_twice_is_answered_once(sitting: Sitting, visitor: Visitor) -> None:
    trial = asked(sitting)
    first, second = trial.options
    answer(visitor, trial, first)
    with pytest.raises(Stale, match="answered already"):
        answer(visitor, trial, second)
    assert Judgment.objects.get().answer == first


def test_a_question_that_was_not_asked_cannot_be_answered(
    sitting: Sitting, visitor: Visitor
) -> None:
    trial = sitting.trials.filter(form="two", stimulus__kind="bred")[0]
    with pytest.raises(Stale, match="not asked yet"):
        answer(visitor, trial, trial.options[0])


def test_another_visitor_cannot_answer(sitting: Sitting) -> None:
    trial = asked(sitting)
    with pytest.raises(Trial.DoesNotExist):
        answer(new_visitor(), trial, trial.options[0])


def test_after_a_day_it_is_too_late(sitting: Sitting, visitor: Visitor) -> None:
    trial = asked(sitting)
    Sitting.objects.update(consented_at=timezone.now() - timedelta(days=1, seconds=1))
    with pytest.raises(Expired):
        answer(visitor, trial, trial.options[0])


@pytest.mark.parametrize("milliseconds", [-1, 86_400_001])
def test_impossible_times_are_refused(
    sitting: Sitting, visitor: Visitor, milliseconds: int
) -> None:
    trial = asked(sitting)
    with pytest.raises(InvalidInput, match="reaction_ms"):
        answer(visitor, trial, trial.options[0], milliseconds)


def test_implausible_times_are_flagged_and_not_counted(sitting: Sitting, visitor: Visitor) -> None:
    trial = asked(sitting)
    slow = answer(visitor, trial, trial.options[0], 60_000)
    assert (slow.flag, slow.is_counted) == ("implausible", False)
    fast = answer(visitor, given(asked(sitting, "right"), 0.05), "right", None)
    assert (fast.flag, fast.is_counted) == ("too fast", False)


def test_a_failed_check_leaves_the_sitting_out(sitting: Sitting, visitor: Visitor) -> None:
    before = asked(sitting)
    answer(visitor, before, before.expected)
    check = asked(sitting, kind="check")
    wrong = next(option for option in check.options if option != check.shown)
    assert not answer(visitor, check, wrong).is_counted
    sitting.refresh_from_db()
    assert sitting.is_left_out
    after = asked(sitting, "right")
    assert not answer(visitor, after, "right").is_counted
    assert not Judgment.objects.filter(is_counted=True).exists()


def test_a_passed_check_is_no_answer_about_a_picture(sitting: Sitting, visitor: Visitor) -> None:
    check = asked(sitting, kind="check")
    judgment = answer(visitor, check, check.shown)
    assert judgment.is_right
    assert not judgment.is_counted
    sitting.refresh_from_db()
    assert not sitting.is_left_out


def test_a_fifth_of_answers_given_too_fast_leaves_the_sitting_out(
    sitting: Sitting, visitor: Visitor
) -> None:
    trials = list(sitting.trials.filter(form__in=["two", "right"], stimulus__kind="bred")[:5])
    for trial in trials[:4]:
        answer(visitor, given(trial, 2), trial.expected)
    sitting.refresh_from_db()
    assert not sitting.is_left_out
    answer(visitor, given(trials[4], 2), trials[4].expected, 20)
    sitting.refresh_from_db()
    assert sitting.too_fast == 1
    assert sitting.is_left_out


def test_what_was_seen_between_question_and_answer_is_flagged(
    sitting: Sitting, visitor: Visitor
) -> None:
    trial = asked(sitting)
    exposing.note(visitor, [trial.stimulus.individual_id or 0])
    judgment = answer(visitor, trial, trial.expected)
    assert (judgment.flag, judgment.is_counted) == ("seen", False)


def test_a_reveal_unblinds_at_once_and_a_held_back_one_at_the_end(
    sitting: Sitting, visitor: Visitor
) -> None:
    told = sitting.trials.filter(form="two", stimulus__kind="bred", is_revealed=True)[0]
    held = sitting.trials.filter(form="two", stimulus__kind="bred", is_revealed=False)[0]
    for trial in (told, held):
        answer(visitor, given(trial, 3), trial.expected)
    assert Exposure.objects.filter(individual=told.stimulus.individual).exists()
    assert not Exposure.objects.filter(individual=held.stimulus.individual).exists()


def test_a_repeat_is_asked_and_answered(sitting: Sitting, visitor: Visitor) -> None:
    repeat = sitting.trials.filter(repeat_of__isnull=False).select_related("repeat_of")[0]
    assert repeat.repeat_of is not None
    answer(visitor, given(repeat.repeat_of, 3), repeat.expected)
    sittings.give(visitor, sittings.trial(visitor, repeat.token))
    again = answer(visitor, given(repeat, 3), repeat.expected)
    assert again.occasion == 1
    assert again.is_counted


def test_the_last_answer_finishes_the_sitting(sitting: Sitting, visitor: Visitor) -> None:
    while trial := sitting.trials.filter(judgment=None).order_by("position").first():
        value = trial.right_answers[0] if trial.right_answers else trial.expected
        answer(visitor, given(trial, 3), value)
    sitting.refresh_from_db()
    assert sitting.finished_at is not None
    assert not sitting.is_left_out


def test_whoever_is_blocked_answers_nothing(sitting: Sitting, visitor: Visitor) -> None:
    trial = asked(sitting)
    Block.objects.create(visitor=visitor.id)
    with pytest.raises(NotAllowed):
        answer(visitor, trial, trial.expected)


def test_forgetting_deletes_all_answers_and_nobody_elses(
    sitting: Sitting, visitor: Visitor
) -> None:
    trial = asked(sitting)
    answer(visitor, trial, trial.expected)
    other = new_visitor()
    theirs = sittings.begin(other, sitting.study, uuid.uuid4())
    kept = asked(theirs)
    answer(other, kept, kept.expected)
    assert forgetting.forget(visitor) == 1
    assert list(Judgment.objects.values_list("trial", flat=True)) == [kept.pk]
    assert not Sitting.objects.filter(visitor=visitor.id).exists()
    assert Stimulus.objects.count()


def test_plans_of_studies_that_tell_nothing_before_the_end(visitor: Visitor) -> None:
    study = full_study()
    plan = JudgingPlan.from_json(study.plan).as_json() | {"reveal": "end"}
    JudgingStudy.objects.filter(pk=study.pk).update(plan=plan)
    sitting = sittings.begin(visitor, study, uuid.uuid4())
    assert not sitting.trials.filter(is_revealed=True).exclude(stimulus__kind="practice").exists()


def test_sums_of_a_picture_follow_its_answers(sitting: Sitting, visitor: Visitor) -> None:
    trial = asked(sitting, foil="random")
    answer(visitor, trial, trial.expected)
    (summed,) = Agreement.objects.filter(individual=trial.stimulus.individual)
    assert (summed.agreeing, summed.answers) == (1, 1)
    check = asked(sitting, kind="check")
    answer(visitor, check, next(option for option in check.options if option != check.shown))
    assert not Agreement.objects.exists()


def test_what_is_forgotten_is_no_longer_in_the_sums(sitting: Sitting, visitor: Visitor) -> None:
    trial = asked(sitting, foil="random")
    answer(visitor, trial, trial.expected)
    forgetting.forget(visitor)
    assert not Agreement.objects.exists()
