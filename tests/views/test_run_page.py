"""The page of a run: its archive, its figures, its settings, and what staff may do."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from evolution.exhibits import changes
from evolution.models import Run, RunStatistics
from tests.factories import make_archive, make_run

pytestmark = pytest.mark.django_db
QUERIES = 13


def evolved(**fields: Any) -> Run:
    run = make_run(**{"status": "running", "generation": 1, "elapsed": 2.0, **fields})
    make_archive(run, taken_at="2026-01-01T00:00Z")
    RunStatistics.objects.create(
        run=run,
        generation=0,
        median=0.5,
        mean=0.5,
        minimum=0.5,
        maximum=0.5,
        takeovers=10,
        evaluations=200,
        elapsed=2.0,
    )
    return run


def page(client: Client, run: Run) -> str:
    response = client.get(f"/runs/{run.pk}/")
    assert response.status_code == 200
    return str(response.content.decode())


class TestThePage:
    def test_shows_every_cell_with_its_holder(self, client: Client) -> None:
        run = evolved()
        html = page(client, run)
        holders = run.elites.values_list("cell", "individual_id")
        for cell, individual in holders:
            assert f'id="cell-{run.pk}-{cell}" href="/individuals/{individual}/"' in html

    def test_a_queued_run_shows_empty_cells(self, client: Client) -> None:
        html = page(client, make_run())
        assert html.count("slot--empty") == 10
        assert "The curve begins with the first generation" in html

    def test_a_single_target_has_a_slot_for_each_of_its_population(self, client: Client) -> None:
        html = page(client, make_run("mnist-cppn-single"))
        assert html.count("slot--empty") == 100
        assert "all aim at “3”" in html

    def test_a_failed_run_says_why(self, client: Client) -> None:
        html = page(client, make_run(status="failed", error="BadWeights: <b>truncated</b>"))
        assert "BadWeights: &lt;b&gt;truncated&lt;/b&gt;" in html

    def test_tells_every_setting_with_its_source(self, client: Client) -> None:
        html = page(client, make_run())
        assert "encoding, rates, add connection" in html
        assert "dnn::m_rate_add_conn" in html

    def test_shows_runs_of_the_same_order_beside_it(self, client: Client) -> None:
        run = evolved()
        sister = evolved(seed=1, submission=run.submission)
        html = page(client, run)
        assert "Independent runs of the same order" in html
        assert f'id="cell-{sister.pk}-9"' in html
        assert "Independent runs" not in page(client, make_run(seed=7))

    @pytest.mark.parametrize("number", ["0", "123456", "99999999999999999999999"])
    def test_an_unknown_run_is_not_found(self, client: Client, number: str) -> None:
        response = client.get(f"/runs/{number}/")
        assert response.status_code == 404
        assert "There is no run" in response.content.decode()

    def test_the_number_of_queries_is_constant(
        self, client: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        run = evolved()
        for seed in (1, 2):
            evolved(seed=seed, submission=run.submission)
        with django_assert_num_queries(QUERIES):
            page(client, run)


class TestItsStream:
    def test_live_fragments_are_those_of_the_page(self, client: Client) -> None:
        run = evolved()
        html = page(client, run)
        live = changes.run_changes(run.pk, "-1.0").html.replace(' hx-swap-oob="true"', "")
        for name in ("run-state", "facts", "plot"):
            found = re.search(rf'<(\w+)[^>]* id="{name}".*?</\1>', live, re.DOTALL)
            assert found is not None
            assert found[0] in html
        cells = re.findall(r'<a class="slot.*?</a>', live, re.DOTALL)
        assert len(cells) == 10
        assert all(cell.replace(" is-new", "") in html for cell in cells)

    def test_the_page_carries_the_version_that_it_shows(self, client: Client) -> None:
        run = evolved()
        version = changes.run_version(run)
        html = page(client, run)
        assert f"/live/runs/{run.pk}?since={version.replace(':', '%3A')}" in html
        assert client.get(f"/runs/{run.pk}/changes", {"since": version}).content == b""

    def test_polling_answers_what_changed(self, client: Client) -> None:
        run = evolved()
        html = client.get(f"/runs/{run.pk}/changes", {"since": "-1.0"}).content.decode()
        assert html.count('class="slot is-new"') == 10

    def test_garbage_is_refused_in_words(self, client: Client) -> None:
        response = client.get(f"/runs/{evolved().pk}/changes", {"since": "rubbish"})
        assert response.status_code == 400
        assert response.content.decode().startswith("since: expected")


class TestWhereTheTimeGoes:
    def test_is_told_by_the_page_and_by_its_updates(self, client: Client) -> None:
        run = evolved(stages={"forward": 1.5, "render": 0.25}, engine="torch 2.13.0, float32")
        shown = page(client, run)
        assert 'data-stage="forward" style="--v:0.7500"' in shown
        assert "torch 2.13.0, float32" in shown
        version = changes.run_version(run)
        Run.objects.filter(pk=run.pk).update(
            generation=2, elapsed=4.0, stages={"forward": 2.0, "render": 0.5}
        )
        told = changes.run_changes(run.pk, version).html
        assert '<div class="stages" id="stages" hx-swap-oob="true">' in told
        assert 'data-stage="forward" style="--v:0.5000"' in told

    def test_a_run_that_waits_says_so(self, client: Client) -> None:
        assert "Nothing evaluated yet." in page(client, make_run())
