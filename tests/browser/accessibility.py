"""Axe in a real browser: what keeps people from using a page. Source: deque, axe-core 4."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

GRAVE = ("serious", "critical")


def grave_violations(page: Page) -> list[str]:
    """Each as a sentence: the rule, what it is about, the first elements."""
    results = Axe().run(page)
    return [
        f"{found['impact']}: {found['id']}: {found['help']}: "
        + "; ".join(str(node["target"]) for node in found["nodes"][:4])
        for found in results.response["violations"]
        if found["impact"] in GRAVE
    ]
