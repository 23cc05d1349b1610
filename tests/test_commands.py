"""The command line, as a shell sees it: exit codes, one line on standard error, JSON at the end."""

import json
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from evolution.models import Run
from tests.processes import Processes

pytestmark = pytest.mark.django_db(transaction=True)


def evolve(processes: Processes, *arguments: str) -> subprocess.CompletedProcess[str]:
    return processes.run("manage.py", "evolve", *arguments)


class TestEvolve:
    def test_ends_with_one_object_of_json(self, processes: Processes) -> None:
        done = evolve(processes, "mnist-cppn-paper", "--seed", "4", "--generations", "12", "--json")
        assert done.returncode == 0, done.stderr
        result = json.loads(done.stdout.splitlines()[-1])
        run = Run.objects.get()
        assert result["run"] == run.pk
        assert (result["preset"], result["classifier"]) == ("mnist-cppn-paper", "lenet-a")
        assert (result["seed"], result["generation"], result["evaluations"]) == (4, 12, 2600)
        assert set(result["confidences"]) == set("0123456789")
        held = dict(run.elites.holders().values_list("label", "confidence"))
        assert result["confidences"] == {str(label): held[label] for label in held}
        assert result["min"] == min(held.values())
        assert result["min"] <= result["median"] <= result["max"]
        assert list(result["median_at"]) == ["10"]
        assert result["seconds"] > result["forward_seconds"] > 0
        assert result["stages"]["forward"] == result["forward_seconds"]
        counted = [spent for stage, spent in result["stages"].items() if stage != "beside"]
        assert sum(counted) <= result["seconds"] * 1.01
        assert (result["chunk"], result["screening"], result["rescored"]) == (50, "", 0)
        assert "float32" in result["engine"]

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["mnist-cpn"], "preset: no preset 'mnist-cpn'; known: mnist-direct-paper"),
            (["mnist-cppn-paper", "--classifier", "vgg"], "expected one of lenet-a, lenet-b"),
            (
                ["mnist-cppn-paper", "--generations", "0"],
                "generations: expected 1 to 1,000,000, got 0",
            ),
            (["mnist-cppn-paper", "--generations", "1000000000"], "got 1,000,000,000"),
            (["mnist-cppn-paper", "--seed", "-1"], "seed: expected 0 to"),
            (["mnist-cppn-paper", "--target", "3"], "target: expected none"),
            (["--resume", "99999"], "--resume: expected a paused run, got 99999"),
            ([], "preset: expected the name of a preset"),
        ],
    )
    def test_bad_input_is_told_in_words(self, arguments: list[str], words: str) -> None:
        with pytest.raises(CommandError) as refused:
            call_command("evolve", *arguments)
        assert words in str(refused.value)
        assert not Run.objects.exists()

    def test_a_shell_sees_one_line_and_a_failure(self, processes: Processes) -> None:
        failed = evolve(processes, "mnist-cppn-paper", "--generations", "0")
        assert failed.returncode != 0
        assert failed.stdout == ""
        assert failed.stderr.splitlines() == [
            "CommandError: generations: expected 1 to 1,000,000, got 0"
        ]

    def test_a_seed_that_is_no_number_is_refused(self, processes: Processes) -> None:
        failed = evolve(processes, "mnist-cppn-paper", "--seed", "seven")
        assert failed.returncode != 0
        assert "argument --seed: invalid int value: 'seven'" in failed.stderr
        assert "Traceback" not in failed.stderr


class TestTrain:
    def test_missing_data_is_told_in_one_line(self, processes: Processes) -> None:
        out = str(processes.folder / "net.safetensors")
        failed = processes.run(
            "manage.py", "train", "lenet", "--seed", "1", "--data", "/nowhere", "--out", out
        )
        assert failed.returncode != 0
        assert len(failed.stderr.strip().splitlines()) == 1
        assert "/nowhere" in failed.stderr


def test_the_web_process_loads_neither_torch_nor_numba() -> None:
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'fooling_site.settings';"
        "import fooling_site.asgi, evolution.urls;"
        "sys.exit(', '.join({'torch', 'numba'} & set(sys.modules)) or 0)"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True
    )
    assert (loaded.returncode, loaded.stderr) == (0, "")


class TestProfile:
    def test_tells_where_the_time_goes_and_leaves_nothing(self, processes: Processes) -> None:
        done = processes.run("manage.py", "profile", "mnist-cppn-paper", "--seconds", "1")
        assert done.returncode == 0, done.stderr
        first, *stages, beside = done.stdout.splitlines()
        assert first.startswith("mnist-cppn-paper against lenet-a, 1 threads")
        shares = [float(line.split("%")[0]) for line in stages]
        assert sum(shares) == pytest.approx(100, abs=0.5)
        assert "inside the network" in stages[0]
        assert "beside the judging" in beside
        assert not Run.objects.exists()

    def test_a_refused_run_is_told_in_one_line(self, processes: Processes) -> None:
        done = processes.run("manage.py", "profile", "mnist-cpn", "--seconds", "1")
        assert done.returncode == 1
        assert "no preset 'mnist-cpn'" in done.stderr.splitlines()[-1]
        assert "Traceback" not in done.stderr
