"""The loop of a run with nothing around it: breed, draw, judge, compete."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from classifiers import catalogue
from classifiers.places import Place
from evolution.algorithms import searching
from evolution.algorithms.base import Search
from evolution.algorithms.settings import Preset
from evolution.evaluation import Evaluator, evaluator

PARTS = ("network", "drawing", "varying", "archive")


@dataclass
class BareLoop:
    """What a run does between two commits.

    bar: what screened children must beat to be judged again; None: those who hold cells.
    spent: seconds by part, and "all" of them, without the first step: there kernels are loaded.
    """

    search: Search
    evaluator: Evaluator
    generation: int = 1
    bar: float | None = None
    spent: dict[str, float] = field(default_factory=lambda: dict.fromkeys((*PARTS, "all"), 0.0))
    _is_warm: bool = False

    def step(self) -> None:
        """Work off one generation."""
        judge = self.evaluator
        before = judge.forward_seconds, judge.render_seconds
        held = self.search.archive.confidences
        to_beat = held if self.bar is None else np.full(len(held), self.bar)
        moments = [time.perf_counter()]
        rng = np.random.default_rng([0, self.generation])
        offspring = self.search.ask(rng, self.generation)
        moments.append(time.perf_counter())
        confidences = judge.confidences(offspring.genomes, to_beat)
        moments.append(time.perf_counter())
        self.search.tell(offspring, confidences)
        moments.append(time.perf_counter())
        self.generation += 1
        if not self._is_warm:
            self._is_warm = True
            return
        for part, seconds in {
            "network": judge.forward_seconds - before[0],
            "drawing": judge.render_seconds - before[1],
            "varying": moments[1] - moments[0],
            "archive": moments[3] - moments[2],
            "all": moments[3] - moments[0],
        }.items():
            self.spent[part] += seconds

    def share(self, part: str) -> float:
        """Return the per cent of the time that went into a part."""
        return 100 * self.spent[part] / self.spent["all"]


@contextmanager
def fresh(preset: Preset, classifier: str) -> Iterator[BareLoop]:
    """A loop at its generation 0, on as many threads as torch has now."""
    n_labels = len(catalogue.entry(classifier).labels)
    with evaluator(classifier, Place(), preset) as judge:
        yield BareLoop(searching.search(preset, n_labels), judge, generation=0)
