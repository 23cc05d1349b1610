"""Mantel's test on matrices whose answer is known."""

import numpy as np
import pytest
from numpy.typing import NDArray

from evolution.errors import InvalidInput
from evolution.measures.mantel import mantel


def distances(seed: int, things: int = 12) -> NDArray[np.float64]:
    points = np.random.default_rng(seed).normal(size=(things, 2))
    return np.asarray(np.linalg.norm(points[:, None] - points[None], axis=2))


class TestMantel:
    def test_a_matrix_and_itself(self) -> None:
        found = mantel(distances(1), distances(1) * 3 + 1, seed=0, permutations=199)
        assert found.r == pytest.approx(1)
        assert found.p == 1 / 200

    def test_opposites(self) -> None:
        found = mantel(distances(1), -distances(1), seed=0, permutations=199, method="pearson")
        assert found.r == pytest.approx(-1)
        assert found.p == 1

    def test_unrelated_matrices_are_found_related_as_often_as_p_says(self) -> None:
        values = [
            mantel(distances(seed), distances(seed + 1000), seed=seed, permutations=99).p or 0
            for seed in range(200)
        ]
        assert np.mean(np.array(values) <= 0.05) < 0.11
        assert 0.4 < np.mean(values) < 0.6

    def test_pearson_as_numpy_has_it(self) -> None:
        upper = np.triu_indices(12, 1)
        expected = np.corrcoef(distances(1)[upper], distances(2)[upper])[0, 1]
        found = mantel(distances(1), distances(2), seed=0, permutations=9, method="pearson")
        assert found.r == pytest.approx(expected)

    def test_one_seed_one_answer(self) -> None:
        one, again = (mantel(distances(1), distances(2), seed=5) for _ in range(2))
        assert one == again

    def test_nothing_varies(self) -> None:
        same = np.ones((5, 5)) * 0.1
        assert mantel(same, distances(1, 5), seed=0).r is None

    @pytest.mark.parametrize(
        ("second", "words"),
        [
            (np.ones((3, 3)), "4 or more"),
            (np.triu(distances(1)), "both ways"),
            (np.full((12, 12), np.inf), "finite"),
            (distances(1, 11), "like the first"),
        ],
    )
    def test_what_cannot_be_compared(self, second: NDArray[np.float64], words: str) -> None:
        with pytest.raises(InvalidInput, match=words):
            mantel(distances(1), second, seed=0)


def test_whoever_watches_is_called_before_every_shuffle() -> None:
    called: list[int] = []
    matrix = 1 - np.eye(5)
    matrix[0, 1] = matrix[1, 0] = 3
    mantel(matrix, matrix, seed=0, permutations=7, beat=lambda: called.append(1))
    assert len(called) == 7
