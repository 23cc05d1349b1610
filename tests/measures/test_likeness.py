"""Distances between features, and their means over pairs and groups, held to values by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.distance import cdist

from evolution.errors import InvalidInput
from evolution.measures.likeness import bands, between_groups, cosine_distances, kin

ROWS = arrays(np.float64, st.tuples(st.integers(1, 8), st.integers(1, 5)), elements=st.floats(0, 9))


class TestCosineDistances:
    def test_as_scipy_has_them(self) -> None:
        rows = np.random.default_rng(0).random((6, 4))
        np.testing.assert_allclose(
            cosine_distances(rows), cdist(rows, rows, "cosine"), rtol=0, atol=1e-12
        )

    def test_length_makes_no_difference(self) -> None:
        np.testing.assert_allclose(cosine_distances([[1, 0], [5, 0], [0, 2]])[0], [0, 0, 1])

    def test_rows_of_zeros_are_like_each_other_alone(self) -> None:
        found = cosine_distances([[0, 0], [0, 0], [1, 1]])
        np.testing.assert_array_equal(found, [[0, 0, 1], [0, 0, 1], [1, 1, 0]])

    @given(ROWS)
    def test_symmetric_and_within_bounds(self, rows: np.ndarray) -> None:
        found = cosine_distances(rows)
        np.testing.assert_array_equal(found, found.T)
        assert found.min() >= 0
        assert found.max() <= 1 + 1e-9
        assert not np.diag(found).any()

    @pytest.mark.parametrize("bad", [[1, 2], [[np.nan, 1]], np.zeros((0, 3))])
    def test_what_is_no_table_of_numbers(self, bad: object) -> None:
        with pytest.raises(InvalidInput, match="finite rows"):
            cosine_distances(bad)  # type: ignore[arg-type]


DISTANCES = np.array(
    [
        [0.0, 0.1, 0.5, 0.9],
        [0.1, 0.0, 0.7, 0.8],
        [0.5, 0.7, 0.0, 0.3],
        [0.9, 0.8, 0.3, 0.0],
    ]
)


def test_bands_are_means_over_pairs_of_the_same_distance() -> None:
    by = np.array([[0, 2, 4, 4], [2, 0, 4, np.inf], [4, 4, 0, 2], [4, np.inf, 2, 0]])
    found = bands(DISTANCES, by)
    assert [(one.at, one.pairs) for one in found] == [(2, 2), (4, 3)]
    assert [one.mean for one in found] == pytest.approx([0.2, 0.7])


def test_groups_leave_out_a_thing_and_itself() -> None:
    found = between_groups(1 - DISTANCES, [0, 0, 1, 2], 3)
    np.testing.assert_allclose(found[0], [0.9, 0.4, 0.15])
    assert np.isnan(found[1, 1])  # a group of one has no pair
    np.testing.assert_allclose(found, found.T)


class TestKin:
    def test_near_things_among_far_ones(self) -> None:
        rng = np.random.default_rng(1)
        points = np.concatenate([rng.normal(0, 0.01, (5, 2)), rng.normal(0, 5, (40, 2))])
        distances = np.linalg.norm(points[:, None] - points[None], axis=2)
        found = kin(distances, range(5), seed=0)
        assert found.within < found.outside
        assert (found.p, found.things) == (1 / 1000, 5)

    def test_things_like_all_others(self) -> None:
        rng = np.random.default_rng(2)
        points = rng.normal(0, 1, (40, 3))
        distances = np.linalg.norm(points[:, None] - points[None], axis=2)
        many = [
            kin(distances, rng.choice(40, 5, replace=False).tolist(), seed=s).p for s in range(20)
        ]
        assert 0.3 < float(np.mean(many)) < 0.7

    def test_means_by_hand(self) -> None:
        found = kin(DISTANCES, [0, 1], seed=0)
        assert found.within == pytest.approx(0.1)
        assert found.outside == pytest.approx((0.5 + 0.9 + 0.7 + 0.8) / 4)

    @pytest.mark.parametrize("chosen", [[0], [1, 1], [0, 1, 2, 3]])
    def test_what_cannot_be_compared(self, chosen: list[int]) -> None:
        with pytest.raises(InvalidInput, match="chosen"):
            kin(DISTANCES, chosen, seed=0)
