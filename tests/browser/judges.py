"""Somebody who judges in a browser: a sitting of every form, and how it is gone through."""

import re
from collections.abc import Callable

from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import BrowserContext, Page, expect

from evolution.judging.plans import Group, JudgingPlan, Trials
from evolution.models import JudgingStudy, Sitting
from tests.judging_factories import NETWORK, OTHER, make_whole_study

SECONDS = 1000
THINKING = 700  # milliseconds before an answer: nobody is quicker
TRIALS = Trials(
    two_random=2, two_second=1, all_labels=1, free=1, right=2, pick=1,
    photograph=0, degraded=0, noise=0, hand_bred=0, check=1, repeat=1,
)  # fmt: skip


def make_short_study() -> JudgingStudy:
    """Ten questions, of every form."""
    group = Group("bred", NETWORK, 30, encoding="cppn")
    return make_whole_study(plan=JudgingPlan("What do people see?", (group,), TRIALS).as_json())


def be(context: BrowserContext, site: str, sitting: Sitting) -> None:
    """Make a browser that of the visitor who sits."""
    session = SessionStore()
    session["visitor"] = str(sitting.visitor)
    session.save()
    assert session.session_key
    context.add_cookies([{"name": "sessionid", "value": session.session_key, "url": site}])


def sit(page: Page, answer: Callable[[Page], None], go_on: Callable[[Page], None]) -> int:
    """Go through a sitting that has begun. Returns how many questions were answered."""
    answered = 0
    while "/done/" not in page.url:
        here = page.locator("#trial")
        if here.get_attribute("data-state") == "question":
            page.wait_for_timeout(THINKING)
            form = here.locator("form").get_attribute("action")
            answer(page)
            left = page.locator(f'#trial[data-state="question"] form[action="{form}"]')
            expect(left).to_have_count(0, timeout=20 * SECONDS)
            answered += 1
        else:
            state = page.locator('#trial[data-state="reveal"]')
            go_on(page)
            expect(state).to_have_count(0, timeout=20 * SECONDS)
        page.wait_for_load_state()
    return answered


def place_of_answer(page: Page) -> int:
    """The first, or the one that a check asks for."""
    asked = re.search("choose “(.*)”", page.locator("#trial h1").inner_text())
    names = page.locator(".answer").all_inner_texts()
    return next((i for i, name in enumerate(names) if asked and asked[1] in name), 0)


def name_to_type(page: Page) -> str:
    return OTHER if page.locator("#names").count() else "a dark wave"
