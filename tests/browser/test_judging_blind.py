"""A sitting in a real Chromium: all that its network brings until each answer is searched."""

import re
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, WebSocket, expect
from playwright.sync_api import Response as Answer

from evolution.models import Judgment, Trial
from tests.judging.giveaways import Response, secret_study, traces

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

LOOKING = 600  # milliseconds: whoever answers ten times in five seconds is sent back


@dataclass
class Traffic:
    """What came since the last answer was told. Files of the site's own are the same for everybody."""

    answers: list[Answer] = field(default_factory=list)
    frames: list[str | bytes] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("response", lambda answer: self.answers.append(answer))
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: self.frames.append(frame))

    def take(self) -> list[Response]:
        taken, self.answers = self.answers, []
        return [_read(answer) for answer in taken if "/static/" not in answer.url]


def test_nothing_that_comes_before_an_answer_gives_it_away(site: str, page: Page) -> None:
    secret_study()
    traffic = Traffic()
    traffic.watch(page)
    page.goto(f"{site}/judge/")
    page.wait_for_load_state("networkidle")
    before = traffic.take()
    page.locator("[name=consent]").check()
    page.get_by_role("button", name=re.compile("begin", re.IGNORECASE)).click()
    forms, bred = set(), 0
    while "/judge/trials/" in page.url:
        expect(page.locator("#trial[data-state=question]")).to_be_visible()
        page.wait_for_load_state("networkidle")
        token = page.url.split("/judge/trials/")[1][:36]
        trial = Trial.objects.select_related("stimulus__individual", "claim").get(token=token)
        shown = Response("the window", page.title(), _window(page))
        came = [*before, *traffic.take(), shown]
        assert len(came) > 2
        assert [trace for one in came for trace in traces(one, trial)] == []
        assert traffic.frames == []
        forms.add(trial.form)
        bred += trial.stimulus.kind == "bred"
        _answer(page, trial)
        _go_on(page, traffic)
    assert re.search("/judge/done/", page.url)
    assert bred == Judgment.objects.filter(stimulus__kind="bred").count() > 5
    assert len(forms) > 1


def _window(page: Page) -> bytes:
    """But for what was read out of the picture before."""
    return re.sub(r'<p [^>]*id="told".*?</p>', "", page.content(), flags=re.DOTALL).encode()


def _read(answer: Answer) -> Response:
    head = "\n".join(f"{name}: {value}" for name, value in answer.all_headers().items())
    body = b"" if 300 <= answer.status < 400 else answer.body()
    return Response(answer.url, head, body)


def _answer(page: Page, trial: Trial) -> None:
    """Otherwise than the network."""
    choices = page.locator("#trial button.answer")
    values = [choices.nth(place).get_attribute("value") for place in range(choices.count())]
    wrong = [place for place, value in enumerate(values) if value != trial.expected]
    before = page.url
    page.wait_for_timeout(LOOKING)
    (choices.nth(wrong[0]) if wrong else page.locator("#cannot")).click()
    page.wait_for_function(
        "before => location.href !== before || document.querySelector('#next')", arg=before
    )


def _go_on(page: Page, traffic: Traffic) -> None:
    """What was told about this picture is left behind; some is not told before the end."""
    following = page.locator("#next")
    if following.count():
        page.wait_for_load_state("networkidle")
        traffic.answers.clear()
        before = page.url
        following.click()
        page.wait_for_function("before => location.href !== before", arg=before)
