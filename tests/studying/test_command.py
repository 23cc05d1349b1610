import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from evolution.models import Study, StudyPart
from evolution.studying import terminal

pytestmark = pytest.mark.django_db


def told(*arguments: str, **options: Any) -> str:
    out = StringIO()
    call_command("study", *arguments, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def test_a_study_runs_in_a_terminal_and_tells_its_numbers() -> None:
    words = told("mnist-direct", "--runs", "2", "--generations", "3")
    assert "paper: below 50, in each run    ours: never in 2 runs    (differs)" in words
    assert "The paper has 50 runs of 200 generations; here 2 of 2 runs of 3 generations." in words


def test_json_is_one_object_with_tables_and_comparisons() -> None:
    document = json.loads(told("mnist-cppn", "--runs", "2", "--generations", "3", "--json"))
    assert (document["status"], document["parts"], document["done"]) == ("finished", 2, 2)
    assert document["parameters"]["generations"] == 3
    assert {one["number"] for one in document["comparisons"]} >= {"mnist-cppn-median"}
    (table,) = document["tables"]
    assert len(table["rows"]) == 10


def test_the_same_command_goes_on_after_an_interruption(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(done: int, words: str) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with monkeypatch.context() as trouble:
        whole = terminal.work_through
        trouble.setattr(terminal, "work_through", lambda study_id, note: whole(study_id, stop))
        with pytest.raises(CommandError, match="stopped; the same command goes on"):
            told("mnist-cppn", "--runs", "2", "--generations", "3")
    assert Study.objects.get().status == Study.Status.PAUSED
    told("mnist-cppn", "--runs", "2", "--generations", "3")
    assert Study.objects.get().status == Study.Status.FINISHED
    assert StudyPart.objects.filter(status=StudyPart.Status.DONE).count() == 2


def test_the_cost_can_be_asked_for_alone() -> None:
    cost = json.loads(told("mnist-cppn", "--dry-run", "--json"))
    assert (cost["parts"], cost["evaluations"]) == (50, 50 * 201 * 200)
    assert not Study.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--runs", "0"], "runs: expected 1 to 500, got 0"),
        (["--runs", "few"], "runs: expected a whole number, got 'few'"),
        (["--classifier", "squeezenet"], "classifier: expected one that sees grey pictures"),
        (["--classifier", "nobody"], "classifier: name: expected one of"),
    ],
)
def test_bad_values_are_refused(arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        told("mnist-direct", *arguments)
    assert not Study.objects.exists()


def test_studies_are_listed() -> None:
    assert "No study has been started yet." in told("list")
    told("mnist-cppn", "--runs", "1", "--generations", "2")
    number = Study.objects.get().pk
    assert f"{number}: mnist-cppn (paper), finished, 1 of 1 parts" in told("list")
    (row,) = json.loads(told("list", "--json"))
    assert row["kind"] == "mnist-cppn"


def test_all_numbers_are_written_as_a_table_in_markdown(tmp_path: Path) -> None:
    told("mnist-direct", "--runs", "1", "--generations", "2")
    told("report", "--out", str(tmp_path / "numbers.md"))
    text = (tmp_path / "numbers.md").read_text()
    assert "## Digits, drawn by CPPNs: `mnist-cppn`\n\nNot run yet." in text
    (row,) = [line for line in text.splitlines() if line.startswith("| §3.1, Fig. 4 |")]
    assert row.split(" | ")[2:5] == ["below 50, in each run", "never in 1 run", "**differs**"]
