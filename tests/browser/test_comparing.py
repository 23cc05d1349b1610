"""Groups of runs are picked and compared in a browser, on a desk and on a phone."""

import pytest
from playwright.sync_api import Page, expect

from evolution.models import Run
from tests.factories import make_elite, make_run
from tests.processes import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def finished(preset: str, confidence: float) -> Run:
    run = make_run(preset, status=Run.Status.FINISHED, generation=3)
    for cell in range(10):
        make_elite(run, cell, confidence=confidence + cell / 1000)
    return run


def pick(page: Page, site: str) -> None:
    sure, unsure = finished("mnist-cppn-paper", 0.9), finished("mnist-direct-paper", 0.2)
    page.goto(f"{site}/compare/")
    page.get_by_label(f"Run {sure.pk} in A").check()
    expect(page.locator(".heat")).to_have_count(1)
    page.get_by_label(f"Run {unsure.pk} in B").check()
    expect(page.locator(".finding")).to_contain_text("surer of A than of B")
    expect(page.locator(".heat img")).to_have_count(2)


def no_sideways_scroll(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def wait_for_pictures(page: Page) -> None:
    """Four of them: two heat maps and two sheets."""
    page.locator(".sheet img").last.scroll_into_view_if_needed()
    drawn = "images => images.length === 4 && images.every(image => image.naturalWidth > 1)"
    images = page.locator("#figures img")
    wait_for(lambda: images.evaluate_all(drawn), 20, "heat maps and sheets")


def test_runs_are_picked_and_every_plot_is_drawn(page: Page, site: str) -> None:
    pick(page, site)
    assert "a=" in page.url
    assert "b=" in page.url
    expect(page.get_by_role("img", name="champions are at 95% confidence")).to_be_visible()
    wait_for_pictures(page)
    first = page.locator(".heat__labels").first
    expect(first).to_have_text("0123456789")
    page.get_by_text("Most certain first").first.click()
    expect(first).to_have_text("9876543210")
    page.reload()
    expect(page.locator(".finding")).to_contain_text("surer of A than of B")
    assert no_sideways_scroll(page)


def test_figures_of_a_run_that_goes_on_follow_it_where_they_are(page: Page, site: str) -> None:
    run = finished("mnist-cppn-paper", 0.3)
    Run.objects.update(status=Run.Status.RUNNING, finished_at=None)
    page.goto(f"{site}/compare/?a={run.pk}")
    expect(page.locator(".finding")).to_contain_text("30.45%")
    page.locator(".sheet").scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    place = page.evaluate("scrollY")
    run.elites.update(confidence=0.995)
    Run.objects.update(generation=4)
    expect(page.locator(".finding")).to_contain_text("99.50%", timeout=20_000)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("scrollY") == place > 0


def test_nothing_scrolls_sideways_on_a_phone(phone: Page, site: str) -> None:
    pick(phone, site)
    wait_for_pictures(phone)
    assert no_sideways_scroll(phone)
