"""An operator's walk: sign in by the printed link, start a run, pause it, resume it, cancel it."""

import pytest
from playwright.sync_api import Browser, Page, expect

from evolution.models import Run
from evolution.services import accounts
from tests.factories import make_archive, make_prediction, make_run
from tests.processes import Processes

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SECONDS = 1000


def sign_in(page: Page, site: str) -> None:
    page.goto(site + accounts.sign_in_path(accounts.operator()))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Start a run").first).to_be_visible()


class TestAnOperator:
    def test_starts_pauses_resumes_and_cancels_a_run(
        self, page: Page, site: str, processes: Processes
    ) -> None:
        processes.start_worker()
        sign_in(page, site)
        page.goto(f"{site}/runs/new/")
        page.locator('input[name="preset"][value="mnist-direct-paper"]').check()
        page.get_by_label("Seed").fill("77")
        page.locator('input[name="generations"]').fill("500")
        page.locator('input[name="pace"]').fill("2")
        page.get_by_role("button", name="Start", exact=True).click()
        status = page.locator("#run-state .status")
        expect(status).to_have_text("running", timeout=30 * SECONDS)
        page.get_by_role("button", name="Pause").click()
        expect(status).to_have_text("paused", timeout=10 * SECONDS)
        page.get_by_role("button", name="Resume").click()
        expect(status).to_have_text("running", timeout=10 * SECONDS)
        page.locator("summary", has_text="Cancel run").press("Enter")  # by keyboard
        page.get_by_role("button", name="Yes, cancel").press("Enter")
        expect(status).to_have_text("cancelled", timeout=10 * SECONDS)
        run = Run.objects.get()
        assert (run.seed, run.planned, run.status) == (77, 500, Run.Status.CANCELLED)

    def test_is_told_what_is_wrong_in_the_form(self, page: Page, site: str) -> None:
        sign_in(page, site)
        page.goto(f"{site}/runs/new/")
        page.locator('input[name="generations"]').fill("1000000000")
        page.get_by_role("button", name="Start", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("1,000,000,000")
        assert not Run.objects.exists()

    def test_a_link_works_once(self, page: Page, site: str) -> None:
        link = site + accounts.sign_in_path(accounts.operator())
        for words in ("Sign in as operator", "This link no longer works"):
            page.context.clear_cookies()
            page.goto(link)
            expect(page.get_by_role("heading", level=1)).to_have_text(words)
            if page.get_by_role("button", name="Sign in").count():
                page.get_by_role("button", name="Sign in").click()
                expect(page.get_by_role("link", name="Start a run").first).to_be_visible()


def paths() -> list[str]:
    run = make_run(status=Run.Status.RUNNING, generation=1)
    individual = make_archive(run)[3].individual
    make_prediction(individual)
    make_prediction(individual, "lenet-b")
    return ["/", "/runs/", f"/runs/{run.pk}/", f"/individuals/{individual.pk}/", "/sign-in/", "/no"]


class TestEveryPage:
    def test_fits_a_phone(self, phone: Page, site: str) -> None:
        for path in paths():
            phone.goto(site + path)
            width = phone.evaluate("document.documentElement.scrollWidth")
            assert width <= 390, f"{path} is {width} px wide"

    def test_leads_the_keyboard_to_its_content_first(self, page: Page, site: str) -> None:
        # The first field has the focus on /sign-in/; a page that is not there stands alone.
        for path in set(paths()) - {"/sign-in/", "/no"}:
            page.goto(site + path)
            page.keyboard.press("Tab")
            focused = page.evaluate("document.activeElement.getAttribute('href')")
            assert focused == "#main", path
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", path

    def test_can_be_read_and_filtered_without_scripts(self, browser: Browser, site: str) -> None:
        gallery, _, run_page, individual, *_ = paths()
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(site + gallery)
        page.get_by_label("Label").fill("3")
        page.get_by_role("button", name="Show").click()
        expect(page.locator("#pictures .tile")).to_have_count(1)
        page.locator("#pictures .tile a").first.click()
        expect(page).to_have_url(site + individual)
        expect(page.locator(".observer.machine .says")).to_have_count(10)
        page.goto(site + run_page)
        expect(page.locator(".slot")).to_have_count(10)
        context.close()
