"""Pausing, resuming and cancelling: for staff, with and without script."""

import pytest
from django.test import Client

from evolution.models import Run
from tests.factories import make_run

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def enqueued(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    sent: list[int] = []
    monkeypatch.setattr(
        "evolution.views.enqueueing.evolve", lambda runs: sent.extend(run.pk for run in runs)
    )
    return sent


def status(run: Run) -> str:
    return Run.objects.get(pk=run.pk).status


class TestStaff:
    @pytest.mark.parametrize(
        ("before", "do", "after"),
        [
            ("running", "pause", "paused"),
            ("queued", "pause", "paused"),
            ("paused", "resume", "running"),
            ("running", "cancel", "cancelled"),
            ("paused", "cancel", "cancelled"),
        ],
    )
    def test_moves_a_run_and_comes_back_to_its_page(
        self, admin_client: Client, enqueued: list[int], before: str, do: str, after: str
    ) -> None:
        run = make_run(status=before)
        response = admin_client.post(f"/runs/{run.pk}/action", {"do": do})
        assert (response.status_code, response["Location"]) == (302, f"/runs/{run.pk}/")
        assert status(run) == after
        assert enqueued == ([run.pk] if do == "resume" else [])

    def test_htmx_gets_the_new_state(self, admin_client: Client) -> None:
        run = make_run(status="running")
        response = admin_client.post(f"/runs/{run.pk}/action", {"do": "pause"}, headers=HTMX)
        assert b"status--paused" in response.content
        assert b"<!doctype" not in response.content

    def test_the_state_answered_to_htmx_is_that_of_the_page(self, admin_client: Client) -> None:
        run = make_run(status="running")
        url = f"/runs/{run.pk}/action"
        head = admin_client.post(url, {"do": "pause"}, headers=HTMX).content.decode()
        page = admin_client.get(f"/runs/{run.pk}/").content.decode()
        start, end = "data-status", "</span> <span>"
        assert head[head.index(start) : head.index(end)] in page

    @pytest.mark.parametrize("headers", [HTMX, {}])
    def test_what_cannot_be_done_is_said(
        self, admin_client: Client, headers: dict[str, str], enqueued: list[int]
    ) -> None:
        run = make_run(status="finished")
        response = admin_client.post(
            f"/runs/{run.pk}/action", {"do": "resume"}, headers=headers, follow=True
        )
        assert b"is finished: it cannot become running" in response.content
        assert enqueued == []

    def test_an_unknown_action_is_refused(self, admin_client: Client) -> None:
        run = make_run(status="running")
        for form in ({"do": "explode"}, {}):
            assert admin_client.post(f"/runs/{run.pk}/action", form).status_code == 400
        assert status(run) == "running"

    def test_a_run_that_is_not_there_is_not_found(self, admin_client: Client) -> None:
        assert admin_client.post("/runs/123456/action", {"do": "pause"}).status_code == 404


class TestOthers:
    def test_see_no_buttons_and_may_do_nothing(self, client: Client) -> None:
        run = make_run(status="running")
        assert b'value="pause"' not in client.get(f"/runs/{run.pk}/").content
        response = client.post(f"/runs/{run.pk}/action", {"do": "pause"})
        assert response.status_code == 403
        assert b"Only staff" in response.content
        assert status(run) == "running"

    def test_a_link_does_nothing(self, admin_client: Client) -> None:
        run = make_run(status="running")
        assert admin_client.get(f"/runs/{run.pk}/action?do=pause").status_code == 405
        assert status(run) == "running"

    def test_a_foreign_form_is_refused(self, admin_user: object) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(admin_user)  # type: ignore[arg-type]
        run = make_run(status="running")
        assert client.post(f"/runs/{run.pk}/action", {"do": "pause"}).status_code == 403
