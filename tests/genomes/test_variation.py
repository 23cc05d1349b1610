"""Polynomial mutation and simulated binary crossover, as distributions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evolution.genomes.direct import DirectGenome
from evolution.genomes.rates import DirectRates, Sbx
from evolution.genomes.variation import (
    Genes,
    clipped,
    cross_genes,
    delta,
    gap,
    mutate_genes,
    sbx_pairs,
)

UNIT = st.floats(0, 1, exclude_max=True)
GENE = st.floats(0, 1, width=32)


class TestPolynomialMutation:
    def deltas(self, eta: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        draws = np.random.default_rng(1).random(40_000)
        changes: np.ndarray[tuple[int], np.dtype[np.float64]] = delta(draws, eta)
        return changes

    def test_mean_and_spread_at_the_published_strength(self) -> None:
        deltas = self.deltas(15.0)
        assert deltas.mean() == pytest.approx(0, abs=0.002)
        assert np.abs(deltas).mean() == pytest.approx(1 / 17, rel=0.02)
        assert deltas.std() == pytest.approx(0.0808, rel=0.02)

    @given(u=UNIT, eta=st.floats(0, 100))
    def test_it_stays_in_minus_one_to_one_and_is_symmetric(self, u: float, eta: float) -> None:
        change = delta(np.float64(u), eta)
        assert -1 <= change <= 1
        assert (change <= 0) == (u <= 0.5)
        if u > 1e-9:  # below, 1 - u is rounded
            assert delta(np.float64(1 - u), eta) == pytest.approx(-change, abs=1e-6)

    @pytest.mark.parametrize("eta", [0.0, 1.0, 15.0, 1000.0])
    def test_it_is_the_published_formula(self, eta: float) -> None:
        u = np.concatenate([np.linspace(0, 1, 10_001)[1:-1], [1e-300, 1 - 2**-53]])
        with np.errstate(divide="ignore"):
            low, high = (2 * u) ** (1 / (eta + 1)) - 1, 1 - (2 * (1 - u)) ** (1 / (eta + 1))
        assert delta(u, eta) == pytest.approx(np.where(u < 0.5, low, high), abs=1e-9)

    def test_gaps_are_the_published_formula(self) -> None:
        u = np.random.default_rng(0).random(100_000)
        exact = np.floor(np.log1p(-u) / np.log1p(-0.1))
        assert (gap(u, np.log1p(-0.1)) != exact).mean() < 1e-4

    @pytest.mark.parametrize("rate", [0.003, 0.1, 0.7])
    def test_each_gene_mutates_with_the_rate(self, rate: float) -> None:
        rng = np.random.default_rng(2)
        genes = np.full(50_000, 0.5, np.float32)
        mutate_genes(genes, rate, 15.0, rng)
        changed = genes != 0.5
        assert changed.mean() == pytest.approx(rate, rel=0.12)
        # Independence: neighbours mutate together as often as the rate says.
        assert (changed[1:] & changed[:-1]).mean() == pytest.approx(rate**2, rel=0.25, abs=1e-4)

    def test_the_first_and_the_last_gene_mutate_like_any_other(self) -> None:
        rng = np.random.default_rng(3)
        ends = np.zeros(3)
        for _ in range(4000):
            genes = np.full(3, 0.5, np.float32)
            mutate_genes(genes, 0.3, 15.0, rng)
            ends += genes != 0.5
        assert ends / 4000 == pytest.approx([0.3] * 3, rel=0.08)

    def test_rate_zero_and_rate_one(self) -> None:
        genes: Genes = np.full(500, 0.5, np.float32)
        mutate_genes(genes, 0.0, 15.0, np.random.default_rng(0))
        assert (genes == 0.5).all()
        mutate_genes(genes, 1.0, 15.0, np.random.default_rng(0))
        assert (genes != 0.5).all()


class TestSbx:
    @given(a=GENE, b=GENE, u=UNIT, eta=st.floats(0, 50))
    def test_children_stay_in_bounds_and_in_order(
        self, a: float, b: float, u: float, eta: float
    ) -> None:
        if abs(a - b) > 2**-23:
            lower, upper = sbx_pairs(np.float64(a), np.float64(b), np.float64(u), eta)
            assert 0 <= lower <= upper <= 1

    def test_children_centre_on_their_parents(self) -> None:
        draws = np.random.default_rng(4).random(20_000)
        children = np.stack(sbx_pairs(np.float64(0.4), np.float64(0.6), draws, 10.0), axis=1)
        assert children.mean() == pytest.approx(0.5, abs=1e-3)
        assert children[:, 0].mean() == pytest.approx(0.4, abs=0.003)

    def test_a_larger_eta_keeps_children_closer(self) -> None:
        draws = np.random.default_rng(5).random(5000)
        near, far = (
            np.abs(sbx_pairs(np.float64(0.3), np.float64(0.7), draws, eta)[0] - 0.3).mean()
            for eta in (30.0, 2.0)
        )
        assert near < far / 3

    @pytest.mark.parametrize(("equal_genes", "expected"), [("keep", 0.25), ("half", 0.5)])
    def test_where_parents_agree(self, equal_genes: str, expected: float) -> None:
        sbx = Sbx(1.0, 10.0, equal_genes)  # type: ignore[arg-type]
        parent: Genes = np.full(9, 0.25, np.float32)
        rng = np.random.default_rng(0)
        for child in cross_genes(parent, parent.copy(), sbx, rng):
            assert (child == expected).all()

    @given(seed=st.integers(0, 2**32))
    @settings(max_examples=20)
    def test_each_gene_is_swapped_half_of_the_time(self, seed: int) -> None:
        a: Genes = np.full(400, 0.4, np.float32)
        b: Genes = np.full(400, 0.6, np.float32)
        first, second = cross_genes(a, b, Sbx(1.0, 10.0, "keep"), np.random.default_rng(seed))
        assert (a[0], b[0]) == (np.float32(0.4), np.float32(0.6))
        assert (first < second).mean() == pytest.approx(0.5, abs=0.15)

    def test_pairs_are_crossed_at_the_rate(self) -> None:
        rng = np.random.default_rng(6)
        rates = DirectRates(0.0, 15.0, None, Sbx(0.3, 10.0, "keep"))
        one, two = DirectGenome.random(rng, 2), DirectGenome.random(rng, 2)
        crossed = [one.crossed(two, rng, rates) is not None for _ in range(3000)]
        assert np.mean(crossed) == pytest.approx(0.3, rel=0.08)


class TestHalving:
    @pytest.mark.parametrize(
        ("generation", "rate"),
        [(0, 0.1), (1, 0.1), (1000, 0.1), (1001, 0.05), (2000, 0.05), (2001, 0.025)],
    )
    def test_the_rate_halves_every_thousand_batches(self, generation: int, rate: float) -> None:
        assert DirectRates(0.1, 15.0, 1000, None).at(generation).mutation == pytest.approx(rate)

    def test_without_halving_it_stays(self) -> None:
        rates = DirectRates(0.1, 15.0, None, None)
        assert rates.at(10**6) == rates


@given(st.floats(-2, 3))
def test_clipping_brings_genes_back(gene: float) -> None:
    assert clipped(gene) == min(max(gene, 0), 1)
