"""Studies are started by staff, once they know the cost; paused, resumed and cancelled."""

import re
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from kombu.exceptions import OperationalError

from evolution import tasks
from evolution.models import Run, Study
from evolution.services import accounts
from tests.factories import make_run
from tests.study_factories import make_study, sampler, working_on

__all__ = ["sampler"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sampler")]
FORM = "/studies/sampler/new/"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(accounts.operator(), backend=BACKEND)
    return client


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The studies that were enqueued."""
    told: list[int] = []
    monkeypatch.setattr(tasks.advance_study, "delay_on_commit", told.append)
    return told


def filled(**changes: Any) -> dict[str, Any]:
    fields = {
        "submission": str(uuid.uuid4()),
        "scale": "paper",
        "do": "price",
        **{f"set-{name}": "" for name in ("parts", "share", "style", "networks", "is_quick")},
    }
    return fields | changes


class TestWhoMay:
    def test_visitors_are_asked_to_sign_in(self, client: Client) -> None:
        assert client.get(FORM)["Location"] == f"/sign-in/?next={FORM}"

    def test_accounts_without_the_right_too(self, client: Client, sent: list[int]) -> None:
        client.force_login(User.objects.create_user("guest"), backend=BACKEND)
        assert client.post(FORM, filled(do="start"))["Location"].startswith("/sign-in/")
        study = make_study(done=1)
        answer = client.post(f"/studies/{study.pk}/action", {"do": "cancel"})
        assert answer.status_code == 403
        assert (Study.objects.count(), Study.objects.get().status) == (1, "running")


class TestTheForm:
    def test_asks_for_every_parameter_and_says_what_each_scale_has(self, staff: Client) -> None:
        page = staff.get(FORM).content.decode()
        names = re.findall(r'name="set-(\w+)"', page)
        assert names == ["parts", "share", "style", "networks", "is_quick"]
        assert "How many parts. 4 at paper, 1 at quick scale." in page
        assert "Which. Usually lenet-a." in page
        assert 'value="paper" checked' in page

    def test_of_an_unknown_experiment_is_not_found(self, staff: Client) -> None:
        assert staff.get("/studies/nothing/new/").status_code == 404

    def test_tells_the_cost_and_starts_nothing(self, staff: Client, sent: list[int]) -> None:
        page = staff.post(FORM, filled(**{"set-parts": "7"})).content.decode()
        assert "parts to work off</dt><dd>7</dd>" in page
        assert "<dd>70</dd>" in page
        assert "<dd>7 min</dd>" in page
        assert (Study.objects.count(), sent) == (0, [])

    def test_the_second_button_starts_what_the_first_priced(
        self, staff: Client, sent: list[int]
    ) -> None:
        fields = filled(**{"set-parts": "7", "set-is_quick": "yes", "scale": "quick"})
        page = staff.post(FORM, fields).content.decode()
        (start,) = re.findall(r'<form method="post">.*?</form>', page, re.DOTALL)
        inputs = re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', start)
        hidden = {name: value for name, value in inputs if name != "csrfmiddlewaretoken"}
        answer = staff.post(FORM, hidden | {"do": "start"})
        study = Study.objects.get()
        assert answer["Location"] == f"/studies/{study.pk}/"
        assert (study.scale, study.parts.count(), sent) == ("quick", 7, [study.pk])
        assert study.parameters["is_quick"] is True
        assert study.owner == accounts.operator()

    def test_sent_twice_starts_one_study(self, staff: Client, sent: list[int]) -> None:
        fields = filled(do="start")
        for _ in range(2):
            answer = staff.post(FORM, fields, follow=True)
        assert "This form was sent before" in answer.content.decode()
        assert (Study.objects.count(), len(sent)) == (1, 1)

    @pytest.mark.parametrize(
        ("name", "value", "words"),
        [
            ("parts", "0", "expected 1 to 100, got 0"),
            ("parts", "many", "expected a whole number, got &#x27;many&#x27;"),
            ("parts", "13", "expected another number than 13, got 13"),
            ("share", "2", "expected 0 to 1, got 2.0"),
            ("style", "grand", "expected plain, fancy; got “grand”"),
            ("is_quick", "maybe", "expected yes, no; got “maybe”"),
        ],
    )
    @pytest.mark.parametrize("do", ["price", "start"])
    def test_tells_what_is_wrong_beside_the_field(
        self, staff: Client, sent: list[int], name: str, value: str, words: str, do: str
    ) -> None:
        answer = staff.post(FORM, filled(do=do, **{f"set-{name}": value}))
        page = answer.content.decode()
        assert answer.status_code == 400
        assert f'id="id_set-{name}_error">{words}' in page
        assert Study.objects.count() == 0

    def test_names_the_scales(self, staff: Client) -> None:
        page = staff.post(FORM, filled(scale="huge")).content.decode()
        assert "expected paper or quick, got “huge”" in page

    def test_says_when_no_worker_can_be_reached(
        self, staff: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(*_: object) -> None:
            raise OperationalError

        monkeypatch.setattr(tasks.advance_study, "delay_on_commit", away)
        page = staff.post(FORM, filled(do="start"), follow=True).content.decode()
        assert "waits: no worker can be reached" in page
        assert Study.objects.get().status == "running"

    def test_points_at_the_same_study_that_goes_on(self, staff: Client, sent: list[int]) -> None:
        staff.post(FORM, filled(do="start"))
        page = staff.post(FORM, filled()).content.decode()
        assert f'href="/studies/{Study.objects.get().pk}/"' in page


class TestSteering:
    def do(self, client: Client, study: Study, verb: str) -> str:
        answer = client.post(f"/studies/{study.pk}/action", {"do": verb}, follow=True)
        study.refresh_from_db()
        return answer.content.decode()

    def test_pause_and_resume(self, staff: Client, sent: list[int]) -> None:
        study = make_study(done=1)
        run = make_run(status="running")
        working_on(study, run, 7)
        self.do(staff, study, "pause")
        run.refresh_from_db()
        assert (study.status, run.status, sent) == ("paused", Run.Status.PAUSED, [])
        self.do(staff, study, "resume")
        assert (study.status, sent) == ("running", [study.pk])

    def test_cancel(self, staff: Client, sent: list[int]) -> None:
        study = make_study(done=1)
        self.do(staff, study, "cancel")
        assert study.status == "cancelled"
        assert "cannot become paused" in self.do(staff, study, "pause")

    def test_by_htmx_answers_with_the_head_alone(self, staff: Client, sent: list[int]) -> None:
        study = make_study(done=1)
        answer = staff.post(
            f"/studies/{study.pk}/action", {"do": "pause"}, headers={"HX-Request": "true"}
        )
        page = answer.content.decode()
        assert "status--paused" in page
        assert "<html" not in page

    def test_refuses_other_verbs(self, staff: Client) -> None:
        study = make_study(done=1)
        answer = staff.post(f"/studies/{study.pk}/action", {"do": "destroy"})
        assert (answer.status_code, answer.content) == (
            400,
            b"do: expected one of pause, resume, cancel",
        )
