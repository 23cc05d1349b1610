"""The admin starts, steers and removes runs through the services, and shows the rest."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evolution import tasks
from evolution.models import Block, Elite, Individual, Report, Run
from evolution.services import accounts
from evolution.services.ancestry import stored_line
from tests.factories import (
    NOW,
    make_brood,
    make_elite,
    make_individual,
    make_prediction,
    make_publication,
    make_run,
    make_session,
)

pytestmark = pytest.mark.django_db
RUNS = "/admin/evolution/run/"


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(accounts.operator(), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(tasks.evolve_slice, "delay_on_commit", lambda *what: told.append(what))
    return told


def act(client: Client, action: str, *chosen: Run, **more: Any) -> str:
    ids = [run.pk for run in chosen]
    answer = client.post(RUNS, {"action": action, "_selected_action": ids, **more}, follow=True)
    return answer.content.decode()


def status(run: Run) -> str:
    return Run.objects.get(pk=run.pk).status


class TestActions:
    def test_pause_resume_cancel(self, operator: Client, sent: list[Any]) -> None:
        run = make_run(status="running")
        act(operator, "pause", run)
        assert status(run) == "paused"
        act(operator, "resume", run)
        assert status(run) == "running"
        assert sent == [(run.pk, 0)]
        act(operator, "cancel", run)
        assert status(run) == "cancelled"

    def test_what_is_refused_is_told(self, operator: Client, sent: list[Any]) -> None:
        done = make_run(status="finished")
        assert f"Run {done.pk} is finished" in act(operator, "pause", done)
        assert status(done) == "finished"

    def test_start_more_like_this(self, operator: Client, sent: list[Any]) -> None:
        run = make_run("mnist-cppn-single", seed=5, planned=30, pace=2.0)
        act(operator, "start_more", run, count=3)
        more = Run.objects.exclude(pk=run.pk).order_by("seed")
        assert [(new.preset, new.seed, new.planned, new.pace) for new in more] == [
            ("mnist-cppn-single", seed, 30, 2.0) for seed in (6, 7, 8)
        ]
        assert {new.parameters["algorithm"]["target"] for new in more} == {3}
        assert len(sent) == 3

    @pytest.mark.parametrize("count", ["0", "101", "many", ""])
    def test_start_more_wants_a_number(self, operator: Client, count: str) -> None:
        run = make_run()
        assert "expected a whole number from 1 to 100" in act(
            operator, "start_more", run, count=count
        )
        assert Run.objects.count() == 1


class TestDeletion:
    def test_goes_through_the_service(self, operator: Client) -> None:
        gone, stays = make_run(status="finished"), make_run(status="finished", seed=1)
        for run in (gone, stays):
            make_prediction(make_elite(run).individual)
        act(operator, "delete_selected", gone, post="yes")
        assert list(Run.objects.all()) == [stays]
        assert {*Individual.objects.values_list("run", flat=True)} == {stays.pk}
        assert Elite.objects.count() == 1

    def test_asks_first_and_counts(self, operator: Client) -> None:
        run = make_run(status="finished")
        make_elite(run)
        page = act(operator, "delete_selected", run)
        assert "Are you sure" in page
        assert "Individuals: 1" in page or "individuals: 1" in page.lower()
        assert Run.objects.exists()

    def test_of_a_run_that_goes_on_is_refused(self, operator: Client) -> None:
        run = make_run(status="running")
        assert "cancel it first" in act(operator, "delete_selected", run, post="yes")
        answer = operator.post(f"{RUNS}{run.pk}/delete/", {"post": "yes"})
        assert answer.status_code in (200, 403)
        assert Run.objects.exists()


class TestBatch:
    def test_starts_every_pair(self, operator: Client, sent: list[Any]) -> None:
        assert operator.get(f"{RUNS}add/").status_code == 200
        fields = {
            "submission": str(uuid.uuid4()),
            "preset": ["mnist-cppn-paper", "mnist-direct-paper"],
            "classifier": ["lenet-a", "lenet-b"],
            "seed": 1,
            "runs": 2,
            "generations": 10,
        }
        for _ in range(2):  # a form posted twice starts one set
            assert operator.post(f"{RUNS}add/", fields).status_code == 302
        found = Run.objects.values_list("preset", "classifier", "seed")
        assert len(found) == len(set(found)) == 8

    def test_tells_what_is_wrong(self, operator: Client, sent: list[Any]) -> None:
        fields = {"submission": str(uuid.uuid4()), "preset": ["x"], "classifier": ["lenet-a"]}
        page = operator.post(f"{RUNS}add/", fields | {"seed": "abc", "runs": 1}).content.decode()
        assert "expected a whole number, got “abc”" in page
        assert not Run.objects.exists()


class TestTables:
    @pytest.mark.parametrize("table", ["run", "individual", "elite", "prediction"])
    def test_are_shown(self, operator: Client, table: str) -> None:
        elite = make_elite(make_run())
        rows = {
            "run": elite.run,
            "individual": elite.individual,
            "elite": elite,
            "prediction": make_prediction(elite.individual),
        }
        assert operator.get(f"/admin/evolution/{table}/").status_code == 200
        page = operator.get(f"/admin/evolution/{table}/{rows[table].pk}/change/")
        assert page.status_code == 200
        assert 'name="_save"' not in page.content.decode()

    @pytest.mark.parametrize("table", ["individual", "elite", "prediction"])
    def test_are_not_written_by_hand(self, operator: Client, table: str) -> None:
        assert operator.get(f"/admin/evolution/{table}/add/").status_code == 403

    @pytest.mark.parametrize("table", ["individual", "elite", "prediction"])
    def test_leave_large_columns_unread(self, operator: Client, table: str) -> None:
        run = make_run()
        individual = make_individual(run)
        make_elite(run, individual=individual)
        make_prediction(individual)
        with CaptureQueriesContext(connection) as queries:
            operator.get(f"/admin/evolution/{table}/")
        assert [query["sql"] for query in queries if '"genome"' in query["sql"]] == []


class TestPublished:
    def test_reports_to_settle_are_listed_first(self, operator: Client) -> None:
        made = make_publication()
        Report.objects.create(publication=made, visitor=uuid.uuid4(), reason="open one")
        settled = make_publication(title="Another")
        Report.objects.create(
            publication=settled, visitor=uuid.uuid4(), reason="old one", settled_at=NOW
        )
        address = "/admin/evolution/report/"
        found = operator.get(address).content.decode()
        assert "open one" in found
        assert "old one" not in found
        assert f'<a href="/individuals/{made.individual_id}/">open</a>' in found
        assert "old one" in operator.get(address + "?state=settled").content.decode()

    def test_reports_are_settled(self, operator: Client) -> None:
        told = Report.objects.create(
            publication=make_publication(), visitor=uuid.uuid4(), reason="rude"
        )
        operator.post(
            "/admin/evolution/report/", {"action": "settle", "_selected_action": [told.pk]}
        )
        assert Report.objects.exclude(settled_at=None).get() == told

    def test_rows_are_read_only_and_keep_the_browser_to_themselves(self, operator: Client) -> None:
        made = make_publication(title="A <lamp>")
        for name in ("publication", "tag", "challenge", "report", "block"):
            assert operator.get(f"/admin/evolution/{name}/").status_code == 200, name
        address = f"/admin/evolution/publication/{made.pk}/change/"
        found = operator.get(address).content.decode()
        assert "A &lt;lamp&gt;" in found
        assert str(made.visitor) not in found
        assert operator.post(address, {"title": "Mine"}).status_code == 403
        assert operator.get("/admin/evolution/publication/add/").status_code == 403

    def test_blocks_are_made_and_lifted(self, operator: Client) -> None:
        visitor = uuid.uuid4()
        operator.post("/admin/evolution/block/add/", {"visitor": str(visitor), "reason": "spam"})
        made = Block.objects.get()
        assert made.visitor == visitor
        operator.post(f"/admin/evolution/block/{made.pk}/delete/", {"post": "yes"})
        assert not Block.objects.exists()

    def test_a_block_of_nobody_is_refused(self, operator: Client) -> None:
        answer = operator.post("/admin/evolution/block/add/", {"reason": "spam"})
        assert answer.status_code == 200
        assert not Block.objects.exists()

    def test_a_run_whose_pictures_people_bred_from_stays(self, operator: Client) -> None:
        run = make_run(status="cancelled")
        session = make_session(branched_from=make_elite(run).individual)
        stored_line(make_brood(session), 1)
        found = act(operator, "delete_selected", run, post="yes")
        assert "People published what they bred from its pictures." in found
        assert Run.objects.exists()
