"""The loop that everything serves: a slice of a run, from the database and back into it."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from django.db import DatabaseError
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from classifiers.base import ClassifierError
from evolution import live
from evolution.algorithms import presets
from evolution.algorithms.base import Search
from evolution.errors import Interrupted, RunMoved
from evolution.evaluation import Evaluator, Judging
from evolution.genomes.base import BadGenome
from evolution.models import Run
from evolution.services import judges, restoring, runs
from evolution.services.ledger import Effort, Ledger
from evolution.services.portraits import Portraitist
from evolution.stages import Stages
from evolution.warming import warm_up

SECONDS_BETWEEN_HEARTBEATS = 2.0
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
    with judges.of(run, preset, beat=_heart(run, budget)) as judge:
        search, ledger = restoring.restore(
            run, preset, Portraitist(judge.renderer, judge.image_size)
        )
        warm_up(preset, judge.renderer)  # loading kernels counts as no run's work
        work = Work(run, judge, ledger)
        with suppress(Interrupted):
            for generation in budget.generations(run):
                work.through(search, generation)
                budget.note(run, generation)
        work.store()


class Work:
    """The generations of a slice. While one is judged, the one before is written down."""

    def __init__(self, run: Run, judge: Evaluator, ledger: Ledger) -> None:
        self._run = run
        self._judge = judge
        self._ledger = ledger
        self._stages = Stages(run.stages)
        self._began = time.monotonic()
        self._before = (
            run.elapsed,
            self._stages.seconds["forward"],
            self._stages.seconds["render"],
        )
        self._rescored = run.rescored

    def through(self, search: Search, generation: int) -> None:
        """Ask for a generation, have it judged, and tell."""
        rng = np.random.default_rng([self._run.seed, generation])
        with self._stages.of("vary"):
            offspring = search.ask(rng, generation)
        judging = self._judge.start(offspring.genomes, to_beat=search.archive.confidences)
        try:
            self._write_beside(judging)
            confidences = judging.result()
        finally:
            judging.cancel()
        with self._stages.of("archive"):
            takeovers = search.tell(offspring, confidences)
        with self._stages.of("commit"):
            self._ledger.note(offspring, takeovers, confidences, self.effort())

    def store(self, idle_since: Callable[[], float | None] = lambda: None) -> None:
        """Commit what was noted, and tell viewers."""
        with self._stages.of("commit", idle_since):
            stored = self._ledger.commit(self.effort())
        if stored:
            with self._stages.of("announce", idle_since):
                live.announce(self._run.pk)

    def effort(self) -> Effort:
        """What the run has cost so far."""
        elapsed, forward, render = self._before
        seconds = dict(self._stages.seconds)
        seconds["forward"] = forward + self._judge.forward_seconds
        seconds["render"] = render + self._judge.render_seconds
        return Effort(
            elapsed + time.monotonic() - self._began,
            seconds,
            self._rescored + self._judge.rescored,
        )

    def _write_beside(self, judging: Judging) -> None:
        if self._ledger.is_due:
            self.store(judging.idle_since)
        else:
            with self._stages.of("commit", judging.idle_since):
                self._ledger.write()


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
