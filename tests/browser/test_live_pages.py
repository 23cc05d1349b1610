"""Pages change while they are open, without a reload, and are right again after a cut."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from evolution.models import Run
from evolution.services import runs
from evolution.services.runs import Order
from tests.factories import make_archive, make_run
from tests.processes import Processes, free_port, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SLOW = Order("mnist-cppn-published", "lenet-a", seed=5, generations=400, pace=5.0)
SECONDS = 1000  # playwright counts milliseconds


def work(processes: Processes, order: Order = SLOW) -> Run:
    """A run under way: queued here, found by the watchdog, evolved by a worker."""
    (run,) = runs.start(order)
    processes.start_worker()
    processes.start_scheduler()
    wait_for(
        lambda: Run.objects.filter(pk=run.pk, generation__gt=1).exists(), 60, "the run to begin"
    )
    return run


def shown(page: Page, run: Run) -> dict[str, Any]:
    """What the page says of each cell."""
    slots = page.locator(f"#run-{run.pk}-archive .slot")
    return {str(slot.get_attribute("id")): slot.get_attribute("href") for slot in slots.all()}


def stored(run: Run) -> dict[str, Any]:
    holders = run.elites.holders().values_list("cell", "individual_id")
    return {f"cell-{run.pk}-{cell}": f"/individuals/{number}/" for cell, number in holders}


class TestTheOpenGallery:
    def test_tiles_and_curve_change_by_websocket(
        self, page: Page, site: str, processes: Processes
    ) -> None:
        run = work(processes)
        frames: list[str] = []
        page.on(
            "websocket", lambda ws: ws.on("framereceived", lambda data: frames.append(str(data)))
        )
        page.goto(site)
        page.evaluate("window.neverReloaded = true")
        tile, curve = page.locator(f"#tile-{run.pk}-8 a").first, page.locator("#plot path.g-main")
        before, drawn = tile.get_attribute("href"), curve.get_attribute("d")
        expect(tile).not_to_have_attribute("href", before or "", timeout=60 * SECONDS)
        expect(curve).not_to_have_attribute("d", drawn or "", timeout=20 * SECONDS)
        href = tile.get_attribute("href")
        assert any(f'href="{href}"' in frame for frame in frames)
        assert page.evaluate("window.neverReloaded") is True

    def test_pictures_of_a_new_run_wait_behind_a_button(
        self, page: Page, site: str, processes: Processes
    ) -> None:
        make_archive(make_run(status=Run.Status.FINISHED), 3)
        page.goto(site)
        expect(page.locator("[data-live]").first).to_have_text("live", timeout=10 * SECONDS)
        work(processes)
        pending = page.locator("#pending a")
        expect(pending).to_have_text("Show 10 new pictures", timeout=30 * SECONDS)
        expect(page.locator("#pictures .tile")).to_have_count(3)
        pending.click()
        expect(page.locator("#pictures .tile")).to_have_count(13)

    def test_an_empty_gallery_fills_by_itself(
        self, page: Page, site: str, processes: Processes
    ) -> None:
        page.goto(site)
        expect(page.locator(".opening")).to_be_visible()
        expect(page.locator("[data-live]").first).to_have_text("live", timeout=10 * SECONDS)
        work(processes)
        expect(page.locator(".lead h1")).to_contain_text("LeNet A is", timeout=30 * SECONDS)
        expect(page.locator(".opening")).to_have_count(0)
        expect(page.locator("#pictures .tile")).to_have_count(10)


class TestACutConnection:
    def test_the_page_is_right_again_without_a_reload(
        self, page: Page, processes: Processes
    ) -> None:
        port = free_port()
        site = processes.start_site(port)
        run = work(processes)
        page.goto(f"{site}/runs/{run.pk}/")
        page.evaluate("window.neverReloaded = true")
        live = page.locator("[data-live]").first
        expect(live).to_have_text("live", timeout=10 * SECONDS)

        processes.kill("web")
        expect(live).not_to_have_text("live", timeout=10 * SECONDS)
        generation = Run.objects.get(pk=run.pk).generation
        wait_for(
            lambda: Run.objects.filter(pk=run.pk, generation__gt=generation + 15).exists(),
            60,
            "the run to go on while nobody can look",
        )
        Run.objects.filter(pk=run.pk).update(status=Run.Status.PAUSED)
        processes.start_site(port)
        expect(live).to_have_text("live", timeout=90 * SECONDS)
        expect(page.locator("#run-state .status")).to_have_text("paused", timeout=20 * SECONDS)
        wait_for(lambda: shown(page, run) == stored(run), 20, "the page to show what is stored")
        assert page.evaluate("window.neverReloaded") is True


class TestAnIndividual:
    def test_every_network_that_fits_is_asked_and_answers_on_the_open_page(
        self, page: Page, site: str, processes: Processes
    ) -> None:
        run = work(processes)
        elite = run.elites.order_by("pk")[0]
        page.goto(f"{site}/individuals/{elite.individual_id}/")
        networks = page.locator(".observer.machine")
        expect(networks).to_contain_text("LeNet A")
        expect(networks).to_contain_text("LeNet B")
        expect(networks.locator(".says data")).to_have_count(10, timeout=30 * SECONDS)
        labels = set(elite.individual.predictions.values_list("classifier", flat=True))
        assert labels == {"lenet-a", "lenet-b"}
