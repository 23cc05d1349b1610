"""Sending work to the workers from a view. A broker that is away is told, not raised."""

from collections.abc import Iterable
from typing import ParamSpec, TypeVar, cast

from celery import Task
from celery.contrib.django.task import DjangoTask
from kombu.exceptions import OperationalError

from evolution import tasks
from evolution.models import JudgingStudy, Run, Study
from evolution.services import painted, predicting

P = ParamSpec("P")
R = TypeVar("R")


def evolve(runs: Iterable[Run]) -> bool:
    """Enqueue the next slice of each run. False if the broker does not answer: the watchdog will."""
    try:
        for run in runs:
            _django(tasks.evolve_slice).delay_on_commit(run.pk, run.generation)
    except OperationalError:
        return False
    return True


def predict(individual_id: int, classifier: str) -> bool:
    """Enqueue a question to a classifier. False if the broker does not answer."""
    try:
        _django(tasks.predict).delay_on_commit(individual_id, classifier)
    except OperationalError:
        return False
    return True


def predict_champions(run_id: int, classifier: str) -> bool:
    """Enqueue questions about a run's champions. False if the broker does not answer."""
    try:
        _django(tasks.predict_champions).delay_on_commit(run_id, classifier)
    except OperationalError:
        return False
    return True


def predict_line(individual_id: int, classifier: str) -> bool:
    """Enqueue questions about a line of descent. False if the broker does not answer."""
    try:
        if predicting.first_in_a_while(f"asked-line:{individual_id}:{classifier}"):
            _django(tasks.predict_line).delay_on_commit(individual_id, classifier)
    except OperationalError:
        return False
    return True


def read_brood(brood_id: int, classifier: str, wish: str) -> bool:
    """Enqueue the question what a network sees in a brood. False if the broker does not answer."""
    try:
        if predicting.may_ask_about_brood(brood_id, classifier, wish):
            _django(tasks.read_brood).delay_on_commit(brood_id, classifier, wish)
    except OperationalError:
        return False
    return True


def challenge(challenge_id: int) -> bool:
    """Enqueue a challenge of an archive. False if the broker does not answer."""
    try:
        _django(tasks.challenge).delay_on_commit(challenge_id)
    except OperationalError:
        return False
    return True


def painting(individual_id: int, digest: str, classifier: str) -> bool:
    """Enqueue a question about a painted picture. False if the broker does not answer."""
    try:
        if painted.may_ask(digest, classifier):
            _django(tasks.ask_about_painting).delay_on_commit(individual_id, digest, classifier)
    except OperationalError:
        return False
    return True


def prepare_study(study: JudgingStudy) -> bool:
    """Enqueue the preparation of a judging study. False if the broker does not answer."""
    try:
        _django(tasks.prepare_judging_study).delay_on_commit(study.pk)
    except OperationalError:
        return False
    return True


def advance_study(study: Study) -> bool:
    """Enqueue what a study needs next. False if the broker does not answer: the watchdog will."""
    try:
        _django(tasks.advance_study).delay_on_commit(study.pk)
    except OperationalError:
        return False
    return True


def draw_sheets(studies: Iterable[int]) -> bool:
    """Enqueue the drawing of studies' sheets. False if the broker does not answer."""
    try:
        for number in studies:
            if predicting.first_in_a_while(f"drawn-sheets:{number}"):
                _django(tasks.draw_sheets).delay_on_commit(number)
    except OperationalError:
        return False
    return True


def _django(task: Task[P, R]) -> DjangoTask[P, R]:
    """What a shared task is in a Django project, though its type does not say so."""
    return cast("DjangoTask[P, R]", task)
