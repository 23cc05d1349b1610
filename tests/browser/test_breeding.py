"""Breeding in a real browser: ten generations, back, another way, a network that looks on, keys."""

import pytest
from playwright.sync_api import Page, expect

from evolution.models import BreedingSession
from tests.browser.breeders import begin, evolve, press, step_of
from tests.processes import Processes

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SECONDS = 1000


def session() -> BreedingSession:
    return BreedingSession.objects.select_related("current").get()


def generation() -> int:
    found = session().current
    assert found
    return found.generation


class TestBreeding:
    @pytest.mark.parametrize("window", ["page", "phone"])
    def test_ten_generations_three_undone_and_another_way(
        self, window: str, site: str, request: pytest.FixtureRequest
    ) -> None:
        page: Page = request.getfixturevalue(window)
        begin(page, site)
        for number in range(10):
            evolve(page, number, (number + 4) % 15)
        assert generation() == 10
        for _ in range(3):
            step = step_of(page)
            page.get_by_role("button", name="Undo").click()
            expect(page.locator(f'#breed[data-step="{step}"]')).to_have_count(0)
        assert generation() == 7
        evolve(page, 1)
        assert session().broods.count() == 12
        expect(page.locator(".undo .left")).to_have_count(3)
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0

    def test_the_keyboard_alone(self, page: Page, site: str) -> None:
        begin(page, site)
        page.keyboard.press("3")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Space")
        expect(page.locator("#evolve")).to_have_text("Evolve 2")
        press(page, "Enter")
        assert session().current.chosen == [2, 3]  # type: ignore[union-attr]
        press(page, "r")
        press(page, "u")
        expect(page.locator("#pick-2")).to_be_checked()
        press(page, "y")
        before = page.locator("#strength").input_value()
        page.keyboard.press("+")
        assert int(page.locator("#strength").input_value()) == int(before) + 1
        page.keyboard.press("1")
        page.keyboard.press("z")
        expect(page.locator("#larger")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#larger")).to_be_hidden()
        is_open = page.locator("#help").evaluate("(help) => help.open")
        page.keyboard.press("?")
        expect(page.locator("#help p").first).to_be_visible(visible=not is_open)

    def test_evolving_with_nothing_picked_says_what_to_do(self, page: Page, site: str) -> None:
        begin(page, site)
        page.locator("#evolve").click()
        expect(page.get_by_role("alert")).to_contain_text("Pick at least one picture")

    def test_a_stale_tab_shows_the_present_brood(self, page: Page, site: str) -> None:
        begin(page, site)
        other = page.context.new_page()
        other.goto(page.url)
        evolve(page, 1)
        other.locator("#pick-2").click()
        other.locator("#evolve").click()
        expect(other.get_by_role("alert")).to_contain_text("nothing was changed")
        assert step_of(other) == 1

    def test_a_network_looks_on_where_it_is_wished(
        self, page: Page, site: str, processes: Processes
    ) -> None:
        processes.start_worker(queues="quick")
        begin(page, site)
        expect(page.locator(".under")).to_have_count(0)
        page.get_by_label("What a network sees").click()
        expect(page.locator(".under .says")).to_have_count(45, timeout=60 * SECONDS)
        page.get_by_label("Wish").fill("starfish")
        page.get_by_role("button", name="What would the network pick?").click()
        expect(page.locator(".under__favourite")).to_have_count(1, timeout=60 * SECONDS)
        evolve(page, 0)
        expect(page.locator(".under__favourite")).to_have_count(1, timeout=60 * SECONDS)
        page.get_by_label("What a network sees").click()
        expect(page.locator(".under")).to_have_count(0)

    def test_works_without_scripts(self, browser: object, site: str) -> None:
        context = browser.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
        page = context.new_page()
        begin(page, site)
        page.locator("#pick-4").click()
        page.locator("#evolve").click()
        expect(page.locator('#breed[data-step="1"]')).to_have_count(1)
        page.get_by_role("button", name="Undo").click()
        expect(page.locator('#breed[data-step="0"]')).to_have_count(1)
        expect(page.locator("#pick-4")).to_be_checked()
        context.close()
