"""Cohen's kappa and error consistency."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from statsmodels.stats.inter_rater import cohens_kappa

from evolution.agreement.error_consistency import (
    error_consistency,
    error_consistency_of,
    expected_consistency,
    reachable,
)
from evolution.agreement.kappa import kappa_of_labels, kappa_of_table, kappas, table_kappas

# The example of Cohen 1960, table 2, and 1968, table 1: 200 patients, two psychologists.
COHEN = np.array([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
TABLES = arrays(np.int64, (3, 3), elements=st.integers(0, 50))


class TestKappa:
    def test_published_example(self) -> None:
        kappa = kappa_of_table(COHEN)
        assert kappa.value == pytest.approx(0.492, abs=5e-4)
        assert kappa.observed == pytest.approx(0.70)
        assert kappa.expected == pytest.approx(0.41)
        assert kappa.trials == 200

    @given(table=TABLES)
    def test_agrees_with_statsmodels(self, table: np.ndarray) -> None:
        kappa = kappa_of_table(table)
        if kappa.value is None:
            assert kappa.reason
        else:
            with np.errstate(all="ignore"):  # its z value, which is not asked for
                theirs = cohens_kappa(table).kappa
            assert kappa.value == pytest.approx(theirs, abs=1e-9)
            assert -1 <= kappa.value <= 1

    @given(table=TABLES)
    def test_observers_may_be_exchanged(self, table: np.ndarray) -> None:
        one, other = kappa_of_table(table).value, kappa_of_table(table.T).value
        assert one == (None if other is None else pytest.approx(other, abs=1e-12))

    def test_labels_give_what_their_table_gives(self) -> None:
        rows, columns = np.indices((3, 3)).reshape(2, -1)
        names = np.array(["personality disorder", "neurosis", "psychosis"])
        first = names[np.repeat(rows, COHEN.ravel())]
        second = names[np.repeat(columns, COHEN.ravel())]
        assert kappa_of_labels(first, second).value == pytest.approx(0.4915, abs=1e-4)

    def test_one_label_throughout_has_no_kappa(self) -> None:
        kappa = kappa_of_labels(["starfish"] * 5, ["starfish"] * 5)
        assert kappa.value is None
        assert "one and the same label" in kappa.reason
        assert kappa.observed == 1

    def test_no_trials_have_no_kappa(self) -> None:
        assert kappa_of_table([[0, 0], [0, 0]]).reason == "there are no trials"
        assert kappa_of_labels([], []).value is None

    def test_many_at_once(self) -> None:
        many = table_kappas(np.stack([COHEN, COHEN.T, np.zeros((3, 3))]))
        assert many[:2] == pytest.approx(0.4915, abs=1e-4)
        assert np.isnan(many[2])
        again = kappas([140.0], COHEN.sum(axis=1)[None], COHEN.sum(axis=0)[None])
        assert again == pytest.approx(many[:1])

    def test_refusals(self) -> None:
        with pytest.raises(ValueError, match=r"must be square, not of shape \(1, 2\)"):
            kappa_of_table([[1, 2]])
        with pytest.raises(ValueError, match="equally long"):
            kappa_of_labels(["a"], ["a", "b"])


class TestErrorConsistency:
    def test_by_hand(self) -> None:
        # Right in 80 and 70 of 100, both right in 65, both wrong in 15: 0.80 observed,
        # 0.8 * 0.7 + 0.2 * 0.3 = 0.62 expected.
        found = error_consistency([[15, 5], [15, 65]])
        assert found.observed == pytest.approx(0.80)
        assert found.expected == pytest.approx(0.62)
        assert found.value == pytest.approx(0.18 / 0.38)
        assert found.accuracies == (0.8, 0.7)

    @given(table=arrays(np.int64, (2, 2), elements=st.integers(0, 60)))
    def test_it_is_the_formula_of_the_paper_and_within_its_bounds(
        self,
        table: np.ndarray,
    ) -> None:
        found = error_consistency(table)
        if found.value is None or found.accuracies is None:
            assert found.reason
            return
        observed = np.trace(table) / table.sum()
        expected = expected_consistency(*found.accuracies)
        assert found.value == pytest.approx(float((observed - expected) / (1 - expected)))
        bounds = reachable(*found.accuracies)
        assert bounds.low - 1e-9 <= found.value <= bounds.high + 1e-9

    def test_independent_observers_are_at_zero(self) -> None:
        rng = np.random.default_rng(3)
        found = error_consistency_of(rng.random(50_000) < 0.8, rng.random(50_000) < 0.6)
        assert found.value == pytest.approx(0, abs=0.015)

    def test_an_observer_is_consistent_with_itself_and_not_with_its_opposite(self) -> None:
        right = np.arange(10) < 5
        assert error_consistency_of(right, right).value == 1
        assert error_consistency_of(right, ~right).value == -1

    def test_undefined_where_both_are_always_right(self) -> None:
        found = error_consistency([[0, 0], [0, 30]])
        assert found.value is None
        assert "right in all trials" in found.reason
        assert error_consistency([[0, 0], [0, 0]]).reason == "there are no trials"

    def test_refusals(self) -> None:
        with pytest.raises(ValueError, match="2 by 2"):
            error_consistency([[1, 2, 3]])
        with pytest.raises(ValueError, match="equally long"):
            error_consistency_of([True], [True, False])
        with pytest.raises(ValueError, match="accuracy must be between 0 and 1"):
            expected_consistency(80, 0.5)
