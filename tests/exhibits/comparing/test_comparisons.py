"""The U test against a case worked by hand and against SciPy; what it says in words."""

import numpy as np
import pytest
from scipy import stats

from evolution.exhibits.comparing import comparisons
from evolution.exhibits.comparing.comparisons import mann_whitney
from evolution.exhibits.comparing.groups import Group
from tests.factories import make_run


def compared(a: object, b: object) -> comparisons.Comparison:
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


class TestTheWords:
    def test_of_a_tiny_p(self) -> None:
        found = compared(np.linspace(0.6, 0.9, 100), np.linspace(0.1, 0.4, 100))
        assert (found.p_words, found.p_bare) == ("p < 0.0001", "< 0.0001")
        assert found.headline == (
            "The networks are surer of A than of B: 75.00% in the median class against 25.00%."
        )

    def test_name_the_surer_group(self) -> None:
        found = compared(np.linspace(0.1, 0.4, 100), np.linspace(0.6, 0.9, 100))
        assert "surer of B than of A: 75.00%" in found.headline

    def test_of_no_difference(self) -> None:
        found = compared([0.1, 0.9], [0.2, 0.8])
        assert found.p_words.startswith("p = 1.0000")
        assert found.headline.startswith("No difference")


@pytest.mark.django_db
class TestThePapersFigures:
    def group(self, preset: str, classifier: str) -> Group:
        return Group("A", (make_run(preset, classifier=classifier),))

    def test_are_absent_for_other_labels(self) -> None:
        assert comparisons.paper_figures([self.group("mnist-cppn-paper", "lenet-a")]) == []

    def test_stand_beside_the_papers_presets(self) -> None:
        groups = [self.group(f"imagenet-{kind}-paper", "squeezenet") for kind in ("cppn", "direct")]
        found = comparisons.paper_figures(groups)
        assert [figure.median for figure in found] == [0.2159, 0.8811]
        assert comparisons.paper_figures(groups[:1]) == [comparisons.PAPER["cppn"]]

    def test_are_absent_for_other_presets(self) -> None:
        assert comparisons.paper_figures([self.group("imagenet-cppn-fast", "squeezenet")]) == []
