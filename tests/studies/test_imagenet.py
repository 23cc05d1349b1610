"""The studies of ImageNet's classes: their parts, and numbers that can be checked by hand."""

from time import process_time
from typing import Any

import pytest

from evolution import studies
from evolution.errors import InvalidInput
from evolution.studies.base import Outcome
from evolution.studies.findings import Comparison, Findings
from evolution.studies.imagenet.settings import Cppn, Direct
from evolution.studying import planning
from tests.studies.made_up import finished, history, outcome

BAND = range(157, 287)
HISTORY = history([[100, 400]] * 1000, [0, 9])


def cppn_run(key: str = "cppn run with seed 0", *, low: float = 0.1, **kept: Any) -> Outcome:
    """60 classes at 99.99%, the band low, the others at 90%."""
    sure = dict.fromkeys(range(60), 0.9999)
    others = {label: low if label in BAND else 0.9 for label in range(60, 1000)}
    return outcome(key, sure | others, history=HISTORY, **kept)


def direct_run(key: str = "direct run with seed 0", **kept: Any) -> Outcome:
    """30 classes at 99.8%, the others at 20%."""
    sure = {label: 0.998 if label < 30 else 0.2 for label in range(1000)}
    return outcome(key, sure, history=HISTORY, run=2, **kept)


def numbers(found: Findings) -> dict[str, Comparison]:
    return {one.number: one for one in found.comparisons}


class TestParts:
    def test_are_the_same_directly_encoded_runs_in_both_studies(self) -> None:
        alone = planning.plan("imagenet-direct", "paper").parts
        beside = planning.plan("imagenet-cppn", "paper").parts
        assert [part.run for part in alone] == [part.run for part in beside if part.stage == 1]
        assert {part.run.preset for part in alone if part.run} == {"imagenet-direct-paper"}
        assert len(alone) == 5

    def test_of_both_scaled_studies_agree_as_well(self) -> None:
        alone = planning.plan("imagenet-direct", "scaled").parts
        beside = planning.plan("imagenet-cppn", "scaled").parts
        assert [part.run for part in alone] == [part.run for part in beside if part.stage == 1]

    def test_need_a_network_with_the_classes_of_imagenet(self) -> None:
        with pytest.raises(InvalidInput, match=r"classifier: .*pictures in colour.*lenet-a"):
            planning.plan("imagenet-cppn", "paper", {"classifier": "lenet-a"})
        with pytest.raises(InvalidInput, match=r"crops: expected ten, whole; got 'five'"):
            planning.plan("imagenet-direct", "paper", {"crops": "five"})


class TestDirect:
    def test_counts_classes_at_99_per_cent(self) -> None:
        found = studies.get("imagenet-direct").findings(Direct(), finished(direct_run()))
        sure = numbers(found)["imagenet-direct-sure"]
        assert sure.ours == "30 in any run (30 in the median over the runs)"
        assert sure.verdict == "holds"

    def test_median_is_near_the_papers(self) -> None:
        found = studies.get("imagenet-direct").findings(Direct(), finished(direct_run()))
        median = numbers(found)["imagenet-direct-median"]
        assert median.ours.startswith("20.00%")
        assert (median.verdict, median.why) == ("holds", "")

    def test_without_a_run_says_so(self) -> None:
        found = studies.get("imagenet-direct").findings(Direct(), finished())
        assert found.headline == "No run has finished yet."
        assert "0 of 5 runs of 20,000 generations" in found.scale


class TestCppn:
    def findings(self, *outcomes: Outcome, **asked: Any) -> Findings:
        return studies.get("imagenet-cppn").findings(Cppn(**asked), finished(*outcomes))

    def test_numbers_of_both_encodings(self) -> None:
        found = numbers(self.findings(cppn_run(), direct_run()))
        assert found["imagenet-cppn-median"].ours.startswith("90.00%")
        assert found["imagenet-cppn-best"].ours == "60 of 1,000"
        assert found["imagenet-cppn-selected"].ours == "99.99%"
        assert found["imagenet-shown"].ours == "CPPN 99.99%, direct 99.80%"
        above = found["imagenet-cppn-above-direct"]
        assert above.ours.startswith("p < 0.0001")
        assert "90.00% against 20.00%" in above.ours
        verdicts = {key: one.verdict for key, one in found.items()}
        assert verdicts.pop("imagenet-cppn-cost") == "open"
        assert set(verdicts.values()) == {"holds"}

    def test_low_band_is_compared_with_all_other_classes(self) -> None:
        low = numbers(self.findings(cppn_run()))["imagenet-cppn-low-band"]
        assert low.ours == "median 10.00% against 90.00% of all others, p < 0.0001"
        high = numbers(self.findings(cppn_run(low=0.95)))["imagenet-cppn-low-band"]
        assert high.verdict == "differs"

    def test_what_needs_directly_encoded_runs_is_open_without_them(self) -> None:
        found = numbers(self.findings(cppn_run()))
        needing = [found["imagenet-cppn-above-direct"], found["imagenet-shown"]]
        assert [(one.verdict, one.ours) for one in needing] == [("open", "")] * 2

    def test_a_number_that_differs_says_how_the_conditions_do(self) -> None:
        run = outcome("cppn run with seed 0", {0: 0.5}, history=HISTORY)
        found = numbers(self.findings(run, runs=2, generations=100, crops="whole"))
        assert found["imagenet-cppn-median"].verdict == "differs"
        why = found["imagenet-cppn-median"].why
        assert "100 generations instead of 5,000; one view of a picture instead of" in why
        assert "1 run instead of 5" in why

    def test_median_is_over_the_runs_class_by_class(self) -> None:
        runs = [cppn_run(), cppn_run("cppn run with seed 1", low=0.9, run=3)]
        found = self.findings(*runs)
        band = {row[0]: row for row in found.tables[1].rows}
        assert band[286][2] == pytest.approx(0.5)
        assert band[286][3] == 0.9

    def test_sheet_and_link_lead_to_stored_pictures_and_runs(self) -> None:
        found = self.findings(cppn_run(), direct_run())
        (sheet,) = found.sheets
        assert (len(sheet.pictures), sheet.pictures[0].individual) == (40, 1000)
        assert found.links[0].address == "/compare/?a=1&b=2"

    def test_cost_is_reckoned_from_the_speed(self) -> None:
        # 4000 evaluations in 20 s, 40 a generation: 5001 generations are 200,040, so 1000.2 s.
        cost = numbers(self.findings(cppn_run(evaluations=4000), generations=99))
        assert "5000 generations are 16 min 40 s" in cost["imagenet-cppn-cost"].ours

    def test_of_five_runs_of_both_encodings_takes_a_moment(self) -> None:
        runs = [cppn_run(f"cppn run with seed {seed}", run=seed + 1) for seed in range(5)]
        others = [direct_run(f"direct run with seed {seed}") for seed in range(5)]
        self.findings(*runs, *others)  # SciPy is loaded once
        began = process_time()
        self.findings(*runs, *others)
        assert process_time() - began < 0.2
