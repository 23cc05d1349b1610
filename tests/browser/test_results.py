"""Results in a real browser: filters, the calculator beside them, and a look for news."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import grave_violations
from tests.exhibits.results.filling import make_filled

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_filters_calculator_and_news(page: Page, site: str) -> None:
    make_filled(pictures=20, sittings=60)
    page.goto(f"{site}/judge/results/")
    page.get_by_text("Right or wrong", exact=True).first.click()
    expect(page.get_by_text("sensitivity, d′")).to_be_visible()
    assert "form=right" in page.url

    page.get_by_label("True rate, per cent").fill("70")
    page.get_by_role("button", name="Compute").click()
    page.wait_for_url("**rate=70**")
    expect(page.locator("#sample-size-form + dl")).to_contain_text("49")
    expect(page.get_by_text("sensitivity, d′")).to_be_visible()  # the filters stay

    with page.expect_response(lambda answer: "since=" in answer.url, timeout=15_000) as looked:
        pass
    assert looked.value.status == 204


def test_a_phone_shows_all_of_it(phone: Page, site: str) -> None:
    make_filled(pictures=20, sittings=60)
    phone.goto(f"{site}/judge/results/?form=free&rate=40")
    phone.locator("summary").click()
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    expect(phone.get_by_text("The true rate must be above chance (0.5), not 0.4.")).to_be_visible()


def test_axe_finds_nothing_serious_in_refusals(page: Page, site: str) -> None:
    page.goto(f"{site}/judge/results/?form=none&rate=40")
    expect(page.get_by_text("The true rate must be above chance (0.5), not 0.4.")).to_be_visible()
    assert grave_violations(page) == []
