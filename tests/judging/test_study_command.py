"""`manage.py judging_study`: plan, list, close; refusals in one line."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from evolution.judging.plans import JudgingPlan
from evolution.models import JudgingStudy
from tests.factories import make_archive, make_run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _archive() -> None:
    make_archive(make_run(classifier="lenet-a"), 10, confidence=0.9)


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("judging_study", *arguments, stdout=out)
    return out.getvalue()


def test_a_study_is_planned_from_a_file_listed_and_closed(tmp_path: Path) -> None:
    draft = json.loads(told("draft", "--json"))
    assert JudgingPlan.from_json(draft).groups[0].name == "bred cppn lenet-a"
    file = tmp_path / "plan.json"
    file.write_text(json.dumps({**draft, "title": "Mine", "answers": 7}))
    planned = json.loads(told("plan", "mine", "--plan", str(file), "--seed", "3", "--json"))
    assert planned["status"] == "open"
    assert planned["plan"]["title"] == "Mine"
    assert planned["wanted"] == 10 * 2 * 7
    assert len(planned["digest"]) == 64
    assert told("list") == "mine: open, 42 pictures, 0 of 140 answers, 0 sittings\n"
    assert told("close", "mine") == "mine takes no more answers.\n"
    assert JudgingStudy.objects.get().status == "closed"


def test_without_a_file_the_sites_own_plan_is_taken() -> None:
    assert told("plan", "usual").startswith("usual is open: 42 pictures, digest ")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "--plan: expected JSON in .*plan.json"),
        ("[]", "plan: expected an object"),
        ('{"title": "x", "groups": []}', "groups: expected at least one group"),
        (
            '{"title": "x", "groups": [{"kind": "noise", "classifier": "oracle", "count": 1}]}',
            "name: expected one of lenet-a, .*; got 'oracle'",
        ),
        (
            '{"title": "x", "groups": [{"kind": "noise", "classifier": "lenet-a", "count": 1}]}',
            "No picture was found that its plan asks for.",
        ),
    ],
)
def test_a_bad_plan_is_refused_in_one_line(tmp_path: Path, content: str, words: str) -> None:
    file = tmp_path / "plan.json"
    file.write_text(content)
    with pytest.raises(CommandError, match=words):
        told("plan", "bad", "--plan", str(file))
    assert not JudgingStudy.objects.filter(status="open").exists()


def test_other_refusals(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        told("plan", "bad", "--plan", str(tmp_path / "nowhere.json"))
    with pytest.raises(CommandError, match="name: expected a study, got 'nobody'"):
        told("close", "nobody")
    told("plan", "once")
    with pytest.raises(CommandError, match="name: expected one that is not taken"):
        told("plan", "once")
