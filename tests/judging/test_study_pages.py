"""The list of studies, and the form by which staff plan one."""

import re
import uuid
from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from django.test import Client

from evolution import tasks
from evolution.exhibits import judging_studies
from evolution.judging.plans import JudgingPlan
from evolution.models import JudgingStudy, Trial
from evolution.services.judging import planning, sittings, standing
from tests.factories import make_archive, make_run
from tests.judging.studies import new_visitor
from tests.judging_factories import make_judgment

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> User:
    user = User.objects.create_user("ada", is_staff=True)
    client.force_login(user)
    make_archive(make_run(classifier="lenet-a"), 10, confidence=0.9)
    return user


@pytest.fixture
def enqueued(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    numbers: list[int] = []
    monkeypatch.setattr(tasks.prepare_judging_study, "delay_on_commit", numbers.append)
    return numbers


def form_of(client: Client) -> dict[str, str]:
    """The fields of the form as a browser would send them, unchanged."""
    html = client.get("/judge/studies/new/").content.decode()
    found = re.findall(r'<input[^>]*name="([^"]+)"[^>]*?(?:value="([^"]*)")', html)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"} | {
        "reveal": "each"
    }


def test_staff_plans_a_study(client: Client, staff: User, enqueued: list[int]) -> None:
    fields = form_of(client) | {"title": "Do people see digits?", "name": "digits", "answers": "30"}
    response = client.post("/judge/studies/new/", fields, follow=True)
    assert "digits is being prepared." in response.content.decode()
    study = JudgingStudy.objects.get()
    assert study.owner == staff
    assert enqueued == [study.pk]
    plan = JudgingPlan.from_json(study.plan)
    assert plan.answers == 30
    assert [group.name for group in plan.groups] == [
        "bred cppn lenet-a",
        "photograph lenet-a",
        "degraded lenet-a",
        "noise lenet-a",
        "check lenet-a",
    ]
    assert planning.prepare(study.pk).status == "open"


def test_a_form_with_mistakes_names_them_all(
    client: Client, staff: User, enqueued: list[int]
) -> None:
    fields = form_of(client) | {"title": "", "name": "no spaces here", "trials-right": "3"}
    response = client.post("/judge/studies/new/", fields)
    html = response.content.decode()
    assert response.status_code == 400
    assert "expected a title, got nothing" in html
    assert "Nothing was planned." in html
    fields |= {"title": "Odd", "name": "odd"}
    html = client.post("/judge/studies/new/", fields).content.decode()
    assert "expected an even number, half are lures, got 3" in html
    assert not JudgingStudy.objects.exists()
    assert enqueued == []


def test_a_name_that_is_taken_is_refused_beside_its_field(
    client: Client, staff: User, enqueued: list[int]
) -> None:
    fields = form_of(client) | {"title": "Digits", "name": "digits"}
    client.post("/judge/studies/new/", fields)
    html = client.post("/judge/studies/new/", fields).content.decode()
    assert "expected one that is not taken, got &#x27;digits&#x27;" in html
    assert len(enqueued) == 1


def test_others_may_look_and_not_plan(client: Client, enqueued: list[int]) -> None:
    make_archive(make_run(classifier="lenet-a"), 10, confidence=0.9)
    study = standing.renew()
    assert study is not None
    planning.prepare(study.pk)
    html = client.get("/judge/studies/").content.decode()
    assert study.name in html
    assert "0 of 400 answers" in html
    assert "Plan a study" not in html
    assert client.get("/judge/studies/new/").status_code == 302
    assert client.post(f"/judge/studies/{study.name}/close").status_code == 302
    assert JudgingStudy.objects.get().status == "open"


def test_staff_closes_a_study(client: Client, staff: User) -> None:
    study = standing.renew()
    assert study is not None
    planning.prepare(study.pk)
    html = client.post(f"/judge/studies/{study.name}/close", follow=True).content.decode()
    assert f"{study.name} takes no more answers." in html
    assert sittings.standing() is None
    assert client.post("/judge/studies/nowhere/close").status_code == 404


def test_an_empty_list_says_so(client: Client) -> None:
    assert "No study has been planned yet." in client.get("/judge/studies/").content.decode()


def test_a_failed_study_shows_staff_alone_why(client: Client, staff: User) -> None:
    study = planning.plan_study(
        JudgingPlan.from_json(
            {"title": "x", "groups": [{"kind": "noise", "classifier": "lenet-a", "count": 1}]}
        ),
        "empty",
    )
    planning.prepare(study.pk)
    assert "No picture was found" in client.get("/judge/studies/").content.decode()
    client.logout()
    assert "empty" not in client.get("/judge/studies/").content.decode()


def test_progress_counts_of_a_picture_no_more_than_is_wanted() -> None:
    make_archive(make_run(classifier="lenet-a"), 10, confidence=0.9)
    draft = standing.plan()
    assert draft is not None
    study = planning.prepare(planning.plan_study(replace(draft, answers=1), "few").pk)
    for _ in range(4):
        for trial in sittings.begin(new_visitor(), study, uuid.uuid4()).trials.exclude(claim=None):
            make_judgment(trial, trial.expected)
    (row,) = judging_studies.rows(JudgingStudy.objects.all())
    primary = Trial.objects.filter(form="two", stimulus__kind="bred", repeat_of=None)
    assert row.wanted == 20
    assert row.answers == primary.values("claim", "foil").distinct().count()
    assert row.answers <= primary.count()
    assert row.sittings == 4
    assert row.pictures == 42
