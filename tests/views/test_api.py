"""Read-only JSON for programs, as docs/api.md tells it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from evolution.models import Individual, Publication, Rating, Run, Tag
from evolution.views import api
from tests.factories import (
    NOW,
    make_archive,
    make_brood,
    make_elite,
    make_hand_bred,
    make_individual,
    make_prediction,
    make_publication,
    make_run,
    make_session,
)

pytestmark = pytest.mark.django_db
UNKNOWN = 987654321


def get(client: Client, address: str, status: int = 200) -> dict[str, Any]:
    response = client.get(address)
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/json"
    assert response["Access-Control-Allow-Origin"] == "*"
    found: dict[str, Any] = response.json()
    return found


def all_items(client: Client, address: str) -> Iterator[dict[str, Any]]:
    following: str | None = address
    while following:
        part = get(client, following)
        yield from part["items"]
        following = part["next"]


def hide(publication: Publication) -> None:
    publication.hidden_at = timezone.now()
    publication.hidden_because = "unfit reason"
    publication.save()


class TestAnIndividual:
    def test_of_a_run_tells_where_it_came_from_and_what_it_holds(self, client: Client) -> None:
        run = make_run(status="running", generation=3)
        parent = make_individual(run)
        child = make_individual(run, generation=2, parent=parent)
        elite = make_elite(run, 4, individual=child, since_generation=2, confidence=0.123456789)
        make_prediction(child)
        told = get(client, f"/api/1/individuals/{child.pk}")
        assert told["individual"] == child.pk
        assert (told["parent"], told["mate"], told["generation"]) == (parent.pk, None, 2)
        assert (told["encoding"], told["selected_by"]) == ("cppn", "network")
        assert told["origin"] == {
            "kind": "run",
            "run": run.pk,
            "address": f"/api/1/runs/{run.pk}",
        }
        assert told["reigns"] == [
            {
                "cell": 4,
                "label": 4,
                "label_name": "4",
                "confidence": 0.123456789,
                "since_generation": 2,
                "until_generation": None,
                "taken_at": elite.taken_at.isoformat(),
            }
        ]
        (prediction,) = told["predictions"]
        assert prediction["classifier"] == "lenet-a"
        assert prediction["top"][0] == {"label": 0, "label_name": "0", "confidence": 0.91}
        assert told["publication"] is None
        assert told["picture"]["largest"] == 4096

    def test_every_address_that_it_names_answers(self, client: Client) -> None:
        run = make_run(status="finished", generation=1)
        told = get(client, f"/api/1/individuals/{make_elite(run).individual_id}")
        addresses = re.findall(r'"(/[^"]+)"', str(told).replace("'", '"'))
        assert len(addresses) == 7
        for address in addresses:
            assert client.get(address).status_code == 200, address

    def test_that_was_published_tells_who_and_how_it_was_rated(self, client: Client) -> None:
        author = User.objects.create_user("ada", email="ada@example.org")
        origin = make_publication()
        published = make_publication(author=author, title="Two moons", branched_from=origin)
        published.tags.add(Tag.objects.create(name="moon"), Tag.objects.create(name="blue"))
        for stars in (3, 4):
            Rating.objects.create(
                publication=published, visitor=make_session().visitor, stars=stars
            )
        told = get(client, f"/api/1/individuals/{published.individual_id}")
        assert told["origin"] == {"kind": "hand-bred", "run": None, "address": None}
        assert told["publication"] == {
            "title": "Two moons",
            "author": "ada",
            "licence": "CC-BY-4.0",
            "tags": ["blue", "moon"],
            "published_at": NOW.isoformat(),
            "is_featured": False,
            "rating": {"average": 3.5, "count": 2},
            "branched_from": origin.individual_id,
        }
        hide(origin)
        told = get(client, f"/api/1/individuals/{published.individual_id}")
        assert told["publication"]["branched_from"] is None

    def test_an_author_who_wants_no_name_has_none(self, client: Client) -> None:
        author = User.objects.create_user("ada")
        published = make_publication(author=author, is_anonymous=True)
        told = get(client, f"/api/1/individuals/{published.individual_id}")
        assert told["publication"]["author"] is None
        assert get(client, "/api/1/publications?author=ada")["items"] == []

    def test_without_a_genome_names_none(self, client: Client) -> None:
        run = make_run(status="running", generation=3)
        gone = make_individual(run, genome=None)
        told = get(client, f"/api/1/individuals/{gone.pk}")
        assert (told["genome"], told["network"]) == (None, None)
        assert (told["picture"]["png"], told["picture"]["small"]) == (None, None)

    @pytest.mark.parametrize("number", [UNKNOWN, 10**18, 10**30])
    def test_that_is_not_there_is_told_so(self, number: int, client: Client) -> None:
        for rest in ("", "/line", "/children"):
            told = get(client, f"/api/1/individuals/{number}{rest}", 404)
            assert told["error"] == {
                "argument": "individual",
                "expected": "the number of one that is public",
                "got": str(number),
            }


class TestALine:
    def test_comes_in_parts_that_make_the_whole(self, client: Client) -> None:
        run = make_run(status="running", generation=200)
        line = [make_individual(run)]
        for generation in range(1, 130):
            line.append(make_individual(run, generation=generation, parent=line[-1]))
        told = list(all_items(client, f"/api/1/individuals/{line[-1].pk}/line?limit=40"))
        assert [item["individual"] for item in told] == [row.pk for row in reversed(line)]
        assert [item["steps"] for item in told] == list(range(130))
        first = get(client, f"/api/1/individuals/{line[-1].pk}/line")
        assert len(first["items"]) == 50
        assert first["next"].endswith("/line?after=49&limit=50")

    def test_goes_from_people_back_to_machines(self, client: Client) -> None:
        run = make_run(status="running", generation=1)
        bred_by_a_network = make_individual(run)
        brood = make_brood(make_session(branched_from=bred_by_a_network))
        published = make_publication(make_hand_bred(brood, parent=bred_by_a_network))
        told = get(client, f"/api/1/individuals/{published.individual_id}/line")["items"]
        assert [item["selected_by"] for item in told] == ["person", "network"]
        assert [item["run"] for item in told] == [None, run.pk]
        assert told[0]["publication"]["title"] == published.title


class TestChildren:
    def test_are_those_of_the_parent_and_of_the_mate(self, client: Client) -> None:
        run = make_run(status="running", generation=9)
        parent, other = make_individual(run), make_individual(run)
        children = [make_individual(run, generation=1, parent=parent) for _ in range(5)]
        children.append(make_individual(run, generation=2, parent=other, mate=parent))
        told = list(all_items(client, f"/api/1/individuals/{parent.pk}/children?limit=4"))
        assert [item["individual"] for item in told] == [child.pk for child in children]
        assert get(client, f"/api/1/individuals/{children[0].pk}/children") == {
            "items": [],
            "next": None,
        }


class TestPublications:
    def test_are_told_newest_first(self, client: Client) -> None:
        rows = [make_publication(published_at=NOW + timedelta(hours=n // 2)) for n in range(7)]
        told = list(all_items(client, "/api/1/publications?limit=3"))
        assert [item["individual"] for item in told] == [row.individual_id for row in rows[::-1]]

    def test_are_found_by_tag_and_by_author(self, client: Client) -> None:
        tag = Tag.objects.create(name="moon & sun")
        author = User.objects.create_user("ada")
        rows = [make_publication(author=author) for _ in range(3)]
        other = make_publication()
        for row in (*rows[:2], other):
            row.tags.add(tag)
        by_tag = list(all_items(client, "/api/1/publications?tag=moon+%26+sun&limit=2"))
        assert {item["individual"] for item in by_tag} == {
            row.individual_id for row in (*rows[:2], other)
        }
        by_both = get(client, "/api/1/publications?tag=moon+%26+sun&author=ada")["items"]
        assert {item["individual"] for item in by_both} == {row.individual_id for row in rows[:2]}
        assert all(item["tags"] == ["moon & sun"] for item in by_both)
        assert get(client, "/api/1/publications?tag=sun")["items"] == []

    def test_after_one_that_is_unknown_there_is_nothing(self, client: Client) -> None:
        make_publication()
        assert get(client, f"/api/1/publications?after={UNKNOWN}") == {"items": [], "next": None}


class TestWhatStaffHid:
    def test_appears_nowhere(self, client: Client) -> None:
        session = make_session()
        brood = make_brood(session)
        grandparent = make_hand_bred(brood, 0)
        following = make_brood(session, brood)
        parent = make_hand_bred(following, 0, parent=grandparent)
        hidden = make_publication(parent, title="Unfit words")
        child = make_hand_bred(make_brood(session, following), 0, parent=parent)
        published = make_publication(child, branched_from=hidden)
        hide(hidden)
        for address in (
            "/api/1/publications",
            f"/api/1/individuals/{child.pk}",
            f"/api/1/individuals/{child.pk}/line",
            f"/api/1/individuals/{grandparent.pk}/children",
        ):
            words = client.get(address).content.decode()
            assert "nfit" not in words, address
        for rest in ("", "/line", "/children"):
            get(client, f"/api/1/individuals/{parent.pk}{rest}", 404)
        (only,) = get(client, "/api/1/publications")["items"]
        assert only["individual"] == published.individual_id
        assert get(client, f"/api/1/individuals/{grandparent.pk}/children")["items"] == []
        line = get(client, f"/api/1/individuals/{child.pk}/line")["items"]
        assert [item["individual"] for item in line] == [child.pk, parent.pk, grandparent.pk]
        assert (line[1]["address"], line[1]["picture"], line[1]["publication"]) == (None,) * 3

    def test_is_stepped_over_though_a_part_ended_there(self, client: Client) -> None:
        rows = [make_publication(published_at=NOW + timedelta(hours=n)) for n in range(3)]
        following = get(client, "/api/1/publications?limit=1")["next"]
        hide(rows[2])
        told = list(all_items(client, following))
        assert [item["individual"] for item in told] == [row.individual_id for row in rows[1::-1]]


class TestRuns:
    def test_are_told_newest_first_with_their_figures(self, client: Client) -> None:
        runs = [make_run(status="finished", generation=5, seed=n) for n in range(5)]
        runs[2].statistics.create(
            generation=4, median=0.25, mean=0.5, minimum=0.1, maximum=0.75,
            takeovers=1, evaluations=9, elapsed=2.0,
        )  # fmt: skip
        told = list(all_items(client, "/api/1/runs?limit=2"))
        assert [item["seed"] for item in told] == [4, 3, 2, 1, 0]
        assert [item["median"] for item in told] == [None, None, 0.25, None, None]
        one = get(client, f"/api/1/runs/{runs[2].pk}")
        assert one["parameters"] == runs[2].parameters
        assert one["confidences"]["maximum"] == 0.75

    def test_that_are_not_there_are_told_so(self, client: Client) -> None:
        for rest in ("", "/elites"):
            told = get(client, f"/api/1/runs/{UNKNOWN}{rest}", 404)
            assert told["error"]["argument"] == "run"

    def test_tell_who_holds_each_cell(self, client: Client) -> None:
        run = make_run(status="running", generation=5)
        make_archive(run)
        run.elites.filter(cell=3).update(until_generation=2)
        newest = make_elite(run, 3, since_generation=2, confidence=0.75)
        told = list(all_items(client, f"/api/1/runs/{run.pk}/elites?limit=4"))
        assert [item["cell"] for item in told] == list(range(10))
        assert told[3]["individual"] == newest.individual_id
        assert (told[3]["confidence"], told[3]["label_name"]) == (0.75, "3")
        history = list(all_items(client, f"/api/1/runs/{run.pk}/elites?history=1&limit=4"))
        assert len(history) == 11
        assert [item["until_generation"] for item in history if item["cell"] == 3] == [2, None]


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


def test_nothing_private_is_told(client: Client) -> None:
    author = User.objects.create_user("ada", email="secret-address@example.org", password="x")
    rater = User.objects.create_user("rater-name")
    run = make_run(status="failed", generation=1, owner=author, error="/secret/path")
    machine = make_elite(run).individual
    session = make_session(owner=author, branched_from=machine, wish="secret wish")
    hand_bred = make_hand_bred(make_brood(session), parent=machine)
    published = make_publication(hand_bred, author=author)
    rating = Rating.objects.create(
        publication=published, visitor=make_session().visitor, rater=rater, stars=5
    )
    private = [
        session.code,
        session.visitor,
        session.submission,
        published.visitor,
        published.submission,
        run.submission,
        rating.visitor,
        "secret",
        "rater-name",
    ]
    words = ""
    for address in (
        "/api/1/publications",
        "/api/1/runs",
        f"/api/1/runs/{run.pk}",
        f"/api/1/runs/{run.pk}/elites?history=1",
        *(
            f"/api/1/individuals/{pk}{rest}"
            for pk in Individual.objects.values_list("pk", flat=True)
            for rest in ("", "/line", "/children")
        ),
    ):
        words += client.get(address).content.decode()
    assert published.title in words
    assert "ada" in words
    for secret in private:
        assert str(secret) not in words
        assert str(secret).replace("-", "") not in words
    assert Run.objects.get().owner == author
