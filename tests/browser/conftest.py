"""A real Chromium on the real site: web server, worker and scheduler as processes of their own."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.processes import Processes

OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What a test does on purpose makes Chromium complain; everything else on the console is a defect.
EXPECTED_COMPLAINTS = (
    "WebSocket",
    "ERR_CONNECTION_REFUSED",
    "Failed to load",
    "[object Event]",
)


@pytest.fixture(scope="module")  # no longer: while it lasts, a loop runs in the tests' thread
def browser(chromium: str) -> Iterator[Browser]:
    # Playwright's loop runs in the test's thread, where Django would otherwise refuse its ORM.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def site(processes: Processes) -> str:
    """The address of the site, in a process of its own."""
    return processes.start_site()


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def page(browser: Browser, complaints: list[str]) -> Iterator[Page]:
    """A desktop window. Errors in scripts and refusals by the content policy fail the test."""
    yield from _window(browser, complaints, 1280, 900)


@pytest.fixture
def phone(browser: Browser, complaints: list[str]) -> Iterator[Page]:
    yield from _window(browser, complaints, 390, 844)


def _window(browser: Browser, complaints: list[str], width: int, height: int) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(
            part in message.text for part in EXPECTED_COMPLAINTS
        ):
            complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []
