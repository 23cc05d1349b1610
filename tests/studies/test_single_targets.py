"""One class at a time against all at once: equal evaluations, tests by hand, a real small study."""

import pytest

from evolution import studies
from evolution.errors import InvalidInput
from evolution.models import Run, Study
from evolution.studies.base import Outcome
from evolution.studies.findings import Findings
from evolution.studies.single_targets.cases import EACH, SHARED, aimed_key, whole_key
from evolution.studies.single_targets.study import Parameters, cases
from evolution.studying import planning, telling, terminal
from tests.studies.made_up import finished, outcome

QUICK = Parameters(runs=3, photo_runs=0)


def findings(*outcomes: Outcome, parameters: Parameters = QUICK) -> Findings:
    return studies.get("map-elites-vs-single").findings(parameters, finished(*outcomes))


class TestEvaluations:
    def test_of_ten_targets_that_share_are_exactly_as_many(self) -> None:
        case = cases(Parameters())[0]
        assert case.evaluations == 40_200
        assert case.aimed_generations(SHARED) == 98
        assert 10 * case.evaluations_until(98, aimed=True) == 40_200

    @pytest.mark.parametrize("generations", [10, 37, 200, 1001])
    def test_are_never_more_and_less_than_a_generation_fewer(self, generations: int) -> None:
        for case in cases(Parameters(generations=generations)):
            for reading in case.readings:
                share = case.evaluations // (len(range(10)) if reading == SHARED else 1)
                if case.name == "photographs" and reading == SHARED:
                    share = case.evaluations // 1000
                used = case.evaluations_until(case.aimed_generations(reading), aimed=True)
                assert 0 <= share - used < 40

    def test_too_few_to_share_among_a_thousand_leave_that_reading_out(self) -> None:
        scaled = cases(Parameters(photo_generations=100))[2]
        assert scaled.readings == [EACH]
        assert cases(Parameters())[2].readings == [SHARED, EACH]
        found = findings(parameters=Parameters(photo_generations=100))
        assert "40,400 evaluations, shared among all classes, are fewer" in found.notes[0]


class TestNumbers:
    def outcomes(self, aimed: float) -> list[Outcome]:
        """Direct encoding, digit 3: MAP-Elites at 90, 91 and 92%, one target from `aimed` on."""
        case = cases(QUICK)[0]
        found = []
        for seed in range(3):
            whole = dict.fromkeys(range(10), 0.9 + seed / 100)
            found.append(outcome(whole_key(case, seed), whole))
            one = {3: aimed + seed / 100}
            found.append(outcome(aimed_key(case, EACH, 3, seed), one, believed=[5 + seed]))
        return found

    def test_that_lie_apart_by_chance_alone_hold(self) -> None:
        found = findings(*self.outcomes(0.905))
        number = found.comparisons[0]
        assert number.verdict == "holds"
        # One target wins 6 of 9 pairs: U = 3 for MAP-Elites; of 20 ways to rank, 7 give 3 or less.
        assert "median 91.00% against 91.50%, p = 0.7000, MAP-Elites surer in 33.33%" in number.ours

    def test_that_lie_apart_differ_and_say_why(self) -> None:
        number = findings(*self.outcomes(0.5)).comparisons[0]
        assert number.verdict == "differs"
        assert "has 10 times its share" in number.why
        assert number.conditions.endswith("so far 3 of 60 runs for one target, 3 of 3 for all")

    def test_by_class_have_evaluations_until_believed(self) -> None:
        (table,) = findings(*self.outcomes(0.5)).tables
        (row,) = table.rows
        assert row[:3] == ["digits, direct", "as many each", "3"]
        assert row[5:7] == ["0.1000", 1.0]
        assert row[7:] == ["never", "340"]  # 100 and 6 generations of 40

    def test_are_open_before_two_runs_can_be_compared(self) -> None:
        found = findings(self.outcomes(0.5)[0])
        assert {one.verdict for one in found.comparisons} == {"open"}
        assert found.headline.startswith("No two runs")


class TestTargets:
    @pytest.mark.parametrize("targets", ["1000", "-1", "dog", "3,3", "", "²"])
    def test_that_are_no_classes_are_refused(self, targets: str) -> None:
        with pytest.raises(InvalidInput, match=r"^photo_targets: expected different numbers"):
            planning.plan("map-elites-vs-single", "scaled", {"photo_targets": targets})

    def test_photographs_need_such_a_network(self) -> None:
        with pytest.raises(InvalidInput, match=r"^photo_classifier: "):
            planning.plan("map-elites-vs-single", "scaled", {"photo_classifier": "lenet-a"})


@pytest.mark.django_db
def test_a_small_study_runs_to_its_end() -> None:
    given = {"runs": 1, "generations": 10}
    study = planning.start(planning.plan("map-elites-vs-single", "digits", given))
    terminal.work_through(study.pk, lambda done, words: None)
    study.refresh_from_db()
    assert study.status == Study.Status.FINISHED
    assert (
        Run.objects.filter(preset="mnist-cppn-single", parameters__algorithm__target=7).count() == 2
    )
    (table,) = telling.findings(study).tables
    assert len(table.rows) == 2 * 2 * 10
    total = sum(run.evaluations for run in shared(study))
    assert 0.8 * 2200 < total <= 2200


def shared(study: Study) -> list[Run]:
    parts = study.parts.filter(key__startswith=f"cppn, {SHARED}").select_related("run")
    return [part.run for part in parts if part.run]
