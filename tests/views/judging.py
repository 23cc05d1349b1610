"""The forms of the judging pages, sent as a browser without scripts sends them."""

import uuid
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from evolution.models import Sitting, Trial
from tests.judging_factories import make_judging_study, make_sitting


def sit(client: Client, **fields: Any) -> Sitting:
    """A sitting of this browser, so far without a question."""
    study = fields.pop("study", None) or make_judging_study()
    sitting = make_sitting(study, **fields)
    session = client.session
    session["visitor"] = str(sitting.visitor)
    session.save()
    return sitting


def address(trial: Trial) -> str:
    return f"/judge/trials/{trial.token}/"


def ask(client: Client, trial: Trial) -> Any:
    """The page of a question, looked at for three seconds."""
    answer = client.get(address(trial))
    assert answer.status_code == 200
    given_at = timezone.now() - timedelta(seconds=3)
    Trial.objects.filter(pk=trial.pk).update(given_at=given_at)
    return answer


def send(client: Client, trial: Trial, answer: str | None = None, **fields: Any) -> Any:
    """answer: None for "I cannot tell"."""
    said = {"cannot": "1"} if answer is None else {"answer": answer}
    return client.post(address(trial), {**said, **fields})


def begin(client: Client, **fields: Any) -> Any:
    form = {"consent": "1", "submission": str(uuid.uuid4()), **fields}
    return client.post("/judge/", form)
