"""The U test against a case worked by hand and against SciPy."""

import numpy as np
import pytest
from scipy import stats

from evolution.measures.mann_whitney import MannWhitney, mann_whitney


def compared(a: object, b: object) -> MannWhitney:
    found = mann_whitney(np.asarray(a, float), np.asarray(b, float))
    assert found is not None
    return found


class TestTheTest:
    def test_agrees_with_a_case_worked_by_hand(self) -> None:
        # A wins 8 of 9 pairs. Of the 20 ways to rank 3 and 3, two give U = 8 or 9: one side 2/20.
        found = compared([0.9, 0.8, 0.4], [0.5, 0.3, 0.2])
        assert (found.n_a, found.n_b, found.u, found.is_exact) == (3, 3, 8, True)
        assert found.p == pytest.approx(4 / 20)
        assert found.effect == pytest.approx(8 / 9)
        assert (found.median_a, found.median_b) == (0.8, 0.3)

    def test_counts_ties_half(self) -> None:
        found = compared([0.5, 0.9], [0.5, 0.1])
        assert found.u == 3.5
        assert not found.is_exact

    def test_agrees_with_scipy(self, rng: np.random.Generator) -> None:
        a, b = rng.random(1000) ** 0.5, rng.random(1000).round(2)
        expected = stats.mannwhitneyu(a, b, alternative="two-sided", method="asymptotic")
        found = compared(a, b)
        assert (found.u, found.p) == (expected.statistic, expected.pvalue)

    def test_leaves_holes_out_and_needs_values(self) -> None:
        assert compared([0.9, np.nan], [0.1, 0.2]).n_a == 1
        assert mann_whitney(np.array([np.nan]), np.array([0.5])) is None

    def test_of_equal_samples_shows_nothing(self) -> None:
        found = compared([1.0] * 10, [1.0] * 10)
        assert (found.p, found.effect, found.is_significant) == (1.0, 0.5, False)

    def test_writes_a_tiny_p_as_the_paper_does(self) -> None:
        found = compared(np.linspace(0.6, 0.9, 100), np.linspace(0.1, 0.4, 100))
        assert (found.p_words, found.p_bare) == ("p < 0.0001", "< 0.0001")

    def test_writes_any_other_p_as_a_number(self) -> None:
        assert compared([0.1, 0.9], [0.2, 0.8]).p_words.startswith("p = 1.0000")
