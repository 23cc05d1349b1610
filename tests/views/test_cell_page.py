"""The page of one cell: who holds it, who held it, and the same label elsewhere."""

import re

import pytest
from django.test import Client

from evolution.models import Run
from tests.factories import make_archive, make_elite, make_large_run, make_run, take_cells

pytestmark = pytest.mark.django_db


def page(client: Client, run: Run, cell: int, query: str = "") -> str:
    response = client.get(f"/runs/{run.pk}/cells/{cell}/{query}")
    assert response.status_code == 200
    return str(response.content.decode())


def reign(run: Run, cell: int, times: int) -> None:
    """So many takeovers, one a generation, ever surer."""
    for generation in range(times):
        run.elites.holders().filter(cell=cell).update(until_generation=generation)
        make_elite(
            run, cell, since_generation=generation, confidence=(generation + 1) / (times + 1)
        )
    Run.objects.filter(pk=run.pk).update(generation=times)


class TestTheHolder:
    def test_is_shown_with_its_confidence_and_its_group(self, client: Client) -> None:
        run = make_large_run(200)
        take_cells(run, [151], 1, confidence=0.9731)
        holder = run.elites.holders().get(cell=151).individual_id
        html = page(client, run, 151)
        assert "<h1>Chihuahua</h1>" in html
        assert "among the dogs" in html
        assert "97.31%" in html
        assert f"/pictures/{holder}/" in html
        assert "2 held it so far" in html

    def test_may_be_missing(self, client: Client) -> None:
        html = page(client, make_run(), 3)
        assert "Nobody has held it yet" in html

    def test_neighbours_are_linked(self, client: Client) -> None:
        run = make_run()
        make_archive(run)
        assert re.findall(r'rel="(\w+)" href="[^"]*cells/(\d+)/"', page(client, run, 3)) == [
            ("prev", "2"),
            ("next", "4"),
        ]
        assert 'rel="prev"' not in page(client, run, 0)
        assert 'rel="next"' not in page(client, run, 9)


class TestItsHistory:
    def test_runs_from_the_oldest_to_the_newest(self, client: Client) -> None:
        run = make_run(status="running", planned=200)
        reign(run, 4, 3)
        html = page(client, run, 4)
        assert re.findall(r"gen (\d+–\d+)|since (\d+)<", html) == [
            ("0–1", ""),
            ("1–2", ""),
            ("", "2"),
        ]
        assert "Confidence rises from 25.00% in generation 0 to 75.00% in generation 2" in html
        assert "M0 750H100V500H200V250H200" in html

    def test_shows_the_newest_sixty_and_all_on_request(self, client: Client) -> None:
        run = make_run(status="running")
        reign(run, 4, 63)
        some, every = page(client, run, 4), page(client, run, 4, "?all=1")
        assert (some.count("gen "), every.count("gen ")) == (59, 62)
        assert "the newest 60 of 63" in some
        assert 'href="?all=1#reigns"' in some
        assert "/28.webp" in every


class TestTheSameLabelElsewhere:
    def test_is_found_by_its_name_surest_first(self, client: Client) -> None:
        run = make_run()
        make_archive(run)
        low = make_run(seed=1, classifier="lenet-b")
        high = make_run("mnist-direct-paper", seed=2)
        make_elite(low, 3, confidence=0.2)
        make_elite(high, 3, confidence=0.8)
        make_elite(high, 4, confidence=0.9)
        found = re.findall(r'id="tile-(\d+-\d+)"', page(client, run, 3))
        assert found == [f"{high.pk}-3", f"{low.pk}-3"]

    def test_shows_at_most_two_dozen(self, client: Client) -> None:
        run = make_run()
        for seed in range(26):
            make_elite(make_run(seed=seed + 1), 3)
        assert page(client, run, 3).count('id="tile-') == 24

    def test_of_many_slots_of_a_run_is_the_best(self, client: Client) -> None:
        run = make_run()
        slots = make_run("mnist-cppn-single", seed=1)
        make_archive(slots, 5, label=3)
        assert page(client, run, 3).count('id="tile-') == 1


@pytest.mark.parametrize("path", ["cells/10/", "cells/999999999999/", "cells/-1/", "cells/x/"])
def test_cells_out_of_range_are_not_found(path: str, client: Client) -> None:
    run = make_run()
    make_archive(run)
    assert client.get(f"/runs/{run.pk}/{path}").status_code == 404
    assert client.get("/runs/99/cells/0/").status_code == 404
