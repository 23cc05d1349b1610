"""How fast the parts and the whole of a run are: figures per core, ratios within one process."""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch

from classifiers import catalogue
from classifiers.base import Classifier
from classifiers.places import Place
from evolution import phenotypes
from evolution.algorithms import presets, searching
from evolution.archives import Archive
from evolution.evaluation import Evaluator
from evolution.genomes.base import Colour, Expression, Population
from evolution.genomes.cppn import CppnGenome
from evolution.genomes.cppn_population import CppnPopulation
from evolution.genomes.rates import CppnRates
from evolution.rendering import renderer

REPEATS = 5
SIZES = (28, 64, 227, 256)  # pixels
COLOURS: tuple[Colour, ...] = ("grey", "hsv")
# Which networks judge pictures of which sizes; what does not fit is resized.
JUDGED: tuple[tuple[str, Colour, tuple[int, ...]], ...] = (
    ("lenet-a", "grey", (28, 64)),
    ("squeezenet", "hsv", (64, 227, 256)),
    ("efficientnet-lite0", "hsv", (256,)),
)
GROWING = CppnRates(0.1, 15.0, 0.1, 1.0, 0.0, 1.0, 0.0)
USUAL = CppnRates(0.1, 15.0, 0.1, 0.5, 0.3, 0.5, 0.2)


@dataclass(frozen=True)
class Figure:
    """One measured value. conditions: what it holds for."""

    name: str
    value: float
    unit: str
    conditions: str


def seconds(work: Callable[[], object]) -> float:
    """The median time of repeated work, after one round to warm up."""
    work()
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def networks(count: int, rng: np.random.Generator, colour: Colour = "grey") -> CppnPopulation:
    """Networks of 3 to 40 hidden nodes, grown by the search's own operators."""
    expression = Expression("normalised", 28, colour)
    grown, first = [], CppnPopulation.random(1, rng, expression=expression)
    for hidden in np.linspace(3, 40, count).astype(int):
        genome = first[0]
        for _ in range(int(hidden)):
            genome = genome.mutated(rng, GROWING)
        grown.append(genome)
    return CppnPopulation.of(grown)


def devices() -> list[str]:
    """The processor, and the first GPU where there is one."""
    return ["cpu", "cuda"] if torch.cuda.is_available() else ["cpu"]


def renders(device: str) -> Iterator[Figure]:
    """Pictures a second of populations of CPPNs, and against NumPy one by one."""
    draw = renderer(device).express
    for colour in COLOURS:
        population = networks(400, np.random.default_rng(0), colour)
        few = [population[i] for i in range(0, 400, 20)]
        for size in SIZES:
            some = population if size == 28 else population.take(np.arange(0, 400, 10))
            batched = seconds(partial(_drawn, draw, some, size)) / len(some)
            conditions = f"{size} px {colour}, 3 to 40 hidden nodes, {_hardware(device)}"
            yield Figure("pictures a second", 1 / batched, "1/s", conditions)
            if device == "cpu":
                single = seconds(partial(_one_by_one, few, size)) / len(few)
                yield Figure("compiled against NumPy per genome", single / batched, "x", conditions)


def evaluations(device: str) -> Iterator[Figure]:
    """Pictures drawn and judged a second, whatever breeds and stores them."""
    place = Place(device)
    for classifier, colour, sizes in JUDGED:
        network = catalogue.shared(classifier, place)
        population = networks(max(64, 2 * network.chunk), np.random.default_rng(0), colour)
        for size in sizes:
            judge = Evaluator(network, renderer(device), size)
            each = seconds(partial(judge.confidences, population)) / len(population)
            threads = f"{torch.get_num_threads()} threads" if device == "cpu" else _hardware(device)
            conditions = f"{classifier}, {size} px {colour}, one view, {threads}"
            yield Figure("drawn and judged a second", 1 / each, "1/s", conditions)


def parts() -> Iterator[Figure]:
    """Variation and the archive's step."""
    rng = np.random.default_rng(0)
    population = networks(400, rng)
    cells = rng.integers(0, 400, (200, 2))
    born = seconds(lambda: population.offspring(cells[:, 0], cells[:, 1], rng, USUAL)) / 400
    yield Figure("copy and mutate a CPPN child", born * 1e6, "µs", "400 children a batch")
    yield from _archive_step(population, rng)


def _drawn(draw: Callable[[Population, int], Any], population: Population, size: int) -> None:
    draw(population, size)
    if torch.cuda.is_available():
        torch.cuda.synchronize()


def _hardware(device: str) -> str:
    return "one thread" if device == "cpu" else torch.cuda.get_device_name(device)


def _one_by_one(genomes: list[CppnGenome], size: int) -> None:
    for genome in genomes:
        phenotypes.express(genome, size)


def _archive_step(population: CppnPopulation, rng: np.random.Generator) -> Iterator[Figure]:
    for labels in (10, 1000):
        archive = Archive(labels)
        archive.add(population, rng.random((400, labels)) + 1)  # nothing better comes
        batch = rng.random((400, labels))
        step = seconds(partial(archive.add, population, batch))
        yield Figure("archive step", step * 1e6, "µs", f"400 children, {labels} cells")


class _Shares:
    """A renderer that counts its seconds, of all threads together."""

    def __init__(self, device: str) -> None:
        self._draw = renderer(device).express
        self.seconds = 0.0

    def express(self, population: Population, size: int) -> Any:
        began = time.perf_counter()
        images = self._draw(population, size)
        self.seconds += time.perf_counter() - began
        return images


def loop(preset_name: str, classifier: str, generations: int) -> Iterator[Figure]:
    """The bare loop of a preset, nothing stored: evaluations a second and where the time goes."""
    preset = presets.get(preset_name)
    network: Classifier = catalogue.shared(classifier)
    drawing = _Shares("cpu")
    evaluator = Evaluator(network, drawing, preset.encoding.image_size)
    search = searching.search(preset, len(network.labels))
    evaluations = 0
    for generation in range(generations + 1):
        if generation == 1:  # the first generation warms up
            began, drawing.seconds = time.perf_counter(), 0.0
            forward = evaluator.forward_seconds
        offspring = search.ask(np.random.default_rng([0, generation]), generation)
        search.tell(offspring, evaluator.confidences(offspring.genomes))
        evaluations += len(offspring) if generation else 0
    spent = time.perf_counter() - began
    conditions = f"{preset_name}, {classifier}, {generations} generations, bare loop"
    yield Figure("evaluations a second", evaluations / spent, "1/s", conditions)
    yield Figure(
        "inside the network", 100 * (evaluator.forward_seconds - forward) / spent, "%", conditions
    )
    hands = evaluator.hands(preset.algorithm.children)
    yield Figure("drawing", 100 * drawing.seconds / hands / spent, "%", conditions)
