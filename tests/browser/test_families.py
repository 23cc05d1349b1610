"""A family tree and a line of descent under a pointer, a keyboard and two fingers."""

from collections.abc import Sequence

import pytest
from playwright.sync_api import Page, expect

from evolution.models import Individual, Run
from tests.factories import cppn_bytes, make_individual, make_run
from tests.processes import Processes

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SECONDS = 1000
FOCUSED = "document.activeElement.getAttribute('data-of')"
NODES = ".tree a:not(.fold)"
WIDTH = "document.querySelector('.tree svg').getBoundingClientRect().width"
PLACE = "[document.querySelector('.tree').scrollLeft, document.querySelector('.tree').scrollTop]"


def children(run: Run, parents: Sequence[Individual], generation: int) -> list[Individual]:
    """Two of each."""
    return Individual.objects.bulk_create(
        Individual(
            run=run,
            generation=generation,
            position=2 * number + twin,
            parent=parent,
            encoding="cppn",
            genome=cppn_bytes(number % 9),
            selected_by="network",
        )
        for number, parent in enumerate(parents)
        for twin in (0, 1)
    )


def family(generations: int) -> list[list[Individual]]:
    run = make_run()
    made = [[make_individual(run)]]
    for generation in range(1, generations + 1):
        made.append(children(run, made[-1], generation))
    return made


def opened(page: Page, site: str, generations: int = 4, query: str = "") -> list[list[Individual]]:
    made = family(generations)
    page.goto(f"{site}/individuals/{made[0][0].pk}/family/{query}")
    expect(page.locator(".family__zoom")).to_be_visible()
    return made


@pytest.mark.parametrize("window", ["page", "phone"])
class TestTree:
    def test_folds_in_place_by_mouse_and_by_keyboard(
        self, window: str, site: str, request: pytest.FixtureRequest
    ) -> None:
        page: Page = request.getfixturevalue(window)
        made = opened(page, site)
        expect(page.locator(NODES)).to_have_count(31)
        fork = page.locator(f'.fold[data-of="{made[1][0].pk}"]')
        fork.scroll_into_view_if_needed()
        place = fork.bounding_box()
        assert place
        fork.click()
        expect(page.locator(NODES)).to_have_count(17)
        expect(fork).to_contain_text("+14")
        now = fork.bounding_box()
        assert now
        assert abs(now["x"] - place["x"]) < 2
        assert page.evaluate(FOCUSED) == str(made[1][0].pk)
        assert f"fold={made[1][0].pk}" in page.url
        page.keyboard.press("Enter")
        expect(page.locator(NODES)).to_have_count(31)
        assert page.evaluate(FOCUSED) == str(made[1][0].pk)
        page.keyboard.press("Space")
        expect(page.locator(NODES)).to_have_count(17)
        page.reload()
        expect(page.locator(NODES)).to_have_count(17)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0

    def test_pans_and_zooms_by_keyboard(
        self, window: str, site: str, request: pytest.FixtureRequest
    ) -> None:
        page: Page = request.getfixturevalue(window)
        opened(page, site)
        page.locator(".tree").focus()
        width = page.evaluate(WIDTH)
        page.keyboard.press("+")
        assert page.evaluate(WIDTH) == pytest.approx(1.25 * width)
        page.keyboard.press("-")
        assert page.evaluate(WIDTH) == pytest.approx(width)
        page.keyboard.press("-")
        page.keyboard.press("0")
        assert page.evaluate(WIDTH) == pytest.approx(width)
        before = page.evaluate(PLACE)
        page.keyboard.press("ArrowDown")
        assert page.evaluate(PLACE)[1] == pytest.approx(before[1] + 60, abs=1)
        page.keyboard.press("ArrowUp")
        assert page.evaluate(PLACE) == before
        page.get_by_role("button", name="Fit").press("Enter")
        box = page.locator(".tree svg").bounding_box()
        frame = page.locator(".tree").bounding_box()
        assert box
        assert frame
        assert box["width"] <= frame["width"] + 1
        assert box["height"] <= frame["height"] + 1

    def test_two_thousand_pictures_are_fetched_as_they_come_into_view(
        self, window: str, site: str, request: pytest.FixtureRequest
    ) -> None:
        page: Page = request.getfixturevalue(window)
        opened(page, site, 10, "?show=steps&open=all")
        expect(page.locator(NODES)).to_have_count(2000, timeout=20 * SECONDS)
        waiting = page.locator("image[data-href]").count()
        assert waiting > 1500
        page.evaluate("document.querySelector('.tree').scrollTop = 40000")
        page.evaluate("document.querySelector('.tree').scrollLeft = 1800")
        expect(page.locator("image[data-href]")).not_to_have_count(waiting)
        assert page.locator("image[data-href]").count() > 1400


class TestPointer:
    def test_a_drag_moves_the_tree_and_opens_nothing(self, page: Page, site: str) -> None:
        opened(page, site)
        box = page.locator(".tree").bounding_box()
        assert box
        node = page.locator(NODES).first.bounding_box()
        assert node
        address, before = page.url, page.evaluate(PLACE)
        page.mouse.move(node["x"] + 25, node["y"] + 25)
        page.mouse.down()
        page.mouse.move(node["x"] + 5, node["y"] - 175, steps=5)
        page.mouse.up()
        assert page.evaluate(PLACE)[1] == pytest.approx(before[1] + 200, abs=2)
        assert page.url == address
        # A busy machine is slower to let go than a script is to click again.
        expect(page.locator(".is-held")).to_have_count(0)
        node = page.locator(NODES).first.bounding_box()
        assert node
        page.mouse.click(node["x"] + 25, node["y"] + 25)
        expect(page).not_to_have_url(address)

    def test_the_wheel_with_control_zooms_at_the_pointer(self, page: Page, site: str) -> None:
        opened(page, site)
        node = page.locator(NODES).first.bounding_box()
        assert node
        x, y, width = node["x"], node["y"], page.evaluate(WIDTH)
        page.mouse.move(x, y)
        page.keyboard.down("Control")
        page.mouse.wheel(0, -150)
        page.keyboard.up("Control")
        page.wait_for_function(f"{WIDTH} > 1.5 * {width}")
        node = page.locator(NODES).first.bounding_box()
        assert node
        assert node["x"] == pytest.approx(x, abs=10)
        assert node["y"] == pytest.approx(y, abs=10)

    def test_two_fingers_zoom(self, phone: Page, site: str) -> None:
        opened(phone, site)
        width = phone.evaluate(WIDTH)
        box = phone.locator(".tree").bounding_box()
        assert box
        x, y = box["x"] + box["width"] / 2, box["y"] + 200
        fingers = phone.context.new_cdp_session(phone)
        for kind, apart in (("touchStart", 40), ("touchMove", 60), ("touchMove", 80)):
            points = [{"x": x - apart, "y": y, "id": 0}, {"x": x + apart, "y": y, "id": 1}]
            fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        assert phone.evaluate(WIDTH) == pytest.approx(2 * width, rel=0.05)


class TestWithoutScripts:
    def test_links_fold_and_unfold(self, page: Page, site: str) -> None:
        made = family(4)
        context = page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
        plain = context.new_page()
        plain.goto(f"{site}/individuals/{made[0][0].pk}/family/")
        expect(plain.locator(".family__zoom")).to_be_hidden()
        plain.locator(f'.fold[data-of="{made[1][0].pk}"]').click()
        expect(plain.locator(NODES)).to_have_count(17)
        plain.locator(f'.fold[data-of="{made[1][0].pk}"]').click()
        expect(plain.locator(NODES)).to_have_count(31)
        context.close()


class TestLine:
    def test_fills_while_a_network_is_asked_and_is_scrubbed(
        self, page: Page, site: str, processes: Processes
    ) -> None:
        made = family(4)
        last = made[-1][0]
        page.goto(f"{site}/individuals/{last.pk}/?network=lenet-b&label=3#line")
        expect(page.locator("#line-strip")).to_contain_text(
            "5 pictures of the line are being shown"
        )
        processes.start_worker()
        points = page.locator("#line-strip .film__point")
        expect(points).to_have_count(5, timeout=60 * SECONDS)
        expect(page.locator("#line-strip")).not_to_have_attribute("aria-busy", "true")
        slider = page.get_by_label("Step by step")
        slider.focus()
        page.keyboard.press("ArrowLeft")
        expect(page.locator(".scrub p")).to_have_text(f"No. {made[3][0].pk}, generation 3")
        expect(page.locator(".scrub img")).to_have_attribute(
            "src", f"/pictures/{made[3][0].pk}/256.webp"
        )
