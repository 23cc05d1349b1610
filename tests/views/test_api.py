"""Individuals and runs for programs, as docs/api.md tells it."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from evolution.models import Rating, Tag
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
from tests.views.asking import UNKNOWN, all_items, get, hide

pytestmark = pytest.mark.django_db


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
