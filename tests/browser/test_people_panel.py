"""The people's panel of a picture changes while answers come in, and the pictures' dots fit."""

import pytest
from playwright.sync_api import Page, expect

from tests.factories import make_elite, make_prediction, make_run
from tests.judging_factories import NETWORK, make_answers, make_judging_study, make_stimulus

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
TWO_LOOKS = 25_000  # milliseconds


def test_changes_while_answers_come_in(page: Page, site: str) -> None:
    elite = make_elite(make_run(status="finished", generation=1))
    make_prediction(elite.individual)
    picture = make_stimulus(make_judging_study(), individual=elite.individual)
    page.goto(f"{site}/individuals/{elite.individual_id}/")
    panel = page.locator("#asked-panel")
    expect(panel).to_contain_text("Nobody was asked yet.")
    make_answers(picture, 1, 2)
    expect(panel).to_contain_text("1 of 2", timeout=TWO_LOOKS)
    make_answers(picture, 1, 1)  # the fragment asks again as well
    expect(panel).to_contain_text("2 of 3", timeout=TWO_LOOKS)


@pytest.mark.parametrize("answers", [2, 30, 31])
def test_no_dot_is_cut_off_however_many_there_are(phone: Page, site: str, answers: int) -> None:
    run = make_run("imagenet-cppn-fast", classifier=NETWORK, status="finished", generation=1)
    elite = make_elite(run, confidence=0.9)
    picture = make_stimulus(make_judging_study(), individual=elite.individual)
    make_answers(picture, 1, answers)
    for path in ("/", f"/individuals/{elite.individual_id}/"):
        phone.goto(site + path)
        marks = phone.locator(".dots")
        expect(marks.first).to_be_attached()
        for mark in marks.all():
            wanted, shown = mark.evaluate(
                """mark => {
                    const { width } = getComputedStyle(mark);
                    const ask = document.createElement("i");
                    ask.style.cssText = "position: absolute; width: calc(var(--n) * var(--dot))";
                    mark.append(ask);
                    const wanted = parseFloat(getComputedStyle(ask).width);
                    ask.remove();
                    return [wanted, parseFloat(width)];
                }"""
            )
            assert 0 < wanted <= shown + 1
