"""The whole loop of a preset, nothing stored: against a naive one, by parts, on one core and two."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from classifiers import catalogue
from classifiers.places import Place
from evolution.algorithms import presets, searching
from evolution.algorithms.base import Search
from evolution.algorithms.settings import CppnSettings, Preset
from evolution.archives import NOBODY
from evolution.benchmarks.baselines import objects
from evolution.benchmarks.baselines.eager import EagerNetwork
from evolution.benchmarks.baselines.naive import NaiveLoop
from evolution.benchmarks.figure import Baseline, Figure, Goal
from evolution.benchmarks.interleaved import Scope, medians, threads
from evolution.benchmarks.populations import networks
from evolution.evaluation import Evaluator, evaluator
from evolution.genomes.base import Population
from evolution.genomes.cppn import CppnGenome
from evolution.rendering import Renderer


@dataclass(frozen=True)
class Experiment:
    """A loop that is measured, and what is hoped for it.

    naive_children: bred by the naive loop in a turn; its time is proportional to them.
    """

    title: str
    preset: str
    classifier: str
    naive_children: int
    against_naive: Goal
    in_the_network: Goal


DIGITS = Experiment(
    "digits", "mnist-cppn-paper", "lenet-a", 200, Goal(25, 30, "ratio"), Goal(80, 88)
)
COLOUR = Experiment(
    "photographs", "imagenet-cppn-fast", "squeezenet", 64, Goal(5, 6, "ratio"), Goal(88, 93)
)
TWO_CORES = Goal(1.6, 1.85, "ratio")
OF_THE_ARCHIVE = Goal(1.5, 1.5)
PARTS = ("network", "drawing", "varying", "archive")


class TimedRenderer:
    """A renderer that counts its seconds, of all threads together."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self.seconds = 0.0

    def express(self, population: Population, size: int) -> Any:
        began = time.perf_counter()
        images = self._renderer.express(population, size)
        self.seconds += time.perf_counter() - began
        return images


@dataclass
class BareLoop:
    """What a run does between two commits. spent: seconds by part, and "all" of them."""

    search: Search
    evaluator: Evaluator
    generation: int = 1
    evaluations: int = 0
    spent: dict[str, float] = field(default_factory=lambda: dict.fromkeys((*PARTS, "all"), 0.0))

    def __post_init__(self) -> None:
        self._drawing = TimedRenderer(self.evaluator.renderer)
        self.evaluator.renderer = self._drawing

    def step(self) -> None:
        """Work off one generation."""
        forward, drawing = self.evaluator.forward_seconds, self._drawing.seconds
        moments = [time.perf_counter()]
        rng = np.random.default_rng([0, self.generation])
        offspring = self.search.ask(rng, self.generation)
        moments.append(time.perf_counter())
        confidences = self.evaluator.confidences(offspring.genomes)
        moments.append(time.perf_counter())
        self.search.tell(offspring, confidences)
        moments.append(time.perf_counter())
        hands = self.evaluator.hands(len(offspring))
        for part, seconds in {
            "network": self.evaluator.forward_seconds - forward,
            "drawing": (self._drawing.seconds - drawing) / hands,
            "varying": moments[1] - moments[0],
            "archive": moments[3] - moments[2],
            "all": moments[3] - moments[0],
        }.items():
            self.spent[part] += seconds
        self.generation += 1
        self.evaluations += len(offspring)

    def share(self, part: str) -> float:
        """Return the per cent of the time that went into a part."""
        return 100 * self.spent[part] / self.spent["all"]


def loops(experiment: Experiment, scope: Scope) -> Iterator[Figure]:
    """Measure one experiment; every loop begins with networks of 3 to 40 hidden nodes."""
    bare, naive = grown(experiment), naive_loop(experiment)
    children = presets.get(experiment.preset).algorithm.children
    with threads(1):
        bare.step()  # a first generation takes more cells than any later one
        bare.spent = dict.fromkeys(bare.spent, 0.0)
        seconds = medians(
            {"ours": bare.step, "naive": partial(naive.generation, experiment.naive_children)},
            scope,
        )
    engine = bare.evaluator.classifier.engine
    yield Figure(
        f"loop on {experiment.title}",
        children / seconds["ours"],
        "1/s",
        f"evaluations, one thread, {experiment.preset}, {experiment.classifier}, {engine}",
        baseline=Baseline("naive loop", experiment.naive_children / seconds["naive"]),
        goal=experiment.against_naive,
    )
    yield from _shares(experiment, bare, naive)
    yield from _cores(experiment, scope)


def _shares(experiment: Experiment, bare: BareLoop, naive: NaiveLoop) -> Iterator[Figure]:
    others = ", ".join(f"{part} {bare.share(part):.1f}%" for part in PARTS[1:])
    total = sum(naive.spent.values())
    of_naive = ", ".join(f"{part} {100 * naive.spent[part] / total:.0f}%" for part in naive.spent)
    yield Figure(
        f"inside the network, {experiment.title}",
        bare.share("network"),
        "%",
        f"of the loop, one thread; {others}; the naive loop: {of_naive}",
        goal=experiment.in_the_network,
    )
    yield Figure(
        f"inside the archive, {experiment.title}",
        bare.share("archive"),
        "%",
        "of the loop, one thread",
        goal=OF_THE_ARCHIVE,
        lower_is_better=True,
    )


def _cores(experiment: Experiment, scope: Scope) -> Iterator[Figure]:
    bare = {count: grown(experiment) for count in (1, 2)}

    def step(count: int) -> None:
        with threads(count):
            bare[count].step()

    seconds = medians(
        {str(count): partial(step, count) for count in bare}, scope, time.perf_counter
    )
    children = presets.get(experiment.preset).algorithm.children
    yield Figure(
        f"loop on {experiment.title}, two cores",
        children / seconds["2"],
        "1/s",
        "evaluations, two threads, wall clock",
        baseline=Baseline("one core", children / seconds["1"]),
        goal=TWO_CORES,
    )


def fresh(preset: Preset, classifier: str) -> BareLoop:
    """Return a loop at its generation 0."""
    judge = evaluator(classifier, Place(), preset)
    n_labels = len(catalogue.entry(classifier).labels)
    return BareLoop(searching.search(preset, n_labels), judge, generation=0)


def grown(experiment: Experiment) -> BareLoop:
    """Return a loop whose cells are held by networks of 3 to 40 hidden nodes."""
    preset = presets.get(experiment.preset)
    judge = evaluator(experiment.classifier, Place(), preset)
    genomes = _first_elites(experiment)
    nobody = [NOBODY] * len(genomes)
    search = searching.restore(preset, len(genomes), genomes, [0.0] * len(genomes), nobody)
    return BareLoop(search, judge)


def naive_loop(experiment: Experiment) -> NaiveLoop:
    """Return the same beginning as objects."""
    preset = presets.get(experiment.preset)
    if not isinstance(preset.encoding, CppnSettings):
        raise TypeError(f"preset: expected one of CPPNs, got {preset.name}")
    [entry] = catalogue.entry(experiment.classifier).members
    elites = map(objects.from_arrays, _first_elites(experiment))
    return NaiveLoop(
        EagerNetwork(entry),
        preset.encoding.image_size,
        preset.encoding.rates,
        {cell: (genome, 0.0) for cell, genome in enumerate(elites)},
        np.random.default_rng(0),
    )


def _first_elites(experiment: Experiment) -> list[CppnGenome]:
    colour = presets.get(experiment.preset).encoding.colour
    count = len(catalogue.entry(experiment.classifier).labels)
    population = networks(count, np.random.default_rng(0), colour)
    return [population[i] for i in range(count)]
