"""A population does exactly what its genomes would do one by one, with the same draws."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evolution.genomes.base import Expression, Genome, Population
from evolution.genomes.cppn import CppnGenome
from evolution.genomes.cppn_population import SMALLEST_WIDTH, CppnPopulation
from evolution.genomes.direct import DirectGenome
from evolution.genomes.direct_population import DirectPopulation
from evolution.genomes.rates import CppnRates, DirectRates
from tests.genomes.populations import (
    COLOURS,
    PUBLISHED,
    SEEDS,
    cppn_rates,
    direct_rates,
    evolved,
    pairs,
)


def bred_one_by_one(
    population: Population, a: Any, b: Any, rng: np.random.Generator, rates: Any
) -> tuple[list[Genome], list[bool]]:
    children: list[Genome] = []
    recombined: list[bool] = []
    for first, second in zip(a, b, strict=True):
        one, two = population[first], population[second]
        crossed = one.crossed(two, rng, rates)
        recombined += [crossed is not None] * 2
        children += [child.mutated(rng, rates) for child in crossed or (one, two)]
    return children, recombined


def check_same(population: Population, rates: Any, seed: int, n_pairs: int) -> None:
    a, b = pairs(len(population), n_pairs, np.random.default_rng(seed))
    rng, rng_batch = np.random.default_rng(seed), np.random.default_rng(seed)
    before = [population[i] for i in range(len(population))]
    expected, recombined = bred_one_by_one(population, a, b, rng, rates)
    children, flags = population.offspring(a, b, rng_batch, rates)
    assert [children[i] for i in range(len(children))] == expected
    assert flags.tolist() == recombined
    assert rng_batch.bit_generator.state == rng.bit_generator.state
    assert [population[i] for i in range(len(population))] == before


class TestCppns:
    @given(seed=SEEDS, colour=COLOURS, rates=cppn_rates(), generations=st.integers(0, 60))
    @settings(max_examples=50, deadline=None)
    def test_batch_equals_single(
        self, seed: int, colour: Any, rates: CppnRates, generations: int
    ) -> None:
        check_same(evolved(6, generations, seed, "raw", colour), rates, seed, n_pairs=4)

    def test_random_equals_single(self) -> None:
        expression = Expression("normalised", 28, "hsv")
        rng, rng_batch = np.random.default_rng(3), np.random.default_rng(3)
        singles = [CppnGenome.random(rng, expression) for _ in range(5)]
        batch = CppnPopulation.random(5, rng_batch, expression)
        assert [batch[i] for i in range(5)] == singles

    def test_rows_widen_when_a_network_outgrows_them(self) -> None:
        small, large = evolved(4, 0), evolved(4, 300)
        assert large.rows.genes.shape[1] > SMALLEST_WIDTH
        small.replace(np.array([1, 3]), large, np.array([0, 2]))
        assert (small[1], small[3]) == (large[0], large[2])
        assert small[0] == evolved(4, 0)[0]

    def test_mixed_expressions_are_refused(self) -> None:
        with pytest.raises(ValueError, match="share their expression"):
            CppnPopulation.of([evolved(2, 0)[0], evolved(2, 0, coordinates="normalised")[0]])


class TestDirect:
    @given(seed=SEEDS, colour=COLOURS, rates=direct_rates(), side=st.integers(1, 8))
    @settings(max_examples=50, deadline=None)
    def test_batch_equals_single(
        self, seed: int, colour: Any, rates: DirectRates, side: int
    ) -> None:
        population = DirectPopulation.random(5, np.random.default_rng(seed), side, colour)
        # Relatives, so that some genes are equal and others are not.
        children, _ = population.offspring(
            *pairs(5, 3, np.random.default_rng(seed)), np.random.default_rng(seed), rates
        )
        population = DirectPopulation.of([*(population[i] for i in range(5)), children[0]])
        check_same(population, rates, seed, n_pairs=4)

    def test_random_equals_single(self) -> None:
        rng, rng_batch = np.random.default_rng(3), np.random.default_rng(3)
        singles = [DirectGenome.random(rng, 4, "hls") for _ in range(3)]
        batch = DirectPopulation.random(3, rng_batch, 4, "hls")
        assert [batch[i] for i in range(3)] == singles


@pytest.mark.parametrize("kind", ["cppn", "direct"])
class TestEveryPopulation:
    def population(self, kind: str) -> Population:
        if kind == "cppn":
            return evolved(6, 20)
        return DirectPopulation.random(6, np.random.default_rng(0), 5)

    def test_take_copies_rows(self, kind: str) -> None:
        population = self.population(kind)
        taken = population.take(np.array([4, 4, 1]))
        taken.replace(np.array([0]), population, np.array([2]))
        assert [taken[i] for i in range(3)] == [population[2], population[4], population[1]]
        assert population[4] == self.population(kind)[4]

    def test_of_is_the_inverse_of_indexing(self, kind: str) -> None:
        population = self.population(kind)
        packed = type(population).of(population[i] for i in range(6))
        assert [packed[i] for i in range(6)] == [population[i] for i in range(6)]
        assert packed.encoding == population[0].encoding == kind

    def test_the_seed_decides(self, kind: str) -> None:
        population = self.population(kind)
        rates = PUBLISHED if kind == "cppn" else DirectRates(0.2, 15.0, None, None)
        a = np.arange(3)
        first, second, other = (
            population.offspring(a, a + 3, np.random.default_rng(seed), rates)[0]
            for seed in (1, 1, 2)
        )
        assert first[0] == second[0]
        assert [first[i] for i in range(6)] != [other[i] for i in range(6)]
