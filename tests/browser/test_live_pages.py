"""The pages change while they are open, without a reload."""

import pytest
from playwright.sync_api import Page, expect

from evolution.models import Run
from evolution.services import runs
from evolution.services.runs import Order
from tests.processes import Processes

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SLOW = Order("mnist-cppn-published", "lenet-a", seed=5, generations=500, pace=4.0)
SECONDS = 1000


def started(order: Order = SLOW) -> Run:
    """Queued and not enqueued: the watchdog of the started scheduler hands it to the worker."""
    return runs.start(order)[0]


def work(processes: Processes) -> None:
    processes.start_worker()
    processes.start_scheduler()


class TestTheGallery:
    def test_a_tile_changes_by_websocket_while_the_page_is_open(
        self, page: Page, site: str, processes: Processes
    ) -> None:
        run = started()
        work(processes)
        frames: list[str] = []
        page.on(
            "websocket", lambda ws: ws.on("framereceived", lambda data: frames.append(str(data)))
        )
        page.goto(site)
        page.evaluate("window.openedOnce = true")
        expect(page.locator(f"#run-{run.pk}-archive")).to_be_visible(timeout=60 * SECONDS)
        before = page.locator("#featured, #run-live, main").first.inner_html()
        expect(page.locator("main")).not_to_have_text(before, timeout=20 * SECONDS)
        expect(page.locator("path.g-main")).to_have_count(1, timeout=20 * SECONDS)
        curve = page.locator("path.g-main").get_attribute("d")
        expect(page.locator("path.g-main")).not_to_have_attribute(
            "d", curve or "", timeout=20 * SECONDS
        )
        assert frames
        assert page.evaluate("window.openedOnce") is True
