"""People's pictures in a browser: views, search and paging without a reload; live beside champions."""

import re

import pytest
from playwright.sync_api import Page, expect

from evolution.exhibits import publications_wall
from tests.browser.test_live_pages import SECONDS, work
from tests.factories import NOW, make_publication
from tests.processes import Processes

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_views_search_and_pages_follow_one_another(page: Page, site: str) -> None:
    for number in range(publications_wall.PAGE + 5):
        make_publication(title=f"Ring {number}", featured_at=NOW if number == 7 else None)
    page.goto(f"{site}/published/")
    page.evaluate("window.neverReloaded = true")
    tiles = page.locator("#published-pictures .tile")
    expect(tiles).to_have_count(publications_wall.PAGE)
    page.get_by_role("link", name="Older pictures").click()
    expect(tiles).to_have_count(publications_wall.PAGE + 5)

    # With the keyboard alone: from view to view by arrows, and the focus stays.
    page.locator("input[name=view][value=newest]").focus()
    page.keyboard.press("ArrowLeft")
    expect(tiles).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/published/\?view=picks$"))
    expect(page.locator("input[value=picks]")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile(r"/published/\?view=random&seed=\d+$"))
    page.get_by_role("searchbox").press_sequentially("ring 64")
    expect(tiles).to_have_count(1)
    assert page.evaluate("window.neverReloaded") is True


def test_a_phone_reaches_all_of_the_form(phone: Page, site: str) -> None:
    make_publication(title="x" * 80)
    phone.goto(f"{site}/published/")
    expect(phone.get_by_role("searchbox")).to_be_in_viewport(ratio=1)
    expect(phone.get_by_role("button", name="Show")).to_be_in_viewport(ratio=1)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_new_champions_do_not_wait_beside_people_s_pictures(
    page: Page, site: str, processes: Processes
) -> None:
    for _ in range(3):
        make_publication()
    page.goto(f"{site}/?by=people")
    expect(page.locator("[data-live]").first).to_have_text("live", timeout=10 * SECONDS)
    work(processes)
    expect(page.locator("#arrivals > .tile")).to_have_count(10, timeout=30 * SECONDS)
    expect(page.locator("#pending")).to_be_hidden()
    page.locator("#filters").get_by_text("Everyone").click()
    expect(page.locator("#pictures .tile")).to_have_count(13)
    expect(page.locator("#pictures .by.people")).to_have_count(3)
