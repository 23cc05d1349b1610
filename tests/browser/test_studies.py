"""A study while it works: its page renews itself, and fits a desk and a phone; so does the report."""

import pytest
from playwright.sync_api import Page, expect

from evolution.exhibits.studies import listing, reports
from evolution.models import Study
from evolution.studies import champions
from tests.browser.accessibility import grave_violations
from tests.factories import make_archive, make_run
from tests.study_factories import (
    make_picture,
    make_study,
    make_study_of_runs,
    note_statistics,
    sampler,
    working_on,
)

__all__ = ["sampler"]
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def make_begun() -> Study:
    """One of two runs is done, another is worked on."""
    runs = [make_run(status="finished", generation=3, seed=seed) for seed in range(2)]
    for run in runs:
        make_archive(run)
        note_statistics(run, 3)
    study = make_study_of_runs(runs[:1])
    working_on(study, runs[1], 1)
    return study


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_the_page_follows_the_study_without_being_loaded_again(page: Page, site: str) -> None:
    study = make_begun()
    page.goto(f"{site}/studies/{study.pk}/")
    page.evaluate("window.stayed = true")
    expect(page.locator("#study-state")).to_contain_text("1 of 2 parts")
    expect(page.locator(".contacts img")).to_have_count(10)
    part = study.parts.get(position=1)
    assert part.run
    part.status, part.result, part.finished_at = (
        "done",
        champions.summary(part.run),
        study.created_at,
    )
    part.save()
    expect(page.locator("#study-state")).to_contain_text("2 of 2 parts", timeout=10_000)
    expect(page.locator(".contacts img")).to_have_count(20)
    assert page.evaluate("window.stayed")


@pytest.mark.parametrize("size", [(1280, 900), (390, 844)])
def test_nothing_is_wider_than_the_window(page: Page, site: str, size: tuple[int, int]) -> None:
    study = make_begun()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for path in ("/studies/", "/studies/mnist-cppn/", f"/studies/{study.pk}/"):
        page.goto(site + path)
        assert fits(page), path


@pytest.mark.usefixtures("sampler")
@pytest.mark.parametrize("size", [(1280, 900), (390, 844)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_figure_of_a_report_can_be_read(
    page: Page, size: tuple[int, int], scheme: str
) -> None:
    study = make_study(result={"individuals": [make_archive(make_run())[0].individual_id]})
    make_picture(study.parts.get(position=0))
    report = reports.page(listing.rows())
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(report)
    assert fits(page)
    assert [address for address in asked if not address.startswith("data:")] == []
    assert grave_violations(page) == []
