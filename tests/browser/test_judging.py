"""Judging in a real browser: whole sittings by keyboard alone, by touch, without scripts."""

import pytest
from playwright.sync_api import Browser, Page, expect

from evolution.judging.forms import Form
from evolution.models import Judgment, Sitting
from tests.browser.breeders import tab_to
from tests.browser.judges import (
    be,
    make_short_study,
    name_to_type,
    place_of_answer,
    sit,
)
from tests.judging_factories import LABEL, make_judging_study, make_sitting, make_trial

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}


def check_all_was_answered(answered: int) -> None:
    sitting = Sitting.objects.get()
    assert sitting.finished_at
    assert not sitting.is_left_out
    assert answered == sitting.trials.count() == Judgment.objects.count()
    assert set(sitting.trials.values_list("form", flat=True)) == set(Form)


def test_the_keyboard_alone(page: Page, site: str) -> None:
    make_short_study()
    page.goto(f"{site}/judge/")
    tab_to(page, 'input[name="consent"]')
    page.keyboard.press("Space")
    tab_to(page, "button.button--main")
    page.keyboard.press("Enter")
    page.wait_for_url("**/trials/*/")

    def answer(page: Page) -> None:
        if page.locator("#answer").count():
            expect(page.locator("#answer")).to_be_focused()
            page.keyboard.type(name_to_type(page))
            page.keyboard.press("Enter")
        else:
            page.keyboard.press(str(place_of_answer(page) + 1))

    answered = sit(page, answer, lambda page: page.keyboard.press("Enter"))
    check_all_was_answered(answered)
    for judgment in Judgment.objects.all():
        assert judgment.reaction_ms, judgment.form
        assert 300 < judgment.reaction_ms <= judgment.elapsed_ms
    expect(page.locator("h1")).to_contain_text("You agreed with the machine in")


def test_touch_on_a_phone_without_scrolling(browser: Browser, site: str) -> None:
    make_short_study()
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{site}/judge/")
    page.locator('input[name="consent"]').tap()
    page.get_by_role("button", name="Begin").tap()

    def answer(page: Page) -> None:
        last = page.locator("#cannot").bounding_box()
        assert last
        assert last["y"] + last["height"] <= PHONE["height"]
        assert page.evaluate("scrollY") == 0
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert page.locator("kbd:visible").count() == 0
        if page.locator("#answer").count():
            page.locator("#answer").fill(name_to_type(page))
            page.get_by_role("button", name="Answer").tap()
        else:
            page.locator(".answer").nth(place_of_answer(page)).tap()

    check_all_was_answered(sit(page, answer, lambda page: page.locator("#next").tap()))
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    context.close()


def test_without_scripts(browser: Browser, site: str) -> None:
    make_short_study()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/judge/")
    page.get_by_label("I take part").check()
    page.get_by_role("button", name="Begin").click()

    def answer(page: Page) -> None:
        if page.locator("#answer").count():
            page.locator("#answer").fill(name_to_type(page))
            page.get_by_role("button", name="Answer").click()
        else:
            page.locator(".answer").nth(place_of_answer(page)).click()

    check_all_was_answered(sit(page, answer, lambda page: page.locator("#next").click()))
    assert not Judgment.objects.filter(reaction_ms__isnull=False).exists()
    context.close()


class TestOneQuestion:
    def sitting(self, page: Page, site: str) -> Sitting:
        sitting = make_sitting(make_judging_study())
        be(page.context, site, sitting)
        return sitting

    def test_going_back_and_reloading_show_what_was_told(self, page: Page, site: str) -> None:
        sitting = self.sitting(page, site)
        first, second = make_trial(sitting), make_trial(sitting)
        page.goto(f"{site}/judge/trials/{first.token}/")
        page.get_by_role("button", name=LABEL).click()
        expect(page.locator("#told")).to_contain_text(f"The machine said {LABEL}")
        expect(page.locator("#next")).to_be_focused()
        page.reload()
        expect(page.locator("#reveal")).to_be_visible()
        page.locator("#next").click()
        page.wait_for_url(f"**/{second.token}/")
        expect(page.locator("#question")).to_be_focused()
        page.go_back()
        expect(page.locator("#reveal")).to_be_visible()
        assert Judgment.objects.count() == 1

    def test_two_presses_are_one_answer(self, page: Page, site: str) -> None:
        trial = make_trial(self.sitting(page, site))
        page.goto(f"{site}/judge/trials/{trial.token}/")
        page.get_by_role("button", name=LABEL).dblclick()
        expect(page.locator("#reveal")).to_be_visible()
        assert Judgment.objects.get().answer == LABEL

    def test_a_name_that_is_none_is_asked_again(self, page: Page, site: str) -> None:
        trial = make_trial(self.sitting(page, site), Form.ALL)
        page.goto(f"{site}/judge/trials/{trial.token}/")
        page.wait_for_timeout(500)
        page.locator("#answer").fill("mixing")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.locator("#answer")).to_have_value("mixing")
        page.wait_for_timeout(500)
        page.get_by_role("button", name="mixing bowl").click()
        expect(page.locator("#reveal")).to_contain_text("You said mixing bowl")
        assert (Judgment.objects.get().reaction_ms or 0) > 900  # since the picture came

    def test_a_site_that_does_not_answer_is_told_of(
        self, page: Page, site: str, complaints: list[str]
    ) -> None:
        trial = make_trial(self.sitting(page, site))
        page.goto(f"{site}/judge/trials/{trial.token}/")
        page.context.set_offline(True)
        page.get_by_role("button", name=LABEL).click()
        expect(page.get_by_role("alert")).to_contain_text("Nothing was stored")
        page.context.set_offline(False)
        page.get_by_role("button", name=LABEL).click()
        expect(page.locator("#reveal")).to_be_visible()
        complaints.clear()  # htmx logs what the page tells
