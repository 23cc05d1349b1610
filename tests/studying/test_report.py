"""All results as one page, from a terminal."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.study_factories import make_study, sampler

__all__ = ["sampler"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sampler")]


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("study", "report", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_a_report_is_written_of_all_experiments(tmp_path: Path) -> None:
    make_study()
    file = tmp_path / "report.html"
    assert "1 of 3 numbers hold, 1 still open" in told("--out", str(file))
    page = file.read_text()
    assert "4 parts of &lt;everything&gt;." in page
    assert "Digits, one gene a pixel" in page


def test_programs_are_told_the_numbers(tmp_path: Path) -> None:
    make_study()
    document = json.loads(told("--out", str(tmp_path / "report.html"), "--json"))
    assert (document["holds"], document["differs"], document["open"]) == (1, 1, 1)


def test_before_any_study_it_says_so(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    assert "no number to compare yet" in told("--out", str(file))
    assert "not run yet" in file.read_text()


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file or directory"):
        told("--out", str(tmp_path / "nowhere" / "report.html"))
