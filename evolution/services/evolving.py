"""The loop that everything serves: a slice of a run, from the database and back into it."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import numpy as np
from django.conf import settings
from django.db import DatabaseError
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from classifiers import catalogue
from classifiers.base import BadWeights, ClassifierError
from evolution.algorithms import presets, searching
from evolution.algorithms.base import Search
from evolution.archives import NOBODY
from evolution.errors import Interrupted, RunMoved
from evolution.evaluation import Evaluator, available_device, evaluator
from evolution.genomes import codec
from evolution.genomes.base import BadGenome
from evolution.models import Elite, Individual, Run
from evolution.services import runs
from evolution.services.ledger import Effort, Ledger
from evolution.services.places import place
from evolution.services.portraits import Portraitist
from evolution.warming import warm_up

SECONDS_BETWEEN_HEARTBEATS = 2.0
GENOMES_AT_ONCE = 50  # read from the database
MOST_ATTEMPTS = 6  # slices begun without a commit, before a run is held to kill its workers
FORESEEN = (ClassifierError, BadGenome, presets.BadParameters)
log = logging.getLogger(__name__)


class Continuation(NamedTuple):
    """The slice that should follow, and in how many seconds."""

    generation: int
    delay: float


@dataclass(frozen=True)
class Budget:
    """How much of a run to work off. `stop_asked` is looked at after every generation."""

    seconds: float
    beat: Callable[[], object] = lambda: None
    stop_asked: Callable[[], bool] = lambda: False
    note: Callable[[Run, int], None] = lambda run, generation: None
    started: float = field(default_factory=time.monotonic)

    @property
    def seconds_left(self) -> float:
        return self.seconds - (time.monotonic() - self.started)

    def generations(self, run: Run) -> Iterator[int]:
        """The numbers of the generations to evaluate now. A run with a pace gets one at a time."""
        last = run.planned if run.pace is None else run.generation
        for generation in range(run.generation, min(last, run.planned) + 1):
            yield generation
            if self.stop_asked() or self.seconds_left <= 0:
                return
            if run.is_background and runs.must_wait(run.pk):
                return


def evolve_slice(run_id: int, from_generation: int, budget: Budget) -> Continuation | None:
    """Evolve a run from a generation on until the budget is spent.

    Returns what should follow; None when the run has ended, is paused, or was found elsewhere than
    at `from_generation`, so that a message delivered twice does no harm.
    """
    if runs.must_wait(run_id):
        return None  # the watchdog offers it again, until nothing else is active
    run = _claim(run_id, from_generation)
    if run is None:
        return None
    try:
        _evolve(run, budget)
    except RunMoved as moved:
        log.info("%s: left to whoever moved it", moved)
        return None
    except DatabaseError:
        raise  # passing trouble: the watchdog takes the run up again from its last commit
    except FORESEEN as error:
        log.error("run %s failed: %s", run_id, error)
        runs.fail(run_id, f"{type(error).__name__}: {error}")
        return None
    except Exception as error:
        log.exception("run %s failed", run_id)
        runs.fail(run_id, f"{type(error).__name__}: {error}")
        return None
    if run.status != Run.Status.RUNNING:
        return None
    return Continuation(run.generation, _wait(run, budget))


def _evolve(run: Run, budget: Budget) -> None:
    preset = presets.from_parameters(run.parameters)
    judge = _judge(run, preset, budget)
    search, ledger = _restore(run, preset, Portraitist(judge.renderer, judge.image_size))
    warm_up(preset, judge.renderer)  # loading kernels counts as no run's work
    effort = _effort_of(run, judge)
    with suppress(Interrupted):
        for generation in budget.generations(run):
            rng = np.random.default_rng([run.seed, generation])
            offspring = search.ask(rng, generation)
            confidences = judge.confidences(offspring.genomes)
            takeovers = search.tell(offspring, confidences)
            ledger.note(offspring, takeovers, confidences, effort())
            if ledger.is_due:
                ledger.commit(effort())
            budget.note(run, generation)
    ledger.commit(effort())


def _judge(run: Run, preset: presets.Preset, budget: Budget) -> Evaluator:
    found = catalogue.entry(run.classifier)
    if found.version != run.classifier_version:
        raise BadWeights(
            f"{found.name}: expected version {run.classifier_version}, with which the run began, "
            f"got {found.version}"
        )
    return evaluator(
        run.classifier,
        place(available_device(settings.DEVICE)),
        preset,
        beat=_heart(run, budget),
        notice=partial(runs.note, run.pk),
    )


def _claim(run_id: int, from_generation: int) -> Run | None:
    now = timezone.now()
    claimed = Run.objects.active().filter(pk=run_id, generation=from_generation)
    started = Coalesce("started_at", now)
    if not claimed.update(
        status=Run.Status.RUNNING, heartbeat=now, started_at=started, attempts=F("attempts") + 1
    ):
        return None
    run = Run.objects.get(pk=run_id)
    if run.attempts > MOST_ATTEMPTS:
        runs.fail(
            run_id, f"{MOST_ATTEMPTS} tries at generation {run.generation} ended without a word"
        )
        return None
    return run


def _restore(run: Run, preset: presets.Preset, portraitist: Portraitist) -> tuple[Search, Ledger]:
    """The search as its last commit left it: its elites and nothing else."""
    n_labels = len(catalogue.entry(run.classifier).labels)
    elites = list(run.elites.holders().order_by("cell"))
    holders = _holders(run, elites)
    if not elites:
        search = searching.search(preset, n_labels)
    else:
        search = searching.restore(
            preset,
            n_labels,
            [holders[elite.individual_id] for elite in elites],
            [elite.confidence for elite in elites],
            [NOBODY] * len(elites),  # the ledger knows them by numbers of its own
        )
    return search, Ledger(run, search.archive, elites, preset, portraitist)


def _holders(run: Run, elites: list[Elite]) -> dict[int, codec.AnyGenome]:
    """Read the genomes of all who hold a cell, each once, and give the elites their individuals."""
    genomes: dict[int, codec.AnyGenome] = {}
    individuals: dict[int, Individual] = {}
    holding = sorted({elite.individual_id for elite in elites})
    for start in range(0, len(holding), GENOMES_AT_ONCE):
        found = Individual.objects.defer("thumbnail").in_bulk(
            holding[start : start + GENOMES_AT_ONCE]
        )
        for number, individual in found.items():
            try:
                genomes[number] = codec.decode(bytes(individual.genome or b""))
            except BadGenome:
                if _is_where_it_was(run):
                    raise
                # Another worker went on meanwhile, and with the last cell goes a large genome.
                raise RunMoved(f"run {run.pk} left generation {run.generation}") from None
            individual.genome = None  # it may be large, and the search has it now
            individuals[number] = individual
    for elite in elites:
        elite.individual = individuals[elite.individual_id]
    return genomes


def _is_where_it_was(run: Run) -> bool:
    return Run.objects.active().filter(pk=run.pk, generation=run.generation).exists()


def _effort_of(run: Run, evaluator: Evaluator) -> Callable[[], Effort]:
    began, before = time.monotonic(), evaluator.forward_seconds
    elapsed, forward = run.elapsed, run.forward_seconds

    def effort() -> Effort:
        return Effort(
            elapsed + time.monotonic() - began, forward + evaluator.forward_seconds - before
        )

    return effort


def _heart(run: Run, budget: Budget) -> Callable[[], None]:
    """Renew the heartbeat from within a generation, since one may take minutes.

    For the same reason a pause, a cancellation or the worker's end is not waited for until then.
    """
    last = time.monotonic()

    def heart() -> None:
        nonlocal last
        budget.beat()
        if budget.stop_asked():
            Run.objects.active().filter(pk=run.pk).update(attempts=0)  # it ends with a word
            raise Interrupted
        if time.monotonic() - last >= SECONDS_BETWEEN_HEARTBEATS:
            if not Run.objects.active().filter(pk=run.pk).update(heartbeat=timezone.now()):
                raise RunMoved(f"run {run.pk} is no longer active")
            last = time.monotonic()

    return heart


def _wait(run: Run, budget: Budget) -> float:
    if run.pace is None:
        return 0.0
    return max(0.0, 1 / run.pace - (time.monotonic() - budget.started))
