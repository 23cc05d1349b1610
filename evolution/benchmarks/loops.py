"""The whole loop of a preset, nothing stored: against a naive one, by parts, on one core and two."""

import functools
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial

import numpy as np

from classifiers import catalogue
from classifiers.base import ClassifierError
from classifiers.places import Place
from evolution.algorithms import presets, searching
from evolution.algorithms.settings import CppnSettings
from evolution.archives import NOBODY
from evolution.benchmarks import interleaved
from evolution.benchmarks.bare_loop import PARTS, BareLoop
from evolution.benchmarks.baselines import objects
from evolution.benchmarks.baselines.eager import EagerNetwork
from evolution.benchmarks.baselines.naive import NaiveLoop
from evolution.benchmarks.figure import Baseline, Figure, Goal
from evolution.benchmarks.interleaved import Scope, Work, medians, threads
from evolution.benchmarks.populations import networks
from evolution.evaluation import Evaluator, evaluator, network
from evolution.genomes.cppn import CppnGenome
from evolution.genomes.cppn_population import CppnPopulation
from evolution.rendering import renderer


@dataclass(frozen=True)
class Experiment:
    """A loop that is measured, and what is hoped for it.

    naive_children: bred by the naive loop in a turn; its time is proportional to them.
    first: genomes from which the elites of the beginning are chosen.
    """

    title: str
    preset: str
    classifier: str
    naive_children: int
    first: int
    against_naive: Goal
    screened: Goal | None
    in_the_network: Goal

    @property
    def children(self) -> int:
        return presets.get(self.preset).algorithm.children


DIGITS = Experiment(
    "digits", "mnist-cppn-paper", "lenet-a", 200, 200, Goal(25, 30, "ratio"), None, Goal(80, 88)
)
COLOUR = Experiment(
    "photographs",
    "imagenet-cppn-fast",
    "squeezenet",
    64,
    400,
    Goal(5, 6, "ratio"),
    Goal(8, 11, "ratio"),
    Goal(88, 93),
)
TWO_CORES = Goal(1.6, 1.85, "ratio")
OF_THE_ARCHIVE = Goal(1.5, 1.5)
SCREENING = Place(precision="bfloat16")
# At the beginning of a run many children take cells, late in it hardly any.
BARS = {"screened": None, "screened, none wins": 2.0}


def loops(experiment: Experiment, scope: Scope) -> Iterator[Figure]:
    """Measure one experiment; every loop begins with networks of 3 to 40 hidden nodes."""
    with threads(1), grown(experiment) as bare:
        naive = naive_loop(experiment)
        works: dict[str, Work] = {
            "ours": bare.step,
            "naive": partial(naive.generation, experiment.naive_children),
        }
        with ExitStack() as stack:
            screened = {}
            for name, bar in BARS.items() if can_screen() else ():
                screened[name] = stack.enter_context(grown(experiment, screens=True))
                screened[name].bar = bar
                works[name] = screened[name].step
            seconds = medians(works, scope)
        by_naive = Baseline("naive loop", experiment.naive_children / seconds["naive"])
        yield Figure(
            f"loop on {experiment.title}",
            experiment.children / seconds["ours"],
            "1/s",
            f"evaluations, one thread, {experiment.preset}, {experiment.classifier}, "
            f"{bare.evaluator.classifier.engine}",
            baseline=by_naive,
            goal=experiment.against_naive,
        )
        for name, loop in screened.items():
            yield _screened(name, experiment, loop, seconds[name], by_naive)
        yield from _shares(experiment, bare, naive)
    yield from _cores(experiment, scope)


def _screened(
    name: str, experiment: Experiment, loop: BareLoop, seconds: float, naive: Baseline
) -> Figure:
    judged = (loop.generation - 1) * experiment.children
    screener = loop.evaluator.screener
    return Figure(
        f"loop on {experiment.title}, {name}",
        experiment.children / seconds,
        "1/s",
        f"evaluations, one thread, {screener.engine if screener else ''}; "
        f"{100 * loop.evaluator.rescored / judged:.1f}% judged again in float32",
        baseline=naive,
        goal=experiment.screened,
    )


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
    with ExitStack() as stack:
        bare = {}
        for count in (1, 2):
            with threads(count):  # a loop works on as many as there are when it is made
                bare[count] = stack.enter_context(grown(experiment))

        def step(count: int) -> None:
            with threads(count):
                bare[count].step()

        works = {str(count): partial(step, count) for count in bare}
        seconds = medians(works, scope, time.perf_counter, interleaved.STEADY)
    yield Figure(
        f"loop on {experiment.title}, two cores",
        experiment.children / seconds["2"],
        "1/s",
        "evaluations, two threads, wall clock",
        baseline=Baseline("one core", experiment.children / seconds["1"]),
        goal=TWO_CORES,
    )


def can_screen() -> bool:
    """Whether this machine has what computes in bfloat16."""
    try:
        return "bfloat16" in catalogue.load(DIGITS.classifier, SCREENING).engine
    except ClassifierError:
        return False


@contextmanager
def grown(experiment: Experiment, *, screens: bool = False) -> Iterator[BareLoop]:
    """A loop whose cells are held by the best of networks of 3 to 40 hidden nodes."""
    preset = presets.get(experiment.preset)
    asked, size = network(experiment.classifier, Place(), preset), preset.encoding.image_size
    screener = network(experiment.classifier, SCREENING, preset) if screens else None
    with Evaluator(asked, renderer("cpu"), size, screener=screener) as judge:
        genomes, confidences = _first_elites(experiment)
        nobody = [NOBODY] * len(genomes)
        elites = CppnPopulation.of(genomes)
        search = searching.restore(preset, len(elites), elites, confidences, nobody)
        yield BareLoop(search, judge)


def naive_loop(experiment: Experiment) -> NaiveLoop:
    """The same beginning as objects."""
    preset = presets.get(experiment.preset)
    if not isinstance(preset.encoding, CppnSettings):
        raise TypeError(f"preset: expected one of CPPNs, got {preset.name}")
    [entry] = catalogue.entry(experiment.classifier).members
    genomes, confidences = _first_elites(experiment)
    elites = zip(map(objects.from_arrays, genomes), confidences, strict=True)
    return NaiveLoop(
        EagerNetwork(entry),
        preset.encoding.image_size,
        preset.encoding.rates,
        dict(enumerate(elites)),
        np.random.default_rng(0),
    )


@functools.cache
def _first_elites(experiment: Experiment) -> tuple[list[CppnGenome], list[float]]:
    """For every label the genome of which the network is surest, of some hundreds."""
    preset = presets.get(experiment.preset)
    rng = np.random.default_rng(0)
    population = networks(experiment.first, rng, preset.encoding.colour)
    with evaluator(experiment.classifier, Place(), preset) as judge:
        confidences = judge.confidences(population)
    best = confidences.argmax(axis=0).tolist()
    return [population[i] for i in best], confidences.max(axis=0).tolist()
