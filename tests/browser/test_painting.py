"""Painting over a picture in a browser: by mouse, by touch, by keys, and without scripts."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.factories import make_archive, make_run
from tests.processes import Processes, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PAINTED = "() => document.querySelector('.paint__form [name=runs]').value"


def individual() -> int:
    return make_archive(make_run(), cells=1)[0].individual_id


def open_tool(page: Page, site: str) -> None:
    page.goto(f"{site}/individuals/{individual()}/")
    expect(page.locator(".paint canvas")).to_be_visible()
    expect(page.locator(".paint__grid")).to_have_count(0)
    page.locator(".paint canvas").scroll_into_view_if_needed()


def pixels(page: Page) -> list[int]:
    """Of the canvas: red of every pixel."""
    found: list[int] = page.evaluate(
        """() => { const canvas = document.querySelector('.paint canvas');
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        return [...data].filter((_, n) => n % 4 === 0); }"""
    )
    return found


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """From one place of the canvas to another, as shares of its side."""
    box = page.locator(".paint canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + start[0] * box["width"], box["y"] + start[1] * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + end[0] * box["width"], box["y"] + end[1] * box["height"], steps=5)
    page.mouse.up()


def test_a_stroke_of_the_mouse_asks_the_networks(
    page: Page, site: str, processes: Processes
) -> None:
    processes.start_worker()
    open_tool(page, site)
    whole = pixels(page)
    page.get_by_label("Grey", exact=True).check()
    drag(page, (0.1, 0.5), (0.9, 0.5))
    assert pixels(page)[14 * 28 + 14] == 128
    assert pixels(page)[0] == whole[0]
    readings = page.locator("#painted .readings")
    expect(readings.first).to_contain_text("before:", timeout=60_000)
    expect(page.locator("#painted [data-painted]")).to_be_attached()
    page.get_by_role("button", name="Undo").click()
    wait_for(lambda: pixels(page) == whole, 10, "the whole picture")
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()


def test_what_is_around_takes_the_place_of_the_pattern(
    page: Page, site: str, processes: Processes
) -> None:
    processes.start_worker()
    open_tool(page, site)
    drag(page, (0.3, 0.3), (0.6, 0.3))
    pattern = pixels(page)
    expect(page.locator("#painted .readings").first).to_be_visible(timeout=60_000)
    page.wait_for_function(
        "before => { const canvas = document.querySelector('.paint canvas');"
        "const { data } = canvas.getContext('2d').getImageData(0, 0, 28, 28);"
        "return [...data].filter((_, n) => n % 4 === 0).join() !== before.join(); }",
        arg=pattern,
    )


def test_keys_do_all_that_the_mouse_does(page: Page, site: str) -> None:
    open_tool(page, site)
    whole = pixels(page)
    page.get_by_label("Black", exact=True).check()
    page.get_by_label("Small", exact=True).check()
    page.locator(".paint canvas").focus()
    for key in ("ArrowUp", "ArrowLeft", "Shift+ArrowLeft", "Space"):
        page.keyboard.press(key)
    expect(page.locator("[data-status]")).to_contain_text("Painted at column 10, row 14")
    page.get_by_role("button", name="Ask the networks").focus()  # the ring goes
    assert [n for n, (a, b) in enumerate(zip(pixels(page), whole, strict=True)) if a != b] in (
        [13 * 28 + 9],
        [],  # it was black before
    )
    page.locator(".paint canvas").focus()
    page.keyboard.press("u")
    expect(page.locator("[data-status]")).to_have_text("Undone.")
    page.get_by_role("button", name="Ask the networks").click()
    expect(page.locator("[data-status]")).to_have_text("Paint over a part first.")


def test_start_again_can_be_undone(page: Page, site: str) -> None:
    open_tool(page, site)
    whole = pixels(page)
    page.get_by_label("Grey", exact=True).check()
    drag(page, (0.2, 0.2), (0.8, 0.8))
    painted = pixels(page)
    page.get_by_role("button", name="Start again").click()
    wait_for(lambda: pixels(page) == whole, 10, "the whole picture")
    page.get_by_role("button", name="Undo").click()
    wait_for(lambda: pixels(page) == painted, 10, "the painted picture")


def test_a_finger_paints_and_does_not_scroll(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    open_tool(page, site)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_label("Grey", exact=True).check()
    box = page.locator(".paint canvas").bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert pixels(page)[14 * 28 + 14] == 128
    context.close()


def test_without_scripts_cells_are_ticked(
    browser: Browser, site: str, processes: Processes
) -> None:
    processes.start_worker()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/individuals/{individual()}/")
    for name in ("row 1, column 1", "row 4, column 5"):
        page.get_by_label(name, exact=True).check()
    page.get_by_role("button", name="Ask the networks").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("painted over")
    for _ in range(60):
        if page.locator(".readings").count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    expect(page.locator(".readings").first).to_contain_text("before:")
    context.close()
