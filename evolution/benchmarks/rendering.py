"""Pictures drawn a second by one thread: against others, against the bound, and how evenly."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from evolution import phenotypes
from evolution.benchmarks import primitives
from evolution.benchmarks.baselines import arrays, neurons, objects, tensors
from evolution.benchmarks.figure import Figure, Goal, against
from evolution.benchmarks.interleaved import Scope, Work, medians, threads
from evolution.benchmarks.peers import neat_python, pytorch_neat
from evolution.benchmarks.populations import count_needed, networks
from evolution.genomes.base import Colour
from evolution.genomes.cppn import CppnGenome
from evolution.genomes.cppn_population import CppnPopulation
from evolution.rendering import renderer

DRAWN: tuple[tuple[int, Colour], ...] = ((28, "grey"), (64, "hsv"), (256, "hsv"))
AGAINST_NUMPY = {28: Goal(20, 34, "ratio"), 64: Goal(7, 10, "ratio"), 256: Goal(2, 3.5, "ratio")}
OF_THE_BOUND = Goal(0.45, 0.75, "bound_share")
EVENLY = Goal(1.3, 1.15)
AT_ONCE = {28: 400, 64: 80, 256: 16}  # genomes; at 256 px as many as go through a network
ONE_BY_ONE = {28: 20, 64: 20, 256: 8}
BY_NUMPY, BY_NUMPY_32 = "NumPy per genome", "NumPy float32 per genome"
NEAT_ONE_BY_ONE = {28: 4, 64: 1}  # it takes seconds for one larger picture


def drawing(scope: Scope) -> Iterator[Figure]:
    """Draw populations of every kind of picture, and the same genomes one by one."""
    rates = primitives.rates()
    with threads(1):
        for size, colour in DRAWN:
            population = networks(scope.genomes, np.random.default_rng(0), colour)
            yield from _against_others(population, size, scope, rates)


def _against_others(
    population: CppnPopulation, size: int, scope: Scope, rates: Mapping[str, float]
) -> Iterator[Figure]:
    some = population.take(np.array(_spread(len(population), AT_ONCE[size])))
    few = [population[i] for i in _spread(len(population), ONE_BY_ONE[size])]
    works = {"ours": partial(renderer("cpu").express, some, size)} | _one_by_one(few, size)
    counts = dict.fromkeys(works, len(few)) | {"ours": len(some)}
    if size in NEAT_ONE_BY_ONE:
        fewest = [population[i] for i in _spread(len(population), NEAT_ONE_BY_ONE[size])]
        of_neat = neat_python.drawing(fewest, size)
        works |= of_neat
        counts |= dict.fromkeys(of_neat, len(fewest))
    seconds = medians(works, scope)
    a_second = {name: counts[name] / each for name, each in seconds.items()}
    what, ours = f"{size} px {some.expression.colour}", a_second.pop("ours")
    at_once = f"one thread, {len(some)} genomes at once"
    drawn = Figure(f"pictures drawn, {what}", ours, "1/s", at_once)
    goals = dict.fromkeys((BY_NUMPY, BY_NUMPY_32), AGAINST_NUMPY[size])
    yield from against(drawn, a_second, goals)
    shortest = primitives.bound([some[i] for i in range(len(some))], rates) * size * size / 1e9
    yield Figure(
        f"drawing a population, {what}",
        seconds["ours"] / len(some) * 1e6,
        "µs a picture",
        f"{at_once}; the bound: all needed nodes and edges at each pixel",
        bound_share=shortest / seconds["ours"],
        goal=OF_THE_BOUND,
        lower_is_better=True,
    )


def _one_by_one(genomes: Sequence[CppnGenome], size: int) -> dict[str, Work]:
    as_objects = [objects.from_arrays(genome) for genome in genomes]
    works: dict[str, Work] = {
        BY_NUMPY: lambda: [phenotypes.express(genome, size) for genome in genomes],
        BY_NUMPY_32: lambda: [arrays.picture(genome, size) for genome in genomes],
        "torch per genome": lambda: [tensors.picture(genome, size) for genome in genomes],
        "torch neurons per genome": lambda: [neurons.picture(each, size) for each in as_objects],
    }
    return works | pytorch_neat.drawing(genomes, size)


def _spread(count: int, wanted: int) -> list[int]:
    """Return so many rows, the middles of equal parts of all: they need as many nodes on average."""
    parts = min(count, wanted)
    return [int((part + 0.5) * count / parts) for part in range(parts)]


def evenness(scope: Scope) -> Iterator[Figure]:
    """How the time a pixel and needed node varies with the work's shape: the largest by the least."""
    rng = np.random.default_rng(0)
    few = networks(min(scope.genomes, 40), rng)
    shapes = {
        "populations of 10 to 4000": {
            str(n): (networks(min(n, 10 * scope.genomes), rng), 28) for n in (10, 100, 1000, 4000)
        },
        "3 to 80 hidden nodes": {
            str(n): (networks(min(scope.genomes, 100), rng, hidden=(n, n)), 28)
            for n in (3, 10, 20, 40, 80)
        },
        "16 to 512 px": {str(size): (few, size) for size in (16, 28, 64, 128, 256, 512)},
    }
    with threads(1):
        for name, cases in shapes.items():
            yield _evenness(name, cases, scope)


def _evenness(name: str, cases: Mapping[str, tuple[CppnPopulation, int]], scope: Scope) -> Figure:
    draw = renderer("cpu").express
    seconds = medians({case: partial(draw, *cases[case]) for case in cases}, scope)
    each = {
        case: seconds[case] * 1e9 / (count_needed(population) * size * size)
        for case, (population, size) in cases.items()
    }
    told = ", ".join(f"{case}: {cost:.3f}" for case, cost in each.items())
    spread = max(each.values()) / min(each.values())
    return Figure(
        f"evenness, {name}", spread, "x", f"grey; ns a pixel and node {told}",
        goal=EVENLY, lower_is_better=True,
    )  # fmt: skip
