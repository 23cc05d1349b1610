"""The page of a large archive works without scripts, and costs no more for a thousand cells."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from evolution.exhibits import sprites
from tests.factories import make_archive, make_large_run, make_run, take_cells

pytestmark = pytest.mark.django_db
CELL = re.compile(r'<a class="cell[^"]*" id="cell-\d+-(\d+)"')


def numbers(client: Client, address: str) -> list[int]:
    return [int(number) for number in CELL.findall(client.get(address).content.decode())]


class TestThePage:
    def test_has_every_cell_once_and_one_image_for_all(self, client: Client) -> None:
        run = make_large_run()
        html = client.get(f"/runs/{run.pk}/").content.decode()
        assert [int(number) for number in CELL.findall(html)] == list(range(1000))
        assert f"--pictures:url(/runs/{run.pk}/archive/0.webp)" in html
        assert html.count("data:image/webp") == 12  # the newest takeovers
        assert f'href="/runs/{run.pk}/cells/999/"' in html

    def test_sorts_and_filters_without_scripts(self, client: Client) -> None:
        run = make_large_run()
        take_cells(run, [640], 1, confidence=0.9999)
        assert numbers(client, f"/runs/{run.pk}/?order=confidence")[0] == 640
        html = client.get(
            f"/runs/{run.pk}/?group=dogs&find=collie&show=confidence"
        ).content.decode()
        assert html.count("is-out") == 882
        assert len(re.findall(r'class="cell is-found"', html)) == 2
        assert "2 of 1,000 cells" in html
        assert "is-quantity" in html
        assert "<option selected>dogs</option>" in html
        assert 'value="collie"' in html

    def test_escapes_what_was_searched(self, client: Client) -> None:
        run = make_large_run(10)
        html = client.get(f'/runs/{run.pk}/?find="><script>').content.decode()
        assert "<script>" not in html.split('<input type="search"')[1][:200]

    def test_small_archives_keep_their_layout(self, client: Client) -> None:
        run = make_run()
        make_archive(run)
        html = client.get(f"/runs/{run.pk}/").content.decode()
        assert 'id="mosaic' not in html
        assert 'class="cells machine"' in html
        assert f'href="/runs/{run.pk}/cells/3/"' in html


class TestQueries:
    @pytest.mark.parametrize("cells", [20, 1000])
    def test_of_a_run_do_not_grow_with_its_cells(
        self, cells: int, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        run = make_large_run(cells)
        client.get(f"/runs/{run.pk}/")
        take_cells(run, range(10), 1)
        with django_assert_max_num_queries(13):
            client.get(f"/runs/{run.pk}/")

    @pytest.mark.parametrize("cells", [20, 1000])
    def test_of_the_gallery_do_not_grow_with_its_cells(
        self, cells: int, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        make_large_run(cells)
        with django_assert_max_num_queries(24):
            html = client.get("/").content.decode()
        assert len(CELL.findall(html)) == 1000
        assert 'id="mosaic-form"' not in html
        assert html.count("data:image/webp") < 80


class TestTheSprite:
    def test_never_changes(self, client: Client) -> None:
        run = make_large_run()
        response = client.get(f"/runs/{run.pk}/archive/0.webp")
        assert response["Content-Type"] == "image/webp"
        assert "immutable" in response["Cache-Control"]
        take_cells(run, [5], 1)
        assert client.get(f"/runs/{run.pk}/archive/0.webp").content == response.content

    def test_is_composed_once(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        run = make_large_run(120)
        client.get(f"/runs/{run.pk}/archive/0.webp")
        monkeypatch.setattr(sprites, "make", None)
        assert client.get(f"/runs/{run.pk}/archive/0.webp").status_code == 200

    def test_of_what_is_not_there_is_not_found(self, client: Client) -> None:
        run = make_large_run(20)
        for address in (f"{run.pk}/archive/1.webp", f"{run.pk + 1}/archive/0.webp"):
            assert client.get(f"/runs/{address}").status_code == 404
