"""Exact intervals and tests, against published tables and other implementations."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from evolution.agreement.intervals import (
    Interval,
    at_least,
    binomial_test,
    clopper_pearson,
    interval_of,
)

# Newcombe 1998 (Statistics in Medicine 17:857), table I, method 5; the last: Conover 1999.
PUBLISHED = [
    (81, 263, 0.2527, 0.3676),
    (15, 148, 0.0578, 0.1617),
    (0, 20, 0.0, 0.1684),
    (1, 29, 0.0009, 0.1776),
    (5, 25, 0.068, 0.407),
]
COUNTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


class TestClopperPearson:
    @pytest.mark.parametrize(("hits", "trials", "low", "high"), PUBLISHED)
    def test_published_limits(self, hits: int, trials: int, low: float, high: float) -> None:
        interval = interval_of(hits, trials)
        digits = 3 if trials == 25 else 4
        assert (round(interval.low, digits), round(interval.high, digits)) == (low, high)

    @pytest.mark.parametrize("level", [0.8, 0.95, 0.999])
    def test_agrees_with_statsmodels_in_all_tables_of_30(self, level: float) -> None:
        hits = np.arange(31)
        low, high = clopper_pearson(hits, 30, level)
        theirs = proportion_confint(hits, 30, alpha=1 - level, method="beta")
        assert low == pytest.approx(theirs[0], abs=1e-12)
        assert high == pytest.approx(theirs[1], abs=1e-12)

    @given(counts=COUNTS, level=st.floats(0.5, 0.999))
    def test_it_holds_the_share_and_mirrors(self, counts: tuple[int, int], level: float) -> None:
        hits, trials = counts
        interval = interval_of(hits, trials, level)
        assert 0 <= interval.low <= hits / trials <= interval.high <= 1
        mirrored = interval_of(trials - hits, trials, level)
        assert mirrored.low == pytest.approx(1 - interval.high, abs=1e-9)

    @given(counts=COUNTS)
    def test_it_excludes_a_chance_just_where_the_tail_is_rare(
        self, counts: tuple[int, int]
    ) -> None:
        low, _ = clopper_pearson(*counts)
        for chance in (0.5, 0.1, 1 / 48):
            assert (low > chance) == (at_least(*counts, chance) < 0.025)

    def test_without_trials_nothing_is_known(self) -> None:
        assert interval_of(0, 0) == Interval(0, 1)

    @pytest.mark.parametrize(("rate", "trials"), [(0.5, 40), (0.64, 25), (0.05, 100), (0.98, 240)])
    def test_at_least_95_of_100_cover(self, rate: float, trials: int) -> None:
        hits = np.arange(trials + 1)
        low, high = clopper_pearson(hits, trials)
        covered = stats.binom.pmf(hits, trials, rate)[(low <= rate) & (rate <= high)].sum()
        assert 0.95 <= covered < 0.995

    def test_simulated_studies_cover(self) -> None:
        rng = np.random.default_rng(5)
        low, high = clopper_pearson(rng.binomial(958, 0.64, 4000), 958)
        covered = ((low <= 0.64) & (high >= 0.64)).mean()
        assert covered == pytest.approx(0.953, abs=0.01)


class TestBinomialTest:
    @pytest.mark.parametrize("side", ["greater", "less", "two-sided"])
    @pytest.mark.parametrize("chance", [0.5, 0.1, 1 / 48])
    def test_agrees_with_scipy(self, side: str, chance: float) -> None:
        for trials in (1, 20, 57):
            ours = binomial_test(np.arange(trials + 1), trials, chance, side)  # type: ignore[arg-type]
            theirs = [
                stats.binomtest(k, trials, chance, alternative=side).pvalue
                for k in range(trials + 1)
            ]
            assert ours == pytest.approx(theirs, rel=1e-9)

    def test_far_tails_keep_their_digits(self) -> None:
        assert binomial_test(200, 200, 0.5) == pytest.approx(2 * 0.5**200, rel=1e-9)

    def test_shape_is_that_of_the_arguments(self) -> None:
        assert binomial_test([[1, 2], [3, 4]], 10, 0.5).shape == (2, 2)


class TestRefusals:
    @pytest.mark.parametrize(
        ("hits", "trials", "message"),
        [
            (5, 4, "more hits than trials: 5 of 4"),
            (-1, 4, "whole numbers from 0 on"),
            (1.5, 4, "whole numbers from 0 on"),
            (float("nan"), 4, "whole numbers from 0 on"),
            ("many", 4, "must be counts"),
        ],
    )
    def test_counts(self, hits: object, trials: int, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            clopper_pearson(hits, trials)  # type: ignore[arg-type]

    @pytest.mark.parametrize("level", [0, 1, 95])
    def test_levels(self, level: float) -> None:
        with pytest.raises(ValueError, match="level must be above 0 and below 1"):
            clopper_pearson(1, 2, level)

    def test_chances(self) -> None:
        with pytest.raises(ValueError, match="chance must be between 0 and 1"):
            binomial_test(1, 2, 50)

    def test_an_interval_that_ends_before_it_begins(self) -> None:
        with pytest.raises(ValueError, match="end before it begins"):
            Interval(0.6, 0.4)
