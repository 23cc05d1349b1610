"""How programs ask, and what they are answered when they ask badly."""

import pytest
from django.test import Client

from evolution.views import api
from tests.factories import (
    make_elite,
    make_run,
)
from tests.views.asking import get

pytestmark = pytest.mark.django_db


class TestBadQuestions:
    @pytest.mark.parametrize(
        ("query", "argument", "got"),
        [
            ("limit=0", "limit", "0"),
            ("limit=101", "limit", "101"),
            ("limit=many", "limit", "many"),
            ("limit=", "limit", ""),
            ("after=-1", "after", "-1"),
            ("after=٣", "after", "٣"),
            (f"after={10**19}", "after", str(10**19)),
            ("after=" + "9" * 5000, "after", "9" * 100),
            ("limt=5", "query", "limt"),
            ("tag=" + "x" * 151, "tag", "x" * 100),
            ("tag=%00", "tag", "\0"),
            ("author=" + "x" * 151, "author", "x" * 100),
        ],
    )
    def test_are_told_in_json(self, query: str, argument: str, got: str, client: Client) -> None:
        error = get(client, f"/api/1/publications?{query}", 400)["error"]
        assert (error["argument"], error["got"]) == (argument, got)
        assert error["expected"]

    @pytest.mark.parametrize(
        "address", ["/api/", "/api/2/runs", "/api/1/individuals/x", "/api/1/runs/1/secrets"]
    )
    def test_of_unknown_addresses(self, address: str, client: Client) -> None:
        assert get(client, address, 404)["error"]["got"] == address

    def test_of_histories(self, client: Client) -> None:
        run = make_run()
        error = get(client, f"/api/1/runs/{run.pk}/elites?history=all", 400)["error"]
        assert error == {"argument": "history", "expected": "0 or 1", "got": "all"}

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_nothing_can_be_changed(self, method: str) -> None:
        client = Client(enforce_csrf_checks=True)
        response = getattr(client, method)("/api/1/runs")
        assert response.status_code == 405
        assert response["Allow"] == "GET, HEAD, OPTIONS"
        assert response.json()["error"]["argument"] == "method"

    def test_too_many_are_refused(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(api, "RATE", "2/m")
        get(client, "/api/1/runs")
        get(client, "/api/1/publications")
        refused = client.get("/api/1/runs")
        assert refused.status_code == 429
        assert refused["Retry-After"] == "30"
        assert refused.json()["error"]["expected"] == "at most 2 questions a minute"

    def test_the_largest_number_is_no_trouble(self, client: Client) -> None:
        run = make_run(status="running", generation=1)
        one = make_elite(run).individual_id
        for address in (
            "/api/1/publications",
            "/api/1/runs",
            f"/api/1/runs/{run.pk}/elites",
            f"/api/1/runs/{run.pk}/elites?history=1",
            f"/api/1/individuals/{one}/children",
        ):
            joint = "&" if "?" in address else "?"
            told = get(client, f"{address}{joint}after={2**63 - 1}")
            assert told["next"] is None


class TestHeaders:
    def test_pages_of_other_sites_may_ask(self, client: Client) -> None:
        response = client.options("/api/1/runs", headers={"Origin": "https://example.org"})
        assert response.status_code == 204
        assert response["Access-Control-Allow-Origin"] == "*"
        assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
        assert "Access-Control-Allow-Credentials" not in response

    def test_other_addresses_are_not_opened_to_them(self, client: Client) -> None:
        for address in ("/", "/runs/", "/healthz"):
            assert "Access-Control-Allow-Origin" not in client.get(address)

    def test_who_has_the_answer_is_told_so(self, client: Client) -> None:
        first = client.get("/api/1/runs")
        assert first["Cache-Control"] == "public, max-age=15"
        again = client.get("/api/1/runs", headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again["Access-Control-Allow-Origin"] == "*"
        make_run()
        changed = client.get("/api/1/runs", headers={"If-None-Match": first["ETag"]})
        assert changed.status_code == 200

    def test_no_cookie_is_set_and_none_is_looked_at(self, client: Client) -> None:
        response = client.get("/api/1/runs")
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")

    def test_head_has_no_body(self, client: Client) -> None:
        response = client.head("/api/1/runs")
        assert (response.status_code, response.content) == (200, b"")
