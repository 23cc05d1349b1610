"""Nothing that reaches a browser before the answer depends on what the network said.

Two ways to look. Everything that can be asked for about a question is read twice, under two truths
that a visitor must not be able to tell apart: byte by byte the same. And whole sittings are walked,
with every response searched for what would give a picture away.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from classifiers import catalogue
from evolution.judging.forms import Form
from evolution.models import Claim, Stimulus, Trial
from tests.factories import make_elite, make_individual, make_run
from tests.judging.giveaways import (
    Response,
    plain_pixels,
    secret_study,
    traces,
)
from tests.judging_factories import NETWORK, make_claim, make_stimulus, make_trial
from tests.views.judging import begin, send, sit

pytestmark = pytest.mark.django_db

ONE, OTHER = "stethoscope", "banana"
EARLIER = timezone.now() - timedelta(hours=3)  # told by the clock, not as "a second ago"
PART = {"HX-Request": "true", "HX-Target": "trial"}
# Drawn anew for every answer; the rest has to be the same.
DRAWN = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": ?"\w+"')
HEADERS_DRAWN = {"date", "expires", "set-cookie"}


@dataclass(frozen=True)
class Truth:
    """What a visitor must not find out about a question."""

    label: str
    confidence: float
    individual: int


def reachable(client: Client, trial: Trial) -> dict[str, tuple[int, dict[str, str], bytes]]:
    """All that a visitor can ask for about a question that is not answered."""
    here = f"/judge/trials/{trial.token}/"
    pictures = [f"{here}picture", *(f"{here}pictures/{place}" for place in range(6))]
    found = {}
    for address in (here, f"{here}?noted=1", "/judge/", "/judge/next/", "/judge/mine/", *pictures):
        for name, headers in (("whole", {}), ("part", PART)):
            answer = client.get(address, headers=headers)
            sent = {k: v for k, v in answer.headers.items() if k.lower() not in HEADERS_DRAWN}
            found[f"{address} {name}"] = (answer.status_code, sent, DRAWN.sub(b"", answer.content))
    return found


def believe(trial: Trial, truth: Truth, expected: str) -> None:
    """Make this the truth about a question."""
    assert trial.claim is not None
    others = [name for name in catalogue.entry(NETWORK).labels if name != truth.label]
    top = [[truth.label, truth.confidence], *([name, 0.001] for name in others[:9])]
    Claim.objects.filter(pk=trial.claim.pk).update(
        label=truth.label, second=others[0], confidence=truth.confidence, top=top, band="high"
    )
    Stimulus.objects.filter(pk=trial.stimulus_id).update(individual=truth.individual)
    Trial.objects.filter(pk=trial.pk).update(expected=expected, machine_answer=expected)


@pytest.fixture
def individuals() -> tuple[int, int]:
    """Two that hold cells of two runs."""
    runs = [make_run(status="finished", seed=seed) for seed in (1, 2)]
    held = [make_individual(run) for run in runs]
    for number, (run, one) in enumerate(zip(runs, held, strict=True)):
        make_elite(run, 3 + number, individual=one, confidence=0.9)
    return held[0].pk, held[1].pk


CASES: dict[str, tuple[Form, dict[str, Any], tuple[str, str]]] = {
    "two names": (Form.TWO, {"options": [ONE, OTHER]}, (ONE, OTHER)),
    "two names of the network": (Form.TWO, {"options": [OTHER, ONE], "foil": "second"}, (ONE, OTHER)),
    "all names": (Form.ALL, {}, (ONE, OTHER)),
    "all names as buttons": (Form.ALL, {"options": [ONE, "chain", OTHER]}, (ONE, OTHER)),
    "own name": (Form.ALL, {"framing": "own"}, (ONE, OTHER)),
    "free": (Form.FREE, {}, (ONE, OTHER)),
    "right or wrong": (Form.RIGHT, {"shown": ONE}, ("right", "wrong")),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_two_truths_look_the_same(case: str, client: Client, individuals: tuple[int, int]) -> None:
    form, fields, expected = CASES[case]
    trial = make_trial(sit(client, consented_at=EARLIER), form, **fields)
    looks = []
    for label, share, one, right in zip(
        (ONE, OTHER), (0.31, 0.97), individuals, expected, strict=True
    ):
        believe(trial, Truth(label, share, one), right)
        looks.append(reachable(client, trial))
    assert looks[0] == looks[1]
    assert looks[0][f"/judge/trials/{trial.token}/ whole"][0] == 200


def test_a_picture_to_pick_looks_like_the_others(
    client: Client, individuals: tuple[int, int]
) -> None:
    sitting = sit(client, consented_at=EARLIER)
    pictures = [make_stimulus(sitting.study) for _ in range(4)]
    claims = [make_claim(picture, label=ONE) for picture in pictures]
    looks = []
    trial = make_trial(sitting, Form.PICK, pictures[0], claim=claims[0])
    for place in range(4):
        Trial.objects.filter(pk=trial.pk).update(
            options=[picture.pk for picture in pictures],
            stimulus=pictures[place],
            claim=claims[place],
            shown=ONE,
            expected=str(place),
            machine_answer=str(place),
        )
        looks.append(reachable(client, trial))
    assert all(look == looks[0] for look in looks)
    here = f"/judge/trials/{trial.token}/"
    assert [looks[0][f"{here}pictures/{place} whole"][0] for place in range(5)] == [200] * 4 + [404]


def test_two_truths_look_different_once_it_is_answered(
    client: Client, individuals: tuple[int, int]
) -> None:
    """So that the tests above could fail."""
    trial = make_trial(sit(client), Form.TWO, options=[ONE, OTHER])
    looks = []
    client.get(f"/judge/trials/{trial.token}/")
    send(client, trial, ONE)
    for label, one in zip((ONE, OTHER), individuals, strict=True):
        believe(trial, Truth(label, 0.5, one), label)
        looks.append(reachable(client, trial))
    assert looks[0] != looks[1]


class TestWalk:
    """A sitting of every form, by HTTP: each response until an answer is searched."""

    def test_no_response_gives_a_picture_away(self, client: Client) -> None:
        secret_study()
        answer = begin(client)
        seen_forms = set()
        for trial in asked(client, answer["Location"]):
            responses = [*look(client, trial)]
            found = [trace for response in responses for trace in traces(response, trial)]
            assert found == [], (trial.form, found)
            seen_forms.add(trial.form)
            send(client, trial, a_wrong_answer(trial))
        assert seen_forms >= {Form.TWO, Form.RIGHT}

    def test_the_search_finds_what_is_told_afterwards(self, client: Client) -> None:
        secret_study()
        trial = next(asked(client, begin(client)["Location"], kind="bred"))
        list(look(client, trial))
        send(client, trial, a_wrong_answer(trial))
        Trial.objects.filter(pk=trial.pk).update(is_revealed=True)
        told = list(look(client, trial))
        found = {name for response in told for name, _ in traces(response, trial)}
        assert {"individual", "confidence", "label"} <= found

    def test_pictures_carry_their_pixels_and_nothing_else(self, client: Client) -> None:
        secret_study()
        trial = next(asked(client, begin(client)["Location"], kind="bred"))
        answer = client.get(f"/judge/trials/{trial.token}/picture")
        assert answer["Cache-Control"] == "private, no-store"
        assert {name.lower() for name in answer.headers} <= ALLOWED_WITH_A_PICTURE
        assert plain_pixels(answer.content)

    def test_addresses_are_random(self, client: Client) -> None:
        secret_study()
        begin(client)
        tokens = [str(token) for token in Trial.objects.values_list("token", flat=True)]
        assert all(re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f-]{21}", one) for one in tokens)


ALLOWED_WITH_A_PICTURE = {
    "content-type", "content-length", "cache-control", "x-frame-options", "x-content-type-options",
    "referrer-policy", "cross-origin-opener-policy", "content-security-policy", "vary",
}  # fmt: skip


def asked(client: Client, first: str, kind: str = "") -> Iterator[Trial]:
    """The questions of a sitting, as they come."""
    address = first
    while match := re.match(r"/judge/trials/([0-9a-f-]{36})/", address):
        trial = Trial.objects.select_related("stimulus__individual", "claim").get(token=match[1])
        if not kind or trial.stimulus.kind == kind:
            yield trial
        elif not hasattr(trial, "judgment"):
            client.get(address)
            send(client, trial, a_wrong_answer(trial))
        address = client.get("/judge/next/")["Location"]


def look(client: Client, trial: Trial) -> Iterator[Response]:
    """The question, its pictures and the pages around it."""
    here = f"/judge/trials/{trial.token}/"
    addresses = [here, f"{here}picture", "/judge/", "/judge/mine/"]
    addresses += [f"{here}pictures/{place}" for place in range(min(trial.offered, 9))]
    for address in addresses:
        answer = client.get(address)
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        yield Response(address, head, answer.content)


def a_wrong_answer(trial: Trial) -> str | None:
    offered = {Form.PICK: [str(n) for n in range(trial.offered)], Form.FREE: ["a thing"]}
    options = offered.get(Form(trial.form), trial.options)
    return next((option for option in options if option != trial.expected), None)
