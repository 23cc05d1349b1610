"""Sittings: begun once, complete, balanced, never about what the visitor has seen with its label."""

import uuid
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from evolution.errors import Expired, NothingToJudge, Skipped
from evolution.judging.plans import JudgingPlan
from evolution.models import JudgingStudy, Judgment, Sitting, Stimulus, Trial
from evolution.services.judging import exposing, sittings
from evolution.services.visitors import Visitor
from tests.factories import NOW, make_publication
from tests.judging.studies import full_study, new_visitor
from tests.judging_factories import make_judging_study, make_judgment

pytestmark = pytest.mark.django_db


def begin(study: JudgingStudy, visitor: Visitor | None = None) -> Sitting:
    return sittings.begin(visitor or new_visitor(), study, uuid.uuid4())


def test_a_sitting_has_practice_and_all_trials_of_the_plan() -> None:
    study = full_study()
    sitting = begin(study)
    trials = list(sitting.trials.select_related("stimulus").order_by("position"))
    assert [trial.position for trial in trials] == list(range(len(trials)))
    assert [t.stimulus.kind for t in trials[:3]] == ["practice"] * 3
    planned = JudgingPlan.from_json(study.plan).trials
    assert len(trials) == 3 + planned.total
    forms = Counter((t.form, t.foil, t.stimulus.kind) for t in trials[3:] if not t.repeat_of_id)
    assert forms == {
        ("two", "random", "bred"): 5,
        ("two", "second", "bred"): 3,
        ("all", "", "bred"): 2,
        ("free", "", "bred"): 2,
        ("right", "", "bred"): 2,
        ("right", "lure", "bred"): 2,
        ("pick", "random", "bred"): 1,
        ("two", "random", "photograph"): 1,
        ("two", "random", "degraded"): 1,
        ("two", "random", "noise"): 1,
        ("two", "random", "hand-bred"): 1,
        ("two", "random", "check"): 1,
    }
    assert sum(trial.repeat_of_id is not None for trial in trials) == 2


def test_what_is_offered_holds_the_answer_that_agrees() -> None:
    for trial in begin(full_study()).trials.select_related("claim", "stimulus"):
        claim = trial.claim
        match trial.form, trial.foil, trial.stimulus.kind:
            case _, _, "practice" | "check":
                assert trial.right_answers[0] in trial.options
                assert trial.expected == ""
            case "two", _, "photograph" | "degraded":
                assert trial.right_answers == trial.stimulus.truth
                assert set(trial.options) > set(trial.stimulus.truth)
                assert trial.machine_answer in trial.options
            case "two", foil, _:
                assert claim is not None
                (other,) = set(trial.options) - {claim.label}
                assert trial.expected == claim.label
                assert (other == claim.second) if foil == "second" else (other != claim.label)
            case "right", foil, _:
                assert claim is not None
                assert (trial.shown == claim.label) == (foil == "")
                assert trial.expected == ("wrong" if foil else "right")
            case "pick", _, _:
                assert claim is not None
                assert trial.options[int(trial.expected)] == trial.stimulus_id
                assert trial.shown == claim.label
                assert len(set(trial.options)) == trial.offered == 4
                others = Stimulus.objects.filter(pk__in=trial.options, claims__label=claim.label)
                assert others.count() == 1
            case _:
                assert claim is not None
                assert trial.expected == claim.label


def test_begun_twice_is_begun_once() -> None:
    study, visitor = full_study(), new_visitor()
    assert begin(study, visitor).pk == begin(study, visitor).pk
    assert study.sittings.count() == 1


def test_only_a_newcomer_practises() -> None:
    study, visitor = full_study(60), new_visitor()
    sittings.finish(begin(study, visitor))
    second = begin(study, visitor)
    assert not second.trials.filter(stimulus__kind="practice").exists()


def test_nobody_is_asked_about_a_picture_twice_but_for_repeats() -> None:
    study, visitor = full_study(60), new_visitor()
    asked: Counter[int] = Counter()
    for _ in range(2):
        sitting = begin(study, visitor)
        sitting.trials.update(given_at=NOW)
        sittings.finish(sitting)
        asked.update(sitting.trials.filter(repeat_of=None).values_list("stimulus", flat=True))
    assert max(asked.values()) == 1


def test_what_was_seen_with_its_label_is_not_asked_about() -> None:
    study, visitor = full_study(30), new_visitor()
    seen = [s.individual_id for s in study.stimuli.filter(kind="bred")[:10] if s.individual_id]
    exposing.note(visitor, seen)
    asked = begin(study, visitor).trials.values_list("stimulus__individual", flat=True)
    assert not set(seen) & set(asked)
    pictures = [n for trial in Trial.objects.filter(form="pick") for n in trial.options]
    assert not Stimulus.objects.filter(pk__in=pictures, individual__in=seen).exists()


def test_whoever_has_seen_a_whole_run_is_told_that_nothing_is_left() -> None:
    study, visitor = full_study(), new_visitor()
    stimulus = study.stimuli.filter(kind="bred").first()
    assert stimulus is not None
    assert stimulus.individual is not None
    assert stimulus.individual.run_id is not None
    exposing.note(visitor, [], [stimulus.individual.run_id])
    with pytest.raises(NothingToJudge, match="no picture left"):
        begin(study, visitor)
    assert not Sitting.objects.exists()


def test_a_closed_study_takes_no_sitting() -> None:
    study = full_study()
    JudgingStudy.objects.update(status="closed", closed_at=NOW)
    with pytest.raises(NothingToJudge, match="takes no more answers"):
        begin(study)


def test_answers_on_their_way_count_for_the_balance() -> None:
    """Twelve sittings begun one after the other, none answered: no picture is preferred."""
    study = full_study(24)
    for _ in range(12):
        begin(study)
    asked = Counter(
        Trial.objects.filter(
            form="two", foil="random", stimulus__kind="bred", repeat_of=None
        ).values_list("stimulus", flat=True)
    )
    times = [asked[s.pk] for s in study.stimuli.filter(kind="bred")]
    assert sum(times) == 60
    assert max(times) - min(times) <= 1


def test_sittings_of_yesterday_block_nothing() -> None:
    study = full_study(24)
    for _ in range(3):
        begin(study)
    Sitting.objects.update(consented_at=timezone.now() - timedelta(days=1, minutes=1))
    assert sittings._counts(study) == {}


def test_a_question_of_yesterday_has_expired() -> None:
    visitor = new_visitor()
    sitting = begin(full_study(), visitor)
    Sitting.objects.update(consented_at=timezone.now() - timedelta(days=1, seconds=1))
    trial = sittings.trial(visitor, sitting.trials.first().token)  # type: ignore[union-attr]
    with pytest.raises(Expired, match="more than a day"):
        sittings.give(visitor, trial)
    assert sittings.current(visitor) is None


def test_a_question_whose_answer_was_seen_meanwhile_is_left_out() -> None:
    visitor = new_visitor()
    sitting = begin(full_study(), visitor)
    asked = sitting.trials.filter(stimulus__kind="bred").first()
    assert asked is not None
    exposing.note(visitor, [asked.stimulus.individual_id or 0])
    trial = sittings.trial(visitor, asked.token)
    with pytest.raises(Skipped):
        sittings.give(visitor, trial)
    assert not sittings.unanswered(sitting).filter(pk=asked.pk).exists()


def test_somebody_elses_question_is_not_there() -> None:
    sitting = begin(full_study())
    token = sitting.trials.first().token  # type: ignore[union-attr]
    with pytest.raises(Trial.DoesNotExist):
        sittings.trial(new_visitor(), token)
    with pytest.raises(Sitting.DoesNotExist):
        sittings.owned(new_visitor(), sitting.code)


def test_the_end_comes_after_the_last_answer_and_unblinds() -> None:
    visitor = new_visitor()
    sitting = begin(full_study(), visitor)
    while trial := sittings.next_trial(sitting):
        make_judgment(trial, "")
    sitting.refresh_from_db()
    assert sitting.finished_at is not None
    judged = Judgment.objects.filter(stimulus__kind="bred").values("stimulus__individual")
    seen = visitor_sees(visitor)
    assert {row["stimulus__individual"] for row in judged} <= seen


def visitor_sees(visitor: Visitor) -> set[int | None]:
    hidden = Stimulus.objects.filter(exposing.hidden_from(visitor))
    return set(hidden.values_list("individual", flat=True))


def test_a_study_without_bred_pictures_asks_nothing() -> None:
    with pytest.raises(NothingToJudge):
        begin(make_judging_study())


def test_nobody_is_asked_about_what_staff_hid() -> None:
    study = full_study()
    publication = make_publication(hidden_at=NOW)
    study.stimuli.filter(kind="hand-bred").update(individual=publication.individual)
    assert not begin(study).trials.filter(stimulus__kind="hand-bred").exists()


def test_a_form_that_was_sent_before_begins_nothing_anew() -> None:
    """From a tab that was left open while the sitting came to its end."""
    study, visitor, submission = full_study(60), new_visitor(), uuid.uuid4()
    first = sittings.begin(visitor, study, submission)
    sittings.finish(first)
    assert sittings.begin(visitor, study, submission) == first
    with pytest.raises(NothingToJudge, match="sent before"):
        sittings.begin(new_visitor(), study, submission)
    assert study.sittings.count() == 1
