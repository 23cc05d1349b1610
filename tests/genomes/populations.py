"""Genomes and populations for tests: random, and mutated for many generations."""

from typing import get_args

import numpy as np
from hypothesis import strategies as st

from evolution.genomes.base import Colour, Coordinates, Expression, Indices
from evolution.genomes.cppn import CppnGenome
from evolution.genomes.cppn_population import CppnPopulation
from evolution.genomes.direct import DirectGenome
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
