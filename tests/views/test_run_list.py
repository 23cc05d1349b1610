import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from evolution.models import RunStatistics
from evolution.views.runs import RUNS_A_PAGE
from tests.factories import make_archive, make_run

pytestmark = pytest.mark.django_db
QUERIES = 4


class TestTheList:
    def test_an_empty_one_says_so(self, client: Client) -> None:
        assert b"No run has been started yet" in client.get("/runs/").content

    def test_tells_how_each_run_stands(self, client: Client) -> None:
        run = make_run(status="running", generation=51, elapsed=5.0)
        for generation, median in ((49, 0.5), (50, 0.999999)):
            RunStatistics.objects.create(
                run=run,
                generation=generation,
                median=median,
                mean=0.5,
                minimum=0.1,
                maximum=1.0,
                takeovers=0,
                evaluations=200,
                elapsed=1.0,
            )
        html = client.get("/runs/").content.decode()
        assert "generation 50 of 200" in html
        assert "99.99%" in html
        assert "LeNet A" in html

    def test_is_paged_and_a_strange_page_is_the_nearest(self, client: Client) -> None:
        for seed in range(RUNS_A_PAGE + 1):
            make_run(seed=seed)
        assert b"Page 1 of 2" in client.get("/runs/").content
        for page in ("2", "99", "-1"):
            assert b"Page 2 of 2" in client.get("/runs/", {"page": page}).content
        assert b"Page 1 of 2" in client.get("/runs/", {"page": "rubbish"}).content

    def test_offers_to_start_a_run_to_staff_only(
        self, client: Client, admin_client: Client
    ) -> None:
        assert b"Start a run" in admin_client.get("/runs/").content
        assert b"Start a run" not in Client().get("/runs/").content

    def test_the_number_of_queries_does_not_grow_with_the_runs(
        self, client: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for seed in range(4):
            make_archive(make_run(seed=seed), 10)
            with django_assert_num_queries(QUERIES):
                client.get("/runs/")
