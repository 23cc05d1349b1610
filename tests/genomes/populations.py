"""Genomes and populations for tests: random, and mutated for many generations."""

from dataclasses import replace
from typing import get_args

import numpy as np
from hypothesis import strategies as st

from evolution.genomes.affinities import STRUCTURE
from evolution.genomes.base import AnyColour, Colour, Coordinates, Expression, Indices
from evolution.genomes.cppn import N_INPUTS, CppnGenome
from evolution.genomes.cppn_population import CppnPopulation
from evolution.genomes.direct import DirectGenome
from evolution.genomes.markings import Link, Node
from evolution.genomes.neat import IDENTITY, NEAT_ACTIVATIONS, NeatGenome
from evolution.genomes.pixels import PixelGenome
from evolution.genomes.rates import CppnRates, DirectRates, Sbx

PUBLISHED = CppnRates(
    weight=0.1,
    weight_eta=15.0,
    activation=0.1,
    add_connection=0.5,
    delete_connection=0.3,
    add_neuron=0.5,
    delete_neuron=0.2,
)
SEEDS = st.integers(0, 2**32 - 1)
COLOURS: st.SearchStrategy[Colour] = st.sampled_from(get_args(Colour))
COORDINATES: st.SearchStrategy[Coordinates] = st.sampled_from(get_args(Coordinates))
PROBABILITIES = st.sampled_from((0.0, 0.1, 0.5, 0.9, 1.0))


def pairs(n: int, n_pairs: int, rng: np.random.Generator) -> tuple[Indices, Indices]:
    a, b = (rng.random((2, n_pairs)) * n).astype(np.int64)
    return a, b


def evolved(
    n: int,
    generations: int,
    seed: int = 0,
    coordinates: Coordinates = "raw",
    colour: Colour = "grey",
) -> CppnPopulation:
    """Mutate a population of an even size without selection, so that it drifts anywhere."""
    rng = np.random.default_rng(seed)
    population = CppnPopulation.random(n, rng, Expression(coordinates, 28, colour))
    for _ in range(generations):
        population, _ = population.offspring(*pairs(n, n // 2, rng), rng, PUBLISHED)
    return population


@st.composite
def expressions(draw: st.DrawFn) -> Expression:
    return Expression(draw(COORDINATES), draw(st.integers(1, 64)), draw(COLOURS))


@st.composite
def cppn_genomes(draw: st.DrawFn, most_mutations: int = 40) -> CppnGenome:
    rng = np.random.default_rng(draw(SEEDS))
    genome = CppnGenome.random(rng, draw(expressions()))
    for _ in range(draw(st.integers(0, most_mutations))):
        genome = genome.mutated(rng, PUBLISHED)
    return genome


@st.composite
def cppn_rates(draw: st.DrawFn) -> CppnRates:
    eta = draw(st.sampled_from((0.0, 1.0, 15.0)))
    a, b, c, d, e, f = (draw(PROBABILITIES) for _ in range(6))
    return CppnRates(a, eta, b, c, d, e, f)


@st.composite
def direct_genomes(draw: st.DrawFn) -> DirectGenome:
    rng = np.random.default_rng(draw(SEEDS))
    return DirectGenome.random(rng, draw(st.integers(1, 9)), draw(COLOURS))


@st.composite
def direct_rates(draw: st.DrawFn) -> DirectRates:
    sbx = st.builds(
        Sbx,
        rate=PROBABILITIES,
        eta=st.sampled_from((0.0, 2.0, 10.0)),
        equal_genes=st.sampled_from(("keep", "half")),
    )
    return DirectRates(
        mutation=draw(st.sampled_from((0.0, 1e-9, 0.1, 0.5, 1.0))),
        eta=draw(st.sampled_from((0.0, 15.0))),
        halve_every=None,
        crossover=draw(st.none() | sbx),
    )


PICBREEDER_COLOURS: st.SearchStrategy[AnyColour] = st.sampled_from(("ink", "hsb"))


def neat(
    n_hidden: int, n_links: int, seed: int = 0, colour: AnyColour = "hsb", limit: float = 3.0
) -> NeatGenome:
    """A network with links between random nodes, outputs among them; marks in no order."""
    rng = np.random.default_rng(seed)
    expression = Expression("site", 128, colour)
    n_nodes = N_INPUTS + n_hidden + expression.n_outputs
    ids = rng.permutation(n_nodes).tolist()
    nodes = [Node((int(number % 3), ids[number]), *_kind(number, rng)) for number in range(n_nodes)]
    chosen = N_INPUTS + rng.permutation(n_nodes - N_INPUTS)[: expression.n_outputs]
    links = []
    for number in range(n_links):
        target = int(rng.integers(N_INPUTS, n_nodes))
        source = int(rng.integers(0, target))
        weight = float(rng.uniform(-limit, limit))
        links.append(Link((7, number), nodes[source].mark, nodes[target].mark, weight))
    return NeatGenome.assembled(expression, nodes, links, [nodes[n].mark for n in chosen])


def _kind(number: int, rng: np.random.Generator) -> tuple[int, float, int]:
    if number < N_INPUTS:
        return IDENTITY, 0.0, STRUCTURE
    bias = float(rng.uniform(-1, 1)) if rng.random() < 0.3 else 0.0
    return int(rng.integers(len(NEAT_ACTIVATIONS))), bias, int(rng.integers(2))


@st.composite
def neat_genomes(draw: st.DrawFn) -> NeatGenome:
    """Some of Picbreeder's kind, some that were a run's."""
    if draw(st.booleans()):
        return NeatGenome.of(draw(cppn_genomes()), draw(st.integers(0, 9)))
    colour = draw(PICBREEDER_COLOURS)
    genome = neat(draw(st.integers(0, 20)), draw(st.integers(0, 60)), draw(SEEDS), colour)
    expression = Expression(
        draw(st.sampled_from(("site", "fer"))),
        draw(st.integers(1, 64)),
        colour,
        colour == "hsb" and draw(st.booleans()),
    )
    return replace(genome, expression=expression)


@st.composite
def pixel_genomes(draw: st.DrawFn) -> PixelGenome:
    side, depth = draw(st.integers(1, 9)), draw(st.sampled_from((1, 3)))
    rng = np.random.default_rng(draw(SEEDS))
    most = draw(st.sampled_from((0, 1, 255)))  # what packs well, and what does not
    return PixelGenome(rng.integers(0, most + 1, (side, side, depth)).astype(np.uint8))
