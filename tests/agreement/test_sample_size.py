"""How many answers are needed."""

from math import ceil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.inter_rater import cohens_kappa

from evolution.agreement.error_consistency import error_consistency
from evolution.agreement.intervals import binomial_test, interval_of
from evolution.agreement.sample_size import (
    Expected,
    critical_hits,
    kappa_variance,
    power,
    trials_for_consistency,
    trials_for_half_width,
    trials_needed,
)

# Exact binomial, one-sided 2.5%, 80%: chance, true rate, the first number of answers with the power,
# and the one from which on it is never lost.
TABLE = [
    (1 / 2, 0.55, 786, 820),
    (1 / 2, 0.60, 199, 210),
    (1 / 2, 0.70, 49, 54),
    (1 / 2, 0.75, 30, 35),
    (1 / 2, 0.80, 20, 23),
    (1 / 10, 0.20, 94, 111),
    (1 / 10, 0.30, 29, 33),
    (1 / 48, 0.06, 188, 207),
    (1 / 48, 0.10, 66, 66),
    (1 / 48, 0.20, 21, 21),
]


def power_by_definition(trials: int, chance: float, rate: float) -> float:
    hits = np.arange(trials + 1)
    rare = stats.binom.sf(hits - 1, trials, chance) <= 0.025
    return float(stats.binom.pmf(hits, trials, rate)[rare].sum())


class TestAboveChance:
    @pytest.mark.parametrize(("chance", "rate", "first", "always"), TABLE)
    def test_table(self, chance: float, rate: float, first: int, always: int) -> None:
        needed = trials_needed(chance, rate)
        assert (needed.first, needed.always) == (first, always)

    @pytest.mark.parametrize(("chance", "rate", "first", "always"), TABLE)
    def test_table_by_definition(self, chance: float, rate: float, first: int, always: int) -> None:
        assert power_by_definition(first - 1, chance, rate) < 0.8
        assert power_by_definition(first, chance, rate) >= 0.8
        assert power_by_definition(always - 1, chance, rate) < 0.8 or always == first
        assert all(power_by_definition(n, chance, rate) >= 0.8 for n in range(always, always + 60))

    @given(trials=st.integers(1, 120), chance=st.floats(0.01, 0.9), more=st.floats(0.01, 0.99))
    def test_power_by_definition(self, trials: int, chance: float, more: float) -> None:
        rate = chance + (1 - chance) * more
        if rate < 1:
            expected = power_by_definition(trials, chance, rate)
            assert power(trials, chance, rate) == pytest.approx(expected, abs=1e-9)

    def test_power_falls_where_the_critical_count_jumps(self) -> None:
        powers = power(np.arange(1, 100), 0.5, 0.7)
        assert (np.diff(powers) < 0).any()
        assert power(5, 0.5, 0.99) == 0  # not even five of five would be significant

    def test_the_critical_count_is_the_fewest_significant(self) -> None:
        for trials in range(60):
            fewest = int(critical_hits(trials, 0.5))
            if fewest <= trials:
                assert binomial_test(fewest, trials, 0.5, "greater") <= 0.025
            if fewest > 0:
                assert binomial_test(fewest - 1, trials, 0.5, "greater") > 0.025

    def test_a_simulated_picture_has_the_power(self) -> None:
        hits = np.random.default_rng(4).binomial(49, 0.7, 20_000)
        share = (binomial_test(hits, 49, 0.5, "greater") <= 0.025).mean()
        assert share == pytest.approx(float(power(49, 0.5, 0.7)), abs=0.01)

    @pytest.mark.parametrize(
        ("chance", "rate", "message"),
        [
            (0.5, 0.5, r"must be above chance \(0.5\), not 0.5"),
            (0.5, 0.4, "must be above chance"),
            (0.5, 0.5001, "too near to chance"),
            (50, 60, "chance must be above 0 and below 1, not 50"),
            (0.5, 1, "rate must be above 0 and below 1"),
        ],
    )
    def test_refusals(self, chance: float, rate: float, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            trials_needed(chance, rate)


class TestHalfWidth:
    @pytest.mark.parametrize(("half_width", "rate"), [(0.05, 0.5), (0.1, 0.5), (0.03, 0.95)])
    def test_wide_enough_from_there_on(self, half_width: float, rate: float) -> None:
        needed = trials_for_half_width(half_width, rate)
        widths = [
            interval_of(round(n * rate), n).half_width for n in range(needed - 1, needed + 200)
        ]
        assert widths[0] > half_width
        assert max(widths[1:]) <= half_width

    def test_near_the_textbook(self) -> None:
        # Wald: 384.1 answers for 5 points either way; exact intervals take a few more.
        assert trials_for_half_width(0.05) in range(385, 410)

    def test_refusals(self) -> None:
        with pytest.raises(ValueError, match="half width must be above 0 and below 1, not 5"):
            trials_for_half_width(5)
        with pytest.raises(ValueError, match="too narrow"):
            trials_for_half_width(0.0001)


class TestConsistency:
    def test_variance_is_that_of_statsmodels(self) -> None:
        table = np.array([[15, 5], [15, 65]])
        assert kappa_variance(table / 100) / 100 == pytest.approx(cohens_kappa(table).var_kappa)

    def test_cells_have_the_accuracies_and_the_consistency(self) -> None:
        cells = Expected(0.8, 0.7, 0.4).cells()
        assert cells[1].sum() == pytest.approx(0.8)
        assert cells[:, 1].sum() == pytest.approx(0.7)
        found = error_consistency(np.rint(cells * 1_000_000))
        assert found.value == pytest.approx(0.4, abs=1e-5)

    def test_simulated_studies_have_the_width(self) -> None:
        expected = Expected(0.8, 0.7, 0.3)
        needed = trials_for_consistency(expected, 0.1)
        tables = np.random.default_rng(6).multinomial(needed, expected.cells().ravel(), 2000)
        values = [error_consistency(table.reshape(2, 2)).value or 0.0 for table in tables]
        low, high = np.quantile(values, [0.025, 0.975])
        assert (high - low) / 2 == pytest.approx(0.1, abs=0.008)

    def test_half_the_width_needs_four_times_as_many(self) -> None:
        wide = trials_for_consistency(Expected(0.75, 0.75, 0.2), 0.1)
        narrow = trials_for_consistency(Expected(0.75, 0.75, 0.2), 0.05)
        assert narrow == pytest.approx(4 * wide, abs=4)
        assert wide == ceil(wide)

    def test_what_accuracies_do_not_allow(self) -> None:
        with pytest.raises(ValueError, match=r"allow an error consistency of .* to .*, not 0.9"):
            trials_for_consistency(Expected(0.95, 0.5, 0.9), 0.1)
        with pytest.raises(ValueError, match="accuracy must be above 0 and below 1"):
            trials_for_consistency(Expected(1, 0.5, 0), 0.1)
