"""Simulated people who sit studies through the real site, by HTTP, as a browser without scripts would.

They read the question from the page. What the network's label is they learn from the database, since
the page must not tell; so the truth about each observer is known, and estimates can be held to it.
"""

import re
import uuid
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

import numpy as np
from django.test import Client
from django.utils import timezone

from classifiers import catalogue
from evolution.models import JudgingStudy, Sitting, Trial

Rng = np.random.Generator
TOKEN = re.compile(r"/judge/trials/([0-9a-f-]{36})/")


@dataclass(frozen=True)
class Observer:
    """agreement: how often it gives the network's label. attention: how often it heeds a check.

    seconds: how long it takes to answer; less than a fifth of one is not counted.
    """

    agreement: float
    attention: float = 1.0
    seconds: float = 3.0

    def decide(self, trial: Trial, rng: Rng) -> str:
        if trial.stimulus.kind in ("check", "practice"):
            heeds = rng.random() < self.attention
            return _one_of(trial, trial.right_answers[0], rng, is_it=heeds)
        if trial.right_answers:
            return str(trial.right_answers[0])
        return _one_of(trial, trial.expected, rng, is_it=rng.random() < self.agreement)


@dataclass(frozen=True)
class FirstOption(Observer):
    """Takes what is offered first: orders are drawn by lot, so that it agrees by chance alone."""

    agreement: float = 0.5

    def decide(self, trial: Trial, rng: Rng) -> str:
        if trial.stimulus.kind in ("check", "practice") or not trial.options:
            return super().decide(trial, rng)
        return "0" if trial.form == "pick" else str(trial.options[0])


PERFECT = Observer(1.0)
GUESSING = Observer(0.5)  # with two names
CARELESS = Observer(0.5, attention=0.5, seconds=0.05)


def sit(study: JudgingStudy, observer: Observer, rng: Rng) -> Sitting:
    """Let one new visitor sit a study from consent to the last question."""
    client = Client()
    begun = client.post(
        "/judge/",
        {"consent": "on", "submission": str(uuid.UUID(bytes=rng.bytes(16))), "study": study.name},
    )
    assert begun.status_code == HTTPStatus.SEE_OTHER, _words(begun.content)
    address = begun["Location"]
    while found := TOKEN.match(address):
        address = _answer(client, uuid.UUID(found[1]), observer, rng)
    code = address.rstrip("/").rpartition("/")[2]
    assert client.get(address).status_code == HTTPStatus.OK
    return Sitting.objects.get(code=code)


def _answer(client: Client, token: uuid.UUID, observer: Observer, rng: Rng) -> str:
    """Look, think, answer, read what is told. Returns where the next question is."""
    address = f"/judge/trials/{token}/"
    page = client.get(address)
    assert page.status_code == HTTPStatus.OK
    trial = Trial.objects.select_related("stimulus", "claim", "sitting").get(token=token)
    # As if the time had passed: the question was asked a while ago.
    Trial.objects.filter(pk=trial.pk).update(
        given_at=timezone.now() - timedelta(seconds=observer.seconds)
    )
    value = observer.decide(trial, rng)
    told = client.post(address, {"answer": value} if value else {"cannot": "1"})
    assert told.status_code == HTTPStatus.SEE_OTHER, _words(told.content)
    if told["Location"] != address:
        return str(told["Location"]).partition("?")[0]
    following = client.get("/judge/next/", {"sitting": trial.sitting.code})
    return str(following["Location"]).partition("?")[0]


def _words(page: bytes) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.decode()).split())[:900]


def _one_of(trial: Trial, wanted: str, rng: Rng, *, is_it: bool) -> str:
    if is_it:
        return wanted
    others = [option for option in _offered(trial) if option != wanted]
    return others[int(rng.integers(len(others)))] if others else "something else"


def _offered(trial: Trial) -> list[str]:
    if trial.form == "pick":
        return [str(place) for place in range(trial.offered)]
    if trial.form == "all" and not trial.options and trial.claim:
        return list(catalogue.entry(trial.claim.classifier).labels)
    return [str(option) for option in trial.options]
