"""Celery tasks: each parses, calls one service, answers."""

import contextlib
import logging
import os
import threading
import time
from typing import Any

from celery import shared_task, signals
from django.conf import settings
from django.core.cache import cache

from classifiers.base import ClassifierError
from evolution.errors import InvalidInput, Stale
from evolution.exhibits.studies import pages, reports
from evolution.genomes.base import BadGenome
from evolution.models import Brood, Challenge, Individual, JudgingStudy, Run, Study
from evolution.services import (
    challenging,
    onlooking,
    painted,
    predicting,
    predicting_lines,
    runs,
)
from evolution.services.judging import planning, standing
from evolution.studying import advancing

SIGN_OF_LIFE = settings.DATA_DIR / "evolving.alive"  # its age tells the supervisor of a hung slice
SECONDS_BETWEEN_SIGNS = 5.0

_stopping = threading.Event()
log = logging.getLogger(__name__)


@shared_task
def evolve_slice(run_id: int, from_generation: int) -> None:
    """Work off a slice of a run and enqueue the one that follows."""
    # The web process enqueues this task; compiled kernels and torch are the worker's alone.
    from evolution.services import evolving

    worker = _Worker("evolve")
    budget = evolving.Budget(settings.SLICE_SECONDS, beat=worker.beat, stop_asked=_stopping.is_set)
    try:
        following = evolving.evolve_slice(run_id, from_generation, budget)
    finally:
        worker.rest()
    if following:
        evolve_slice.apply_async((run_id, following.generation), countdown=following.delay)
        return
    for classifier in predicting.observers_of_finished(run_id):
        predict_champions.delay(run_id, classifier)


@shared_task
def predict(individual_id: int, classifier: str) -> None:
    """Ask a classifier what it sees in a picture."""
    try:
        predicting.predict(individual_id, classifier)
    except (ClassifierError, BadGenome, InvalidInput, Individual.DoesNotExist) as error:
        log.warning("No. %s was not shown to %s: %s", individual_id, classifier, error)


@shared_task
def read_brood(brood_id: int, classifier: str, wish: str) -> None:
    """Ask a classifier what it sees in the pictures that somebody breeds from."""
    try:
        onlooking.read(brood_id, classifier, wish)
    except (ClassifierError, BadGenome, Brood.DoesNotExist) as error:
        log.warning("brood %s was not shown to %s: %s", brood_id, classifier, error)


@shared_task
def predict_line(individual_id: int, classifier: str) -> None:
    """Ask a classifier about some of a line of descent, and enqueue the question about the rest."""
    try:
        more = predicting_lines.predict_line(individual_id, classifier)
    except (ClassifierError, BadGenome, InvalidInput, Individual.DoesNotExist) as error:
        log.warning("the line of No. %s was not shown to %s: %s", individual_id, classifier, error)
        return
    if more:
        predict_line.delay(individual_id, classifier)


@shared_task
def predict_champions(run_id: int, classifier: str) -> None:
    """Ask a classifier about some of a run's champions, and enqueue the question about the rest."""
    try:
        more = predicting.predict_champions(run_id, classifier)
    except (ClassifierError, InvalidInput, Run.DoesNotExist) as error:
        log.warning("champions of run %s were not shown to %s: %s", run_id, classifier, error)
        return
    if more:
        predict_champions.delay(run_id, classifier)


@shared_task
def challenge(challenge_id: int) -> None:
    """Show a published picture to the classifier of a run."""
    try:
        challenging.judge(challenge_id)
    except (Challenge.DoesNotExist, Run.DoesNotExist) as error:
        log.warning("challenge %s was not judged: %s", challenge_id, error)


@shared_task
def ask_about_painting(individual_id: int, digest: str, classifier: str) -> None:
    """Show a network a picture that a visitor painted over."""
    try:
        painted.ask(individual_id, digest, classifier)
    except (ClassifierError, BadGenome, InvalidInput, Stale, Individual.DoesNotExist) as error:
        log.warning("No. %s, painted, was not shown to %s: %s", individual_id, classifier, error)


@shared_task
def prepare_judging_study(study_id: int) -> None:
    """Draw the pictures of a planned study, ask networks about them, and open it."""
    try:
        planning.prepare(study_id)
    except JudgingStudy.DoesNotExist:
        return  # opened or given up meanwhile
    except Stale as error:
        log.info("study %s: %s", study_id, error)
    except (ClassifierError, BadGenome, InvalidInput) as error:
        planning.fail(JudgingStudy.objects.get(pk=study_id), str(error))


@shared_task
def look_after_judging_studies() -> None:
    """Plan the next standing study when it is time; prepare what a lost worker left behind."""
    standing.renew()
    for study_id in planning.waiting():
        prepare_judging_study.delay(study_id)


@shared_task
def advance_study(study_id: int) -> None:
    """Enqueue what a study can have worked on now."""
    try:
        offer = advancing.advance(study_id, _study_terms())
    except Study.DoesNotExist:
        return
    for run_id, generation in offer.runs:
        evolve_slice.delay(run_id, generation)
    for part_id in offer.parts:
        work_on_part.delay(part_id)


def _study_terms() -> advancing.Terms:
    return advancing.Terms(
        at_once=settings.STUDY_PARTS_AT_ONCE,
        background=True,
        patience=settings.PART_STALL_SECONDS,
    )


@shared_task
def draw_sheets(study_id: int) -> None:
    """Draw the sheets of a study that the report of all studies lacks."""
    if (found := pages.find(study_id)) is not None:
        reports.prepare(found)


@shared_task
def work_on_part(part_id: int) -> None:
    """Work off a part of a study that is no run, and let the study go on."""
    from evolution.studying import working

    worker = _Worker("evolve")
    try:
        study_id = working.work_on(part_id, beat=worker.beat, stop_asked=_stopping.is_set)
    finally:
        worker.rest()
    if study_id is not None:
        advance_study.delay(study_id)


@shared_task
def look_after_studies() -> None:
    """Take over runs that ended, and offer again what killed workers and lost messages left."""
    for study_id in advancing.active():
        advance_study.delay(study_id)


@shared_task
def revive_stalled_runs() -> None:
    """Enqueue again what killed workers and lost messages left behind."""
    for run_id, generation in runs.revive_stalled():
        evolve_slice.delay(run_id, generation)


class _Worker:
    """Signs of life of a worker, for /healthz and for the supervisor."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.told = 0.0

    def beat(self) -> None:
        SIGN_OF_LIFE.touch()
        if time.monotonic() - self.told >= SECONDS_BETWEEN_SIGNS:
            self.told = time.monotonic()
            tell_alive(self.name)

    def rest(self) -> None:
        SIGN_OF_LIFE.unlink(missing_ok=True)


def tell_alive(name: str) -> None:
    # A broker that is away must not fail the work of the worker; /healthz will say so.
    with contextlib.suppress(OSError, *_cache_errors()):
        cache.set(f"worker:{name}", time.time(), timeout=120)


def _cache_errors() -> tuple[type[Exception], ...]:
    import redis.exceptions

    return (redis.exceptions.RedisError,)


@signals.worker_init.connect
def _compute_on_so_many_threads(**kwargs: Any) -> None:
    os.environ["OMP_NUM_THREADS"] = str(settings.THREADS)  # torch reads it when it is loaded


@signals.worker_shutting_down.connect
def _stop_after_this_generation(**kwargs: Any) -> None:
    _stopping.set()


@signals.heartbeat_sent.connect
def _idle_worker_lives(sender: Any, **kwargs: Any) -> None:
    tell_alive(str(sender.eventer.hostname).partition("@")[0])
