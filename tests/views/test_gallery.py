"""The gallery as a page: with pictures, without any, and as its fragments."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from evolution.exhibits import changes, walls
from evolution.models import Elite, Run
from tests.factories import make_archive, make_elite, make_prediction, make_run

pytestmark = pytest.mark.django_db
QUERIES = 22


def page(client: Client, query: str = "", **headers: str) -> str:
    response = client.get(f"/{query}", headers=headers)
    assert response.status_code == 200
    return str(response.content.decode())


def fragment(client: Client, target: str, query: str = "") -> str:
    return page(client, query, **{"HX-Request": "true", "HX-Target": target})


class TestAnEmptySite:
    def test_says_so_and_waits_for_the_first_run(self, client: Client) -> None:
        html = page(client)
        assert "No run has brought forth a picture yet" in html
        assert 'id="featured"' in html
        assert 'id="pictures"' in html

    def test_offers_staff_to_start_one(self, admin_client: Client) -> None:
        assert 'href="/runs/new/"' in page(admin_client)


class TestTheLead:
    def test_is_a_sentence_made_of_data(self, client: Client) -> None:
        run = make_run(status="finished", generation=9)
        make_elite(run, 3, confidence=0.5)
        surest = make_elite(run, 8, confidence=0.999996)
        make_prediction(surest.individual)
        lead = page(client).split("</h1>")[0].split("<h1>")[1]
        assert re.sub(r"<[^>]+>", "", lead) == "LeNet A is 99.99% sure that this is an 8."


class TestTheWall:
    def test_shows_present_holders_only(self, client: Client) -> None:
        run = make_run()
        former = make_elite(run, 2, until_generation=4)
        holder = make_elite(run, 2, since_generation=4)
        wall = fragment(client, "wall")
        assert f"/individuals/{holder.individual_id}/" in wall
        assert f"/individuals/{former.individual_id}/" not in wall

    def test_a_picture_without_genome_is_named_and_not_drawn(self, client: Client) -> None:
        elite = make_elite(make_run(), 2)
        elite.individual.genome = None
        elite.individual.save()
        assert "its genome was not kept" in page(client)

    def test_a_genome_that_cannot_be_read_does_not_break_the_page(self, client: Client) -> None:
        elite = make_elite(make_run(), 2)
        elite.individual.genome = b"\x01rubbish"
        elite.individual.save()
        assert f"No. {elite.individual_id}" in page(client)

    def test_a_classifier_that_is_gone_does_not_break_the_page(self, client: Client) -> None:
        run = make_run()
        make_elite(run, 2)
        type(run).objects.filter(pk=run.pk).update(classifier="caffenet")
        assert "caffenet" in page(client)
        assert client.get(f"/runs/{run.pk}/").status_code == 200


class TestFragments:
    def test_the_wall_in_the_page_is_the_wall_answered_to_htmx(self, client: Client) -> None:
        make_archive(make_run())
        assert fragment(client, "wall", "?label=3") in page(client, "?label=3")

    def test_going_back_in_history_gives_the_whole_page(self, client: Client) -> None:
        headers = {
            "HX-Request": "true",
            "HX-Target": "wall",
            "HX-History-Restore-Request": "true",
        }
        assert "<!doctype html>" in page(client, **headers)

    def test_live_tiles_come_from_the_same_file_as_those_of_the_page(self, client: Client) -> None:
        run = make_run(status="running", generation=1)
        make_elite(run, 7)
        live = changes.gallery_changes("0").html
        figure = re.search(r'<figure class="tile.*?</figure>', live, re.DOTALL)
        assert figure is not None
        as_in_page = figure[0].replace(" is-new machine", "").replace(' hx-swap-oob="true"', "")
        assert as_in_page in page(client)

    def test_answers_are_kept_apart_by_caches(self, client: Client) -> None:
        assert "HX-Request" in client.get("/")["Vary"]


def make_wall(pictures: int) -> list[Elite]:
    """Holders of as many runs as it takes."""
    runs = [make_run(seed=seed) for seed in range(-(-pictures // 10))]
    archives = [make_archive(run, min(10, pictures - 10 * n)) for n, run in enumerate(runs)]
    return [elite for archive in archives for elite in archive]


class TestPaging:
    @pytest.fixture
    def many(self) -> list[Elite]:
        return make_wall(walls.PAGE + 6)

    def test_older_pictures_follow_without_script(self, client: Client, many: list[Elite]) -> None:
        link = re.search(r'<a class="button" href="/(\?after=\d+)"', page(client))
        assert link is not None
        html = page(client, link[1])
        assert html.count('<figure class="tile') == 6
        assert "Older pictures" not in html

    def test_htmx_gets_the_tiles_and_the_next_link(self, client: Client, many: list[Elite]) -> None:
        last = Elite.objects.holders().order_by("-taken_at", "-id")[walls.PAGE - 1]
        html = fragment(client, "pictures", f"?after={last.pk}")
        assert html.count("<li>") == 6
        assert '<p class="pending" id="more" hx-swap-oob="true"></p>' in html

    def test_no_picture_is_shown_twice_or_left_out(self, client: Client, many: list[Elite]) -> None:
        for order in ("", "&order=surest"):
            first = fragment(client, "pictures", f"?{order}")
            link = re.search(r'href="/(\?[^"]*after=\d+)"', first)
            assert link is not None
            second = fragment(client, "pictures", link[1].replace("&amp;", "&"))
            places = re.findall(r'id="(tile-[\d-]+)"', first + second)
            assert len(places) == len(set(places)) == walls.PAGE + 6


class TestQueries:
    def test_their_number_does_not_grow_with_the_pictures(
        self, client: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        make_archive(make_run(status="running", generation=1))
        with django_assert_num_queries(QUERIES):
            page(client)
        for seed in range(1, 5):
            make_archive(make_run(status="running", generation=1, seed=seed))
        with django_assert_num_queries(QUERIES):
            page(client)

    def test_only_the_genomes_of_shown_pictures_are_read(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_wall(101)
        drawn: list[Any] = []

        def thumbnail(*asked: Any) -> str:
            drawn.append(asked)
            return ""

        monkeypatch.setattr("evolution.exhibits.tiles.thumbnail", thumbnail)
        fragment(client, "wall")
        assert len(drawn) == walls.PAGE


class TestPolling:
    def test_answers_what_changed(self, client: Client) -> None:
        run = make_run(status="running", generation=1)
        make_archive(run)
        response = client.get("/changes", {"since": "0"})
        assert response.content.decode().count('<figure class="tile') == 10
        assert client.get("/changes", {"since": changes.gallery_version()}).content == b""

    @pytest.mark.parametrize("since", ["", "rubbish", "1" * 5000, "\x00"])
    def test_garbage_is_refused_in_words(self, client: Client, since: str) -> None:
        response = client.get("/changes", {"since": since})
        assert response.status_code == 400
        assert "since: expected" in response.content.decode()


class TestASingleTargetsRun:
    def test_shows_its_best_picture_alone(self, client: Client) -> None:
        run = make_run("mnist-cppn-single", status=Run.Status.FINISHED, generation=3)
        slots = [
            make_elite(run, slot, label=3, confidence=confidence, since_generation=2)
            for slot, confidence in enumerate((0.2, 0.9, 0.9, 0.4))
        ]
        html = client.get("/").content.decode()
        assert f'id="tile-{run.pk}-1"' in html
        assert [f'id="tile-{run.pk}-{slot.cell}"' in html for slot in slots].count(True) == 1
        assert "1 picture" in html

    def test_every_label_of_another_run_is_shown(self, client: Client) -> None:
        run = make_run(status=Run.Status.FINISHED, generation=3)
        for cell in range(10):
            make_elite(run, cell, confidence=0.1 + 0.05 * cell)
        html = client.get("/").content.decode()
        assert all(f'id="tile-{run.pk}-{cell}"' in html for cell in range(10))


class TestPicturesThatNobodyClaimsMuchOf:
    def test_hang_on_the_wall_only_for_those_who_ask(self, client: Client) -> None:
        run = make_run(status=Run.Status.FINISHED, generation=3)
        make_elite(run, 1, confidence=0.0999)
        make_elite(run, 2, confidence=0.1)
        html = client.get("/").content.decode()
        assert "1 picture" in html
        assert f'id="tile-{run.pk}-1"' not in html
        assert "2 pictures" in client.get("/?least=0").content.decode()

    def test_are_no_news(self, client: Client) -> None:
        run = make_run(status="running", generation=1)
        make_elite(run, 1, confidence=0.05)
        make_elite(run, 2, confidence=0.5)
        html = client.get("/changes", {"since": "0"}).content.decode()
        assert html.count('<figure class="tile') == 1
        assert html.count('class="event') == 1
