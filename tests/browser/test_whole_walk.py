"""The whole walk of a breeder, by mouse, by finger, and by keyboard alone.

Ten generations, three undone, one published; somebody else rates it and breeds from it; it
challenges an archive; its family tree is looked at.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from evolution.models import BreedingSession, Challenge, Individual, Publication, Rating
from tests.browser.breeders import begin, evolve, press, tab_to, wait_for_another
from tests.factories import make_archive, make_run
from tests.processes import Processes

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SECONDS = 1000
Activate = Callable[[Page, str], None]


def click(page: Page, selector: str) -> None:
    page.locator(selector).first.click()


def by_key(page: Page, selector: str) -> None:
    """Reach it with Tab and press it, as somebody without a mouse does."""
    page.keyboard.press("Home")
    tab_to(page, selector)
    page.keyboard.press("Enter")


def breed(page: Page, site: str, *, keys: bool) -> None:
    begin(page, site, "grey")  # so that a network of digits can be shown it
    for number in range(10):
        if keys:
            page.keyboard.press(str(1 + number % 9))
            press(page, "Enter")
        else:
            evolve(page, number, (number + 5) % 15)
    for _ in range(3):
        if keys:
            press(page, "u")
        else:
            step = int(page.get_attribute("#breed", "data-step") or 0)
            page.get_by_role("button", name="Undo").click()
            wait_for_another(page, step)
    found = BreedingSession.objects.select_related("current").get()
    assert found.current
    assert (found.current.generation, found.broods.count()) == (7, 11)


def publish(page: Page, activate: Activate) -> Publication:
    """The second picture of the brood, alone."""
    picked = page.locator('input[name="parent"]:checked')
    while picked.count():
        picked.first.press("Space")
    page.locator("#pick-2").press("Space")
    page.keyboard.press("p")
    expect(page).to_have_url(re.compile(r"/publish/\?brood="))
    tab_to(page, "input[name=title]")
    page.keyboard.type("Lamp in the fog")
    activate(page, "form.publish button[type=submit]")
    expect(page.get_by_role("heading", level=1)).to_have_text("Lamp in the fog")
    return Publication.objects.get()


@pytest.mark.parametrize("way", ["desktop", "phone", "keys"])
def test_from_a_first_brood_to_the_family_tree(
    way: str, browser: Browser, site: str, processes: Processes, request: pytest.FixtureRequest
) -> None:
    processes.start_worker(queues="quick")
    run = make_run(status="finished", generation=1)
    make_archive(run, confidence=0.0)  # anything is surer
    page: Page = request.getfixturevalue("phone" if way == "phone" else "page")
    activate = by_key if way == "keys" else click
    breed(page, site, keys=way == "keys")
    publication = publish(page, activate)
    # Its whole line is kept, from a random picture on; one kept from step to step is one.
    assert Individual.objects.filter(brood__isnull=False).count() >= 4

    activate(page, "form.challenge button")
    expect(page.locator("#outcomes")).to_contain_text(
        re.compile(r"took .*cell"), timeout=60 * SECONDS
    )
    assert Challenge.objects.get().conquests.exists()

    other = browser.new_context().new_page()  # somebody else
    other.goto(f"{site}/individuals/{publication.individual_id}/")
    tab_to(other, "form.rating input")
    other.keyboard.press("ArrowRight")
    other.keyboard.press("ArrowRight")
    activate(other, "form.rating button")
    expect(other.locator("#people-panel")).to_contain_text("of 5")
    assert Rating.objects.count() == 1
    activate(other, "form[action*='/branch/'] button")
    expect(other.locator("#breed .pick")).to_have_count(15)
    assert BreedingSession.objects.filter(branched_from=publication.individual).exists()
    other.context.close()

    page.goto(f"{site}/individuals/{publication.individual_id}/family/?show=steps")
    expect(page.locator(".tree svg a.here")).to_have_count(1)
    # Fewer steps where a parent that was kept was picked again.
    assert page.locator(".tree path.by-people").count() >= 3
    before = page.locator(".tree svg").get_attribute("width")
    page.locator(".tree").focus()
    page.keyboard.press("+")
    assert page.locator(".tree svg").get_attribute("width") != before
    activate(page, ".tree a.fold")
    expect(page.locator(".tree svg a.here, .tree svg image")).not_to_have_count(8)
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0
