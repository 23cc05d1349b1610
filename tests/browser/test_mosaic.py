"""The mosaic under a pointer, a keyboard and a thumb, while its cells change."""

import threading

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from evolution import live
from evolution.models import Run
from tests.factories import make_large_run, take_cells

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SECONDS = 1000
FOCUSED = "document.activeElement.id.split('-').pop()"
ORDER = "[...document.querySelectorAll('#mosaic .cell')].map((cell) => cell.id.split('-').pop())"


def opened(page: Page, site: str, query: str = "") -> Run:
    run = make_large_run(planned=5000)
    page.goto(f"{site}/runs/{run.pk}/{query}")
    expect(page.locator("[data-live]").first).to_have_text("live", timeout=10 * SECONDS)
    return run


def change(run: Run, cells: list[int], generation: int, confidence: float) -> None:
    """In a thread of its own: Playwright's loop runs in this one."""

    def work() -> None:
        take_cells(run, cells, generation, confidence)
        live.announce(run.pk)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def out(page: Page) -> int:
    return page.locator("#mosaic .is-out").count()


class TestTheKeyboard:
    def test_arrows_walk_and_enter_opens(self, page: Page, site: str) -> None:
        run = opened(page, site)
        assert page.locator('#mosaic .cell[tabindex="0"]').count() == 1
        page.locator("#mosaic .cell").first.focus()
        for key, cell in (
            ("ArrowRight", "1"),
            ("ArrowDown", "41"),
            ("End", "79"),
            ("ArrowRight", "80"),
            ("ArrowUp", "40"),
            ("Control+End", "999"),
            ("ArrowDown", "999"),
            ("Home", "960"),
        ):
            page.keyboard.press(key)
            assert page.evaluate(FOCUSED) == cell
        expect(page.locator("#readout")).to_contain_text("chocolate")
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{site}/runs/{run.pk}/cells/960/")

    def test_the_focus_stays_where_a_cell_changes(self, page: Page, site: str) -> None:
        run = opened(page, site)
        page.locator(f"#cell-{run.pk}-5").focus()
        change(run, [5], 1, 0.95)
        expect(page.locator(f"#cell-{run.pk}-5 img")).to_have_count(1, timeout=10 * SECONDS)
        assert page.evaluate(FOCUSED) == "5"
        expect(page.locator("#readout")).to_contain_text("95.00%")
        page.keyboard.press("ArrowRight")
        assert page.evaluate(FOCUSED) == "6"
        assert page.locator('#mosaic .cell[tabindex="0"]').count() == 1


class TestTheTools:
    def test_a_search_marks_and_moves_nothing(self, page: Page, site: str) -> None:
        run = opened(page, site)
        before = page.evaluate(ORDER)
        page.get_by_label("Find a class").fill("tiger sh")
        expect(page.locator("#mosaic .is-found")).to_have_count(1)
        expect(page.locator("#mosaic-count")).to_have_text("1 of 1,000 cells")
        assert page.evaluate(ORDER) == before
        assert "find=tiger+sh" in page.url
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{site}/runs/{run.pk}/cells/3/")

    def test_a_super_class_dims_the_rest_in_class_order(self, page: Page, site: str) -> None:
        opened(page, site)
        page.get_by_label("Super-class").select_option("dogs")
        assert out(page) == 882
        expect(page.locator("#mosaic .cell").first).to_be_visible()
        page.get_by_label("Confidence from").select_option("90")
        assert 882 < out(page) < 1000

    @pytest.mark.parametrize("order", ["confidence", "newest", "name"])
    def test_orders_are_those_of_the_server(self, order: str, page: Page, site: str) -> None:
        opened(page, site, f"?order={order}")
        expected = page.evaluate(ORDER)
        page.get_by_label("In order of").select_option("class")
        assert page.evaluate(ORDER) == [str(number) for number in range(1000)]
        page.get_by_label("In order of").select_option(order)
        assert page.evaluate(ORDER) == expected

    def test_confidence_may_stand_in_for_pictures(self, page: Page, site: str) -> None:
        opened(page, site)
        page.get_by_text("Confidence", exact=True).last.click()
        expect(page.locator("#mosaic.is-quantity")).to_have_count(1)

    def test_the_readout_follows_the_pointer(self, page: Page, site: str) -> None:
        opened(page, site)
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.locator("#mosaic .cell").nth(3).hover()
        expect(page.locator("#readout")).to_contain_text("tiger shark")
        expect(page.locator("#readout")).to_contain_text("since generation 0, 1 holder so far")
        assert requests == []


class TestALiveChange:
    def test_keeps_its_place_in_a_sorted_view(self, page: Page, site: str) -> None:
        run = opened(page, site, "?order=confidence&least=50")
        before, filtered = page.evaluate(ORDER), out(page)
        last, hidden = before[-1], before[-2]
        change(run, [int(last), int(before[0])], 1, 0.97)
        expect(page.locator(f"#cell-{run.pk}-{last} img")).to_have_count(1, timeout=10 * SECONDS)
        assert page.evaluate(ORDER) == before
        assert out(page) == filtered
        assert hidden != last
        page.get_by_label("In order of").select_option("newest")
        assert last in page.evaluate(ORDER)[:2]

    def test_is_drawn_where_it_happened(self, page: Page, site: str) -> None:
        run = opened(page, site)
        cell = page.locator(f"#cell-{run.pk}-640")
        place = cell.bounding_box()
        change(run, [640], 1, 0.93)
        expect(cell.locator("img")).to_have_count(1, timeout=10 * SECONDS)
        expect(cell).to_have_attribute("aria-label", "640 manhole cover 93.00%")
        assert cell.bounding_box() == place
        expect(cell).not_to_have_class("cell is-new", timeout=5 * SECONDS)


class TestAPhone:
    def test_pans_inside_the_page(self, phone: Page, site: str) -> None:
        run = opened(phone, site)
        assert phone.evaluate("document.documentElement.scrollWidth") == 390
        scroller = phone.locator(f"#run-{run.pk}-archive")
        assert scroller.evaluate("(element) => element.scrollWidth > 900")
        box = phone.locator("#mosaic .cell").first.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 24

    def test_shows_the_mosaic_in_the_gallery(self, phone: Page, site: str) -> None:
        make_large_run()
        phone.goto(site)
        expect(phone.locator("#mosaic .cell")).to_have_count(1000)
        assert phone.evaluate("document.documentElement.scrollWidth") == 390
        assert phone.locator('#mosaic .cell[tabindex="0"]').count() == 1
