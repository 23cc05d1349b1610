"""What people see: a judging study planned from what was bred, and its answers read as they come."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from django.core.cache import cache
from django.test import override_settings

from evolution import studies
from evolution.errors import InvalidInput
from evolution.exhibits.studies import reading
from evolution.judging.plans import JudgingPlan
from evolution.models import Individual, JudgingStudy, Run, Study
from evolution.services.judging import planning as judging
from evolution.studies.base import Done, Finished, Outcome, Part
from evolution.studies.findings import Comparison, Findings
from evolution.studies.human_vs_dnn import HumanVsDnn, Parameters, answers, telling
from evolution.studies.human_vs_dnn.answers import Answers
from evolution.studies.human_vs_dnn.kinds import Kind
from evolution.studying import planning
from tests.factories import direct_bytes, make_elite, make_individual, make_run
from tests.judging.observers import PERFECT, FirstOption, Observer, sit
from tests.studies.archives import archive, classes, outcomes

pytestmark = pytest.mark.django_db
STUDY = HumanVsDnn()
ASKED = Parameters(
    digit_runs=1,
    colour_runs=0,
    crops="whole",
    pictures=8,
    answers=1,
    least=0.5,
    digit_generations=2,
)
DIRECT = "human-vs-dnn-digits-direct"


def bred(encoding: str, *, confidence: float = 0.9, seed: int = 0, cells: int = 10) -> Run:
    """A finished run of digits, each cell with a picture of its own."""
    preset = "mnist-direct-paper" if encoding == "direct" else "mnist-cppn-paper"
    fields = {} if encoding in ("direct", "cppn") else {"algorithm": encoding}
    run = make_run(preset, encoding=encoding, status="finished", generation=3, seed=seed, **fields)
    for cell in range(cells):
        genome = direct_bytes(cell) if encoding == "direct" else None
        own = {"genome": genome} if genome else {}
        individual = make_individual(run, generation=2, position=cell, **own)
        make_elite(run, cell, individual=individual, confidence=confidence, since_generation=2)
    return run


def part_of(parameters: Parameters) -> Part:
    return next(part for part in STUDY.parts(parameters) if part.run is None)


def worked(parameters: Parameters = ASKED, runs: list[Run] | None = None) -> tuple[Finished, Done]:
    runs = [bred("direct"), bred("cppn")] if runs is None else runs
    before, part = outcomes(runs), part_of(parameters)
    done = STUDY.work(parameters, part, Finished(before), lambda: None)
    kept = Outcome(part.key, part.stage, part.arguments, done.result, None, 1.0)
    return Finished([*before, kept]), done


def numbers(found: Findings) -> dict[str, Comparison]:
    return {one.number: one for one in found.comparisons}


def opened(finished: Finished) -> JudgingStudy:
    return JudgingStudy.objects.get(name=finished[telling.JUDGING].result["study"])


@pytest.fixture
def hurried() -> Iterator[None]:
    with override_settings(RATELIMIT_ENABLE=False):
        yield


class TestPlanned:
    def test_a_judging_study_with_every_kind_that_is_there(self) -> None:
        finished, _ = worked()
        study = opened(finished)
        assert study.status == JudgingStudy.Status.OPEN
        assert not study.is_standing
        plan = JudgingPlan.from_json(study.plan)
        assert [group.name for group in plan.groups] == [
            "bred direct lenet-a", "bred cppn lenet-a", "photograph lenet-a",
            "photograph squeezenet", "noise lenet-a", "noise squeezenet",
            "check lenet-a", "check squeezenet",
        ]  # fmt: skip
        assert (plan.answers, plan.least) == (1, 0.5)
        assert study.stimuli.filter(kind="bred").count() == 16

    def test_what_is_missing_is_named_with_its_reason(self) -> None:
        missing = worked()[0][telling.JUDGING].result["missing"]
        assert "bred by people: nobody has published a picture yet" in missing
        assert any(
            words.startswith("gradient ascent, against LeNet") and "8 are needed" in words
            for words in missing
        )

    def test_pictures_of_gradient_ascent_are_asked_about_once_they_are_there(self) -> None:
        runs = [bred("direct"), bred("cppn")]
        bred("ascent", seed=7)
        finished, _ = worked(runs=runs)
        plan = JudgingPlan.from_json(opened(finished).plan)
        assert "bred ascent lenet-a" in [group.name for group in plan.groups]
        found = numbers(STUDY.findings(ASKED, finished))
        assert "8 pictures" in found["human-vs-dnn-digits-ascent"].conditions

    def test_colour_pictures_that_are_there_are_taken(self) -> None:
        archive(classes())  # of SqueezeNet, each 50% sure
        finished, _ = worked()
        plan = JudgingPlan.from_json(opened(finished).plan)
        assert "bred cppn squeezenet" in [group.name for group in plan.groups]

    def test_pictures_that_the_network_is_not_sure_of_are_left_out(self) -> None:
        finished, _ = worked(runs=[bred("direct", confidence=0.4), bred("cppn")])
        result = finished[telling.JUDGING].result
        assert any("directly encoded, against LeNet" in words for words in result["missing"])
        assert opened(finished).stimuli.filter(encoding="direct").count() == 0

    def test_nothing_to_ask_about_is_an_error_that_says_why(self) -> None:
        runs = [bred("direct", cells=3), bred("cppn", cells=3)]
        with pytest.raises(
            InvalidInput, match=r"pictures: .*3 pictures that the network is 50\.00%"
        ):
            worked(runs=runs)
        assert not JudgingStudy.objects.exists()

    def test_the_same_work_done_twice_plans_one_judging_study(self) -> None:
        runs = [bred("direct"), bred("cppn")]
        first, second = worked(runs=runs)[0], worked(runs=runs)[0]
        assert opened(first) == opened(second)
        assert JudgingStudy.objects.count() == 1

    def test_preparation_that_was_lost_is_done_again(self) -> None:
        runs = [bred("direct"), bred("cppn")]
        study = opened(worked(runs=runs)[0])
        plan, name = JudgingPlan.from_json(study.plan), study.name
        study.delete()
        lost = judging.plan_study(plan, name, seed=ASKED.seed)
        judging.fail(lost, "a disk was full")
        assert opened(worked(runs=runs)[0]).status == JudgingStudy.Status.OPEN

    def test_another_seed_asks_anew(self) -> None:
        runs = [bred("direct"), bred("cppn")]
        other = replace(ASKED, seed=1)
        assert opened(worked(runs=runs)[0]) != opened(worked(other, runs)[0])

    def test_examples_are_files_without_labels(self) -> None:
        finished, done = worked()
        facts = finished[telling.JUDGING].result["examples"]
        assert len(facts) == len(done.pictures) == 8
        assert set(facts[0]) == {"encoding", "classifier", "side"}
        assert all(bytes(picture)[8:12] == b"WEBP" for picture in done.pictures)


class TestAnswers:
    def test_before_anybody_has_answered(self) -> None:
        finished, _ = worked()
        found = STUDY.findings(ASKED, finished)
        assert found.headline.startswith("Not enough answers yet: 0 of 16")
        (table,) = found.tables
        assert {row[-1] for row in table.rows} == {"not enough answers yet"}
        assert {one.verdict for one in found.comparisons} == {"open"}
        assert not found.plots
        assert [link.address for link in found.links] == [
            f"/judge/results/?study={opened(finished).name}",
            f"/judge/?study={opened(finished).name}",
        ]

    @pytest.mark.usefixtures("hurried")
    def test_people_who_always_agree_are_above_chance(self) -> None:
        finished = sat(PERFECT, 5)
        found = STUDY.findings(ASKED, finished)
        direct = numbers(found)[DIRECT]
        assert direct.ours.startswith("100% pick its name")
        assert direct.verdict == "differs"
        assert "Zhou and Firestone" in direct.why
        rows = {row[0]: row for row in found.tables[0].rows}
        row = next(row for name, row in rows.items() if str(name).startswith("evolved, directly"))
        assert row[3] == 1.0
        assert row[6] == 0.5
        assert found.plots[0].style == "bars"

    @pytest.mark.usefixtures("hurried")
    def test_people_who_take_the_first_name_are_at_chance(self) -> None:
        finished = sat(FirstOption(), 4)
        told = [one for one in answers.of(opened(finished)) if one.kind.kind == "bred"]
        assert sum(one.answers for one in told) == 40
        # Four standard deviations; the verdict of a small sample may be wrong once in forty times.
        assert abs(sum(one.agreeing for one in told) - 20) < 13

    def test_an_interval_that_holds_chance_lets_the_paper_hold(self) -> None:
        kind = Kind("bred", "direct", "lenet-a")
        told = Answers(kind, 8, 160, 84, 3, wanted=20, complete=8, chance=0.5, confidence=0.9999)
        direct = telling._comparison("digits", kind, {kind: told})
        assert direct.ours.startswith("52% pick its name (95%: 44 to 60; chance 50%)")
        assert direct.ours.endswith("median confidence is 99.99%")
        assert (direct.verdict, direct.why) == ("holds", "")

    @pytest.mark.usefixtures("hurried")
    def test_people_who_failed_their_checks_do_not_count(self) -> None:
        finished = sat(Observer(1.0, attention=0.0), 1)
        assert STUDY.findings(ASKED, finished).headline.startswith("Not enough answers yet: 0 of")

    def test_a_verdict_waits_until_the_plan_is_fulfilled(self) -> None:
        kind = Kind("bred", "direct", "lenet-a")
        told = Answers(kind, 8, 40, 40, 0, wanted=20, complete=1, chance=0.5, confidence=0.99)
        assert (told.is_enough, told.is_above_chance, told.is_complete) == (True, True, False)
        fulfilled = replace(told, answers=160, agreeing=80, complete=8)
        assert (fulfilled.is_above_chance, fulfilled.is_complete) == (False, True)
        few = replace(told, answers=8, agreeing=8, wanted=1, complete=8)
        assert (few.is_enough, few.is_complete) == (False, False)

    def test_take_three_statements(self, django_assert_num_queries: partial[object]) -> None:
        study = opened(worked()[0])
        with django_assert_num_queries(2 + 1):  # type: ignore[attr-defined]
            answers.of(study)

    def test_of_a_deleted_judging_study(self) -> None:
        finished, _ = worked()
        opened(finished).delete()
        found = STUDY.findings(ASKED, finished)
        assert "was deleted" in found.headline
        assert {one.verdict for one in found.comparisons} == {"open"}

    def test_of_a_closed_one_ask_nobody_any_more(self) -> None:
        finished, _ = worked()
        judging.close(opened(finished))
        links = STUDY.findings(ASKED, finished).links
        assert [link.text for link in links] == ["All figures of this judging study"]


def sat(observer: Observer, times: int, parameters: Parameters = ASKED) -> Finished:
    finished, _ = worked(parameters)
    rng = np.random.default_rng(3)
    for _ in range(times):
        cache.clear()
        sit(opened(finished), observer, rng)
    return finished


def test_findings_before_anything_was_bred() -> None:
    found = STUDY.findings(ASKED, Finished([]))
    assert found.headline.startswith("The pictures are being bred")
    assert len(found.comparisons) == 6


class TestParts:
    def test_runs_are_those_of_the_studies_of_digits_and_of_colours(self) -> None:
        for scale in ("paper", "scaled"):
            own = [part.run for part in planning.plan("human-vs-dnn", scale).parts if part.run]
            others = [
                part.run
                for kind in ("mnist-direct", "mnist-cppn", "imagenet-direct", "imagenet-cppn")
                for name in ("paper", "scaled")
                if name in studies.get(kind).scales
                for part in planning.plan(kind, name).parts
            ]
            assert all(run in others for run in own)

    def test_what_others_bred_meanwhile_changes_no_fingerprint(self) -> None:
        before = part_of(ASKED).arguments
        bred("cppn")
        assert part_of(ASKED).arguments == before
        for seed in range(2):
            bred("ascent", seed=seed)
        assert part_of(ASKED).arguments["there"]["bred ascent lenet-a"] == ASKED.pictures

    def test_refuse_a_network_of_other_colours(self) -> None:
        with pytest.raises(InvalidInput, match="digits: expected one that sees grey pictures"):
            planning.plan("human-vs-dnn", "quick", {"digits": "squeezenet"})
        with pytest.raises(
            InvalidInput, match="colours: expected one that sees pictures in colour"
        ):
            planning.plan("human-vs-dnn", "quick", {"colours": "lenet-a"})


def test_pages_read_the_answers_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    Study.objects.create(kind="human-vs-dnn", scale="quick", parameters={})
    Study.objects.create(kind="mnist-cppn", scale="quick", parameters={})
    monkeypatch.setattr("time.time", lambda: 3000.0)
    digits, people = sorted(reading.counted(Study.objects.all()), key=lambda one: one.moment)
    assert (digits.moment, people.moment) == (0, 100)
    monkeypatch.setattr("time.time", lambda: 3031.0)
    later = {one.study.kind: one for one in reading.counted(Study.objects.all())}
    assert later["mnist-cppn"] == digits
    assert later["human-vs-dnn"] != people


def test_individuals_in_the_study_are_those_of_its_kinds() -> None:
    finished, _ = worked()
    asked = Individual.objects.filter(stimuli__study=opened(finished))
    assert set(asked.values_list("run__encoding", flat=True)) == {"direct", "cppn"}
