"""A large archive in the order, with the filters and the pictures that a page asks for."""

import re

import pytest

from evolution.exhibits import changes, mosaics, naming, runs, sprites
from evolution.exhibits.mosaic_cells import Cell
from evolution.exhibits.mosaics import View
from evolution.models import Run
from tests.factories import make_archive, make_large_run, make_run, take_cells

pytestmark = pytest.mark.django_db
TENCH, GOLDFISH, TIGER_SHARK = 0, 1, 3


def cell(run: Run, number: int) -> Cell:
    return next(c for c in mosaics.mosaic(run, View()).cells if c.number == number)


class TestTheCells:
    def test_stand_in_the_order_of_their_classes(self) -> None:
        found = mosaics.mosaic(make_large_run(), View())
        assert [c.number for c in found.cells] == list(range(1000))
        assert [head.number for head in found.heads] == list(range(0, 1000, 40))
        assert found.cells[823].style.startswith("--x:23;--y:20;--v:")

    def test_are_named_by_number_label_and_confidence(self) -> None:
        assert cell(make_large_run(), 0).words == "0 tench 0.04%"

    def test_that_nobody_holds_say_so(self) -> None:
        found = cell(make_large_run(10), 999)
        assert found.words == "999 toilet tissue empty"
        assert found.held is None

    def test_count_their_holders(self) -> None:
        run = make_large_run(120)
        take_cells(run, [5], 1)
        assert [cell(run, n).held.holders for n in (5, 6)] == [2, 1]  # type: ignore[union-attr]

    def test_of_a_single_label_are_numbered_from_one(self) -> None:
        run = make_run("imagenet-cppn-single", classifier="squeezenet")
        assert mosaics.changed(run, []) == []
        make_archive(run, 2, label=naming.target(run.parameters))
        assert mosaics.mosaic(run, View()).cells[1].words == "2 50.00%"


class TestTheOrder:
    @pytest.mark.parametrize("order", ["confidence", "newest", "name"])
    def test_is_what_was_asked_for(self, order: str) -> None:
        run = make_large_run(200)
        take_cells(run, [150, 20], 1, confidence=0.9995)
        found = mosaics.mosaic(run, View(order=order)).cells
        if order == "name":
            assert [c.name.lower() for c in found] == sorted(c.name.lower() for c in found)
        else:
            assert [c.number for c in found[:2]] == [20, 150]
        assert {c.number for c in found} == set(range(1000))

    def test_ends_with_cells_that_nobody_holds(self) -> None:
        found = mosaics.mosaic(make_large_run(200), View(order="confidence")).cells
        assert all(c.held is None for c in found[200:])


class TestTheFilters:
    def test_mark_cells_and_move_none(self) -> None:
        found = mosaics.mosaic(make_large_run(), View(group="dogs"))
        assert [c.number for c in found.cells] == list(range(1000))
        assert found.n_fitting == sum(" is-out" not in c.marks for c in found.cells) == 118

    def test_by_least_confidence(self) -> None:
        run = make_large_run(200)
        take_cells(run, [7], 1, confidence=0.9999)
        found = mosaics.mosaic(run, View(least="99.99"))
        assert [c.number for c in found.cells if " is-out" not in c.marks] == [7]

    @pytest.mark.parametrize(
        ("text", "numbers"),
        [("Tiger SHARK", [TIGER_SHARK]), ("tench", [TENCH]), ("1", [GOLDFISH]), ("zebbra", [])],
    )
    def test_a_search_takes_parts_of_names_or_a_number(self, text: str, numbers: list[int]) -> None:
        found = mosaics.mosaic(make_large_run(10), View(find=text)).cells
        assert [c.number for c in found if " is-found" in c.marks] == numbers

    def test_what_cannot_be_used_is_as_if_it_were_not_there(self) -> None:
        assert mosaics.read({"order": "x", "least": "nan", "show": "<b>"}) == View()


class TestThePictures:
    def test_come_from_the_sprite_until_a_cell_changes(self) -> None:
        run = make_large_run()
        assert mosaics.mosaic(run, View()).sprite == f"/runs/{run.pk}/archive/0.webp"
        take_cells(run, [5], 1)
        found = mosaics.mosaic(run, View())
        assert found.sprite == f"/runs/{run.pk}/archive/0.webp"
        assert [c.number for c in found.cells if c.picture] == [5]

    def test_are_in_a_new_sprite_when_many_changed(self) -> None:
        run = make_large_run()
        mosaics.mosaic(run, View())
        take_cells(run, range(sprites.REUSED_UP_TO + 1), 1)
        found = mosaics.mosaic(run, View())
        assert found.sprite == f"/runs/{run.pk}/archive/1.webp"
        assert not any(c.picture for c in found.cells)


class TestALiveChange:
    def test_is_one_fragment_with_its_picture(self) -> None:
        run = make_large_run()
        version = changes.run_version(run)
        take_cells(run, [823], 1)
        html = changes.run_changes(run.pk, version).html
        assert re.findall(r'id="cell-\d+-(\d+)"', html) == ["823"]
        assert re.search(r'id="cell-\d+-823"[^>]*><img src="data:image/webp;base64,', html)

    def test_has_the_bytes_that_the_page_has(self) -> None:
        run = make_large_run()
        mosaics.mosaic(run, View())
        version = changes.run_version(run)
        take_cells(run, [823], 1)
        told = re.search(r'<a class="cell.*?</a>', changes.run_changes(run.pk, version).html)
        assert told
        page = mosaics.mosaic(run, View()).html
        assert told[0].replace(" is-new", "").replace(' hx-swap-oob="true"', "") in page

    def test_comes_at_most_twenty_cells_at_a_time(self) -> None:
        run = make_large_run()
        version = changes.run_version(run)
        take_cells(run, range(50), 1)
        found = changes.run_changes(run.pk, version)
        assert found.more
        assert len(re.findall('<a class="cell', found.html)) == changes.MOST_TILES

    def test_reaches_the_gallery_too(self) -> None:
        run = make_large_run()
        version = changes.gallery_version()
        take_cells(run, [823], 1)
        html = changes.gallery_changes(version).html
        assert html.count(f'id="cell-{run.pk}-823"') == 1


def test_a_large_archive_tells_how_many_cells_are_how_sure_and_how_many_pictures_it_has() -> None:
    run = make_large_run(200)
    run.elites.filter(cell=1).update(individual=run.elites.get(cell=0).individual)
    facts = {fact.name: fact.value for fact in runs.facts(run)}
    assert [facts[f"cells at {least}"] for least in ("50%", "90%", "99%", "99.99%")] == [
        str(run.elites.filter(confidence__gte=least).count()) for least in (0.5, 0.9, 0.99, 0.9999)
    ]
    assert facts["different pictures"] == "199"
