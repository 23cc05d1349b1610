"""The study of removed repetitions: its parts, its work, and numbers checked by hand."""

from typing import Any
from unittest import mock

import numpy as np
import numpy.typing as npt
import pytest

from evolution import studies
from evolution.errors import InvalidInput
from evolution.models import Run
from evolution.studies import champions
from evolution.studies.ablation.rows import read
from evolution.studies.ablation.study import Parameters
from evolution.studies.base import Finished, Outcome
from evolution.studies.findings import Comparison, Findings
from evolution.studying import planning
from tests.factories import make_archive, make_individual, make_run

CLASSIFIER = {"classifier": "squeezenet"}


def row(label: int, *, removed: list[float], control: list[float], **fields: Any) -> dict[str, Any]:
    """A champion with four elements, of which one goes at each step."""
    steps = [n / 10 for n in range(5)]
    return {
        "label": label,
        "individual": 100 + label,
        "elements": 4,
        "period": [0, 7],
        "likeness": 0.9,
        "left": [4, 3, 2, 1, 0],
        "removed": removed,
        "control": control,
        "changed": steps,
        "control_changed": steps,
        "picture": None,
        **fields,
    }


def worked(rows: list[dict[str, Any]], key: str = "run 1, labels 0–49") -> Outcome:
    result = {"champions": 50, "left_out": 1, "rows": rows}
    return Outcome(key, 1, {"source": "run 1", **CLASSIFIER}, result, None, 1.0)


def falling(labels: range) -> list[dict[str, Any]]:
    """With half of the elements gone they keep three quarters, and 99.5% in the control."""
    removed, control = [0.8, 0.7, 0.6, 0.4, 0.2], [0.8, 0.8, 0.796, 0.8, 0.8]
    return [row(label, removed=removed, control=control) for label in labels]


def found(*outcomes: Outcome) -> Findings:
    return studies.get("ablation").findings(Parameters(), Finished(outcomes))


def numbers(findings: Findings) -> dict[str, Comparison]:
    return {one.number: one for one in findings.comparisons}


class TestFindings:
    def test_of_nothing(self) -> None:
        assert found().headline == "No champion has been examined yet."

    def test_of_champions_that_repeat_nothing(self) -> None:
        findings = found(worked([]))
        assert findings.headline.startswith("None of 50 champions repeats anything")
        assert {one.verdict for one in findings.comparisons} == {"open"}

    def test_a_drop_beyond_the_control_holds(self) -> None:
        findings = found(worked(falling(range(10))))
        assert numbers(findings)["ablation-drop"].verdict == "holds"
        assert numbers(findings)["ablation-drop"].ours.startswith("10 of 10 with half")
        assert "control: 0; p = 0.0" in numbers(findings)["ablation-drop"].ours
        assert "10 of 50 champions repeat something" in findings.headline

    def test_a_quarter_is_a_small_drop(self) -> None:
        size = numbers(found(worked(falling(range(10)))))["ablation-size"]
        assert size.ours.startswith("median 74.9%")  # 0.6 of 0.8, cut
        assert size.verdict == "holds"

    def test_a_large_drop_is_not_what_the_paper_says(self) -> None:
        rows = [row(n, removed=[0.8, 0.4, 0.1, 0, 0], control=[0.8] * 5) for n in range(8)]
        assert numbers(found(worked(rows)))["ablation-size"].verdict == "differs"

    def test_damage_alone_does_not_hold(self) -> None:
        values = [0.8, 0.7, 0.6, 0.4, 0.2]
        rows = [row(n, removed=values, control=values) for n in range(10)]
        assert numbers(found(worked(rows)))["ablation-drop"].verdict == "differs"

    def test_a_control_that_changes_less_is_told(self) -> None:
        fair = numbers(found(worked(falling(range(6)))))["ablation-drop"].why
        assert fair.endswith("by 0.200 of the range of values, the control by 0.200.")
        rows = [
            {**one, "control_changed": [0.0, 0.01, 0.02, 0.03, 0.04]} for one in falling(range(6))
        ]
        assert "only by 0.020: some of the drop may be damage" in (
            numbers(found(worked(rows)))["ablation-drop"].why
        )

    def test_few_champions_decide_nothing(self) -> None:
        findings = found(worked(falling(range(2))))
        assert {one.verdict for one in findings.comparisons} == {"open"}

    def test_the_median_by_elements_left(self) -> None:
        by_left = {plot.name: plot for plot in found(worked(falling(range(6)))).plots}["by-left"]
        lines = {line.name: dict(line.points) for line in by_left.lines}
        assert lines["median"] == pytest.approx({0: 0.25, 1: 0.5, 2: 0.75, 3: 0.875})
        assert lines["control, median"][2] == pytest.approx(0.995)

    def test_shares_between_steps_are_interpolated(self) -> None:
        one = read(Finished([worked(falling(range(1)))])).rows[0]
        assert one.at_share(one.removed, 0.25) == pytest.approx(0.875)
        assert one.at_share(one.removed, 0.4) == pytest.approx(0.875 - 0.6 * 0.125)

    def test_the_sheet_has_three_pictures_of_a_champion(self) -> None:
        rows = [row(7, removed=[0.9, 0.8, 0.7, 0.6, 0.5], control=[0.9] * 5, picture=2)]
        pictures = found(worked(rows)).sheets[0].pictures
        assert [one.individual for one in pictures] == [107, None, None]
        assert [one.number for one in pictures[1:]] == [2, 3]
        assert [one.note for one in pictures] == ["90.00%", "70.00%", "60.00%"]


class TestParts:
    def test_runs_first_then_labels(self) -> None:
        parts = planning.plan("ablation", "scaled").parts
        assert [part.key for part in parts[:3]] == [
            "run with seed 0",
            "run with seed 1",
            "run with seed 0, labels 0–49",
        ]
        assert len(parts) == 2 + 2 * 20
        assert parts[-1].arguments["last"] == 999
        assert "squeezenet" in parts[-1].arguments["versions"]

    def test_runs_are_those_of_other_studies(self) -> None:
        own = {part.run for part in planning.plan("ablation", "scaled").parts if part.run}
        others = {part.run for part in planning.plan("imagenet-cppn", "scaled").parts if part.run}
        assert own <= others

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"preset": "imagenet-direct-paper"}, r"preset: expected one of CPPNs"),
            ({"preset": "nonsense"}, r"preset: no preset 'nonsense'"),
            ({"classifier": "lenet-a"}, r"classifier: expected one that sees the pictures"),
            ({"steps": "1"}, r"steps: expected 2 to 32, got 1"),
        ],
    )
    def test_what_cannot_be_is_refused(self, given: dict[str, str], words: str) -> None:
        with pytest.raises(InvalidInput, match=words):
            planning.plan("ablation", "scaled", given)


@pytest.mark.django_db
class TestOfARun:
    def test_its_labels(self) -> None:
        run = make_run(status=Run.Status.FINISHED, generation=5)
        parts = planning.plan("ablation", "", {"run": run.pk}).parts
        assert [part.key for part in parts] == [
            f"champions of run {run.pk}",
            f"champions of run {run.pk}, labels 0–9",
        ]
        assert parts[0].arguments["generation"] == 5

    def test_it_has_to_be_finished(self) -> None:
        run = make_run(status=Run.Status.RUNNING)
        with pytest.raises(InvalidInput, match="run: expected a finished one"):
            planning.plan("ablation", "", {"run": run.pk})

    def test_it_has_to_exist(self) -> None:
        with pytest.raises(InvalidInput, match="run: expected the number of a stored run, got 99"):
            planning.plan("ablation", "", {"run": 99})

    def test_it_has_to_be_of_cppns(self) -> None:
        run = make_run("mnist-direct-paper", status=Run.Status.FINISHED)
        with pytest.raises(InvalidInput, match="has a gene a pixel"):
            planning.plan("ablation", "", {"run": run.pk})

    def test_its_network_has_to_be_the_same(self) -> None:
        run = make_run(status=Run.Status.FINISHED, classifier_version="older")
        with pytest.raises(InvalidInput, match="other weights now"):
            planning.plan("ablation", "", {"run": run.pk})


def stripes(genome: bytes, size: int) -> npt.NDArray[np.uint8]:
    picture = np.zeros((size, size, 1), np.uint8)
    for n in range(4):
        picture[:, 3 + 7 * n : 5 + 7 * n] = 255
    return picture


def brightness(entry: object, images: npt.NDArray[np.uint8], crops: str) -> npt.NDArray[np.float32]:
    bright = images.reshape(len(images), -1).mean(axis=1) / 255
    return np.repeat(bright[:, None], 10, axis=1).astype(np.float32)


@pytest.mark.django_db
class TestWork:
    def of(self, run: Run, beat: Any = lambda: None) -> Any:
        study, parameters = studies.get("ablation"), Parameters(run=run.pk)
        first, second = study.parts(parameters)
        kept = study.work(parameters, first, Finished([]), beat).result
        before = Finished([Outcome(first.key, 0, first.arguments, kept, None, 0.1)])
        return study.work(parameters, second, before, beat)

    def test_champions_that_repeat_something(self) -> None:
        run = make_run(status=Run.Status.FINISHED)
        make_archive(run, cells=3)
        with (
            mock.patch("evolution.services.predicting.picture", stripes),
            mock.patch("evolution.services.predicting.answers", brightness),
        ):
            done = self.of(run)
        assert done.result["champions"] == 3
        assert [one["left"] for one in done.result["rows"]] == [[4, 3, 2, 1, 0]] * 3
        assert done.result["rows"][0]["removed"] == pytest.approx(
            [2 / 7 * n / 4 for n in range(4, -1, -1)]
        )
        assert [one["picture"] for one in done.result["rows"]].count(None) == 1
        assert len(done.pictures) == 4
        assert all(picture.startswith(b"\x89PNG") for picture in done.pictures)

    def test_champions_as_they_are_bred(self) -> None:
        run = make_run(status=Run.Status.FINISHED)
        make_archive(run, cells=3)
        beat = mock.Mock()
        done = self.of(run, beat)
        assert done.result["champions"] == 3
        assert beat.called

    def test_damaged_genomes_are_counted(self) -> None:
        run = make_run(status=Run.Status.FINISHED)
        make_archive(run, cells=2)
        holder = run.elites.get(cell=1).individual
        holder.genome = b"damaged"
        holder.save()
        done = self.of(run)
        assert (done.result["champions"], done.result["left_out"]) == (1, 1)

    def test_an_empty_run(self) -> None:
        run = make_run(status=Run.Status.FINISHED)
        make_individual(run)
        assert champions.summary(run)["labels"] == []
        assert self.of(run).result == {"champions": 0, "left_out": 0, "rows": []}
