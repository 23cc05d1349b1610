"""export_run and import_run as a shell sees them."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from evolution.models import Run
from evolution.services import runs
from tests.factories import make_archive, make_run
from tests.processes import Processes
from tests.services.test_evolving import evolve, start, story

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_run_goes_out_and_comes_back(processes: Processes, tmp_path: Path) -> None:
    run = start()
    evolve(run)
    before = story(run)
    out = str(tmp_path / "run")
    done = processes.run("manage.py", "export_run", str(run.pk), "--out", out, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert (told["run"], told["folder"]) == (run.pk, out)
    assert (told["elites"], told["pictures"]) == (run.elites.count(), 10)
    runs.delete([run.pk])
    done = processes.run("manage.py", "import_run", out, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    back = Run.objects.get()
    assert (told["run"], told["status"], told["seed"]) == (back.pk, "finished", 3)
    assert story(back) == before


def test_a_shell_sees_one_line_and_a_failure(processes: Processes, tmp_path: Path) -> None:
    for arguments, words in (
        (["export_run", "9", "--out", str(tmp_path / "run")], "run: expected the number of"),
        (["export_run", "9", "--out", str(tmp_path), "--size", "5000"], "size: expected 1 to 4096"),
        (["import_run", str(tmp_path)], "SHA256SUMS: expected a file, got No such file"),
        (["import_run", str(tmp_path / "none")], "folder: expected a folder that export_run wrote"),
    ):
        failed = processes.run("manage.py", *arguments)
        assert (failed.returncode, failed.stdout) == (1, "")
        (line,) = failed.stderr.strip().splitlines()
        assert line.startswith(f"CommandError: {words}")


def test_people_are_told_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = make_run(status="cancelled", generation=1)
    make_archive(run)
    call_command("export_run", str(run.pk), "--out", str(tmp_path / "run"))
    assert "10 individuals, 10 reigns, 0 predictions, 10 pictures." in capsys.readouterr().out
    call_command("import_run", str(tmp_path / "run"), "--again")
    assert "10 individuals, cancelled." in capsys.readouterr().out


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    run = make_run(status="cancelled", generation=1)
    with pytest.raises(CommandError, match="out: expected a folder in one that exists"):
        call_command("export_run", str(run.pk), "--out", "/dev/null/run")
