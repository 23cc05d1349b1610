"""What somebody does on the breed page, with a mouse or with the keyboard alone."""

from playwright.sync_api import Page, expect

SECONDS = 1000


def begin(page: Page, site: str, colour: str = "colour") -> None:
    page.goto(f"{site}/breed/")
    page.locator(f'input[name="colour"][value="{colour}"]').check()
    page.get_by_role("button", name="Begin", exact=True).click()
    expect(page.locator("#breed .pick")).to_have_count(15)
    page.wait_for_load_state()  # from then on the page knows its keys


def step_of(page: Page) -> int:
    return int(page.get_attribute("#breed", "data-step") or -1)


def wait_for_another(page: Page, step: int) -> None:
    expect(page.locator(f'#breed[data-step="{step}"]')).to_have_count(0, timeout=20 * SECONDS)
    expect(page.locator("#breed")).to_have_count(1)


def evolve(page: Page, *slots: int) -> None:
    """By mouse or finger."""
    step = step_of(page)
    for slot in slots:
        pick = page.locator(f"#pick-{slot}")
        if not pick.is_checked():
            pick.click()
    page.locator("#evolve").click()
    wait_for_another(page, step)


def press(page: Page, key: str) -> None:
    """A key that leads to another step."""
    step = step_of(page)
    page.keyboard.press(key)
    wait_for_another(page, step)


def tab_to(page: Page, selector: str, most: int = 200) -> None:
    """Reach something with the Tab key alone."""
    for _ in range(most):
        if page.evaluate("(it) => document.activeElement?.matches(it)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key does not lead to {selector}")
