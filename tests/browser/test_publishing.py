"""Publishing and rating without scripts and by keyboard alone; a challenge judged while one looks on."""

import re
import uuid
from importlib import import_module

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from evolution.models import Brood, Publication, Rating
from evolution.views.visitors import KEY
from tests.factories import make_archive, make_brood, make_publication, make_run, make_session
from tests.processes import Processes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def cookie(site: str, visitor: uuid.UUID) -> dict[str, str]:
    """What makes a browser the visitor's."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[KEY] = str(visitor)
    store.save()
    return {"name": settings.SESSION_COOKIE_NAME, "value": store.session_key, "url": site}


def address(site: str, brood: Brood) -> str:
    return f"{site}/breed/{brood.session.code}/publish/?brood={brood.number}&slot=1"


def test_publishes_and_rates_without_scripts_by_keyboard(site: str, browser: Browser) -> None:
    brood = make_brood(make_session())
    breeder = browser.new_context(java_script_enabled=False)
    breeder.add_cookies([cookie(site, brood.session.visitor)])  # type: ignore[list-item]
    page = breeder.new_page()
    page.goto(address(site, brood))
    page.get_by_label("Title").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("got nothing to read")).to_be_visible()
    page.get_by_label("Title").focus()
    page.keyboard.type("A lamp in the fog")
    page.keyboard.press("Tab")
    page.keyboard.type("lamp, fog")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("A lamp in the fog")
    expect(page.get_by_text("It is yours")).to_be_visible()
    made = Publication.objects.get()
    breeder.close()

    other = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = other.new_page()
    page.goto(f"{site}/individuals/{made.individual_id}/")
    page.get_by_label("3 of 5").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_text("4.0 of 5")).to_be_visible()
    assert Rating.objects.get().stars == 4
    other.close()


def test_a_challenge_is_judged_while_one_looks_on(
    processes: Processes, site: str, page: Page
) -> None:
    processes.start_worker()
    made, run = make_publication(), make_run(status="cancelled", generation=1)
    make_archive(run, confidence=1e-9)
    page.goto(f"{site}/individuals/{made.individual_id}/")
    page.get_by_role("button", name="Challenge").click()
    taken = page.locator("#outcomes").get_by_text(re.compile(r"It took the cell \d of run"))
    expect(taken.first).to_be_visible(timeout=60_000)
    expect(page.locator("#caption .readings li")).to_have_count(3, timeout=60_000)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
