"""Autocorrelation beside the direct sum, and of pictures whose period is known."""

import numpy as np
import pytest

from evolution.errors import InvalidInput
from evolution.measures.autocorrelation import autocorrelation


class TestAutocorrelation:
    @pytest.mark.parametrize(("down", "right"), [(0, 0), (3, 2), (5, 0), (4, -3)])
    def test_as_numpy_has_it(self, down: int, right: int) -> None:
        picture = np.random.default_rng(1).random((12, 15))
        one = picture[down:, max(right, 0) : 15 + min(right, 0)]
        other = picture[: 12 - down, max(-right, 0) : 15 - max(right, 0)]
        expected = np.corrcoef(one.ravel(), other.ravel())[0, 1]
        assert autocorrelation(picture)[11 + down, 14 + right] == pytest.approx(expected)

    def test_stripes_come_again_after_their_period(self) -> None:
        stripes = np.tile(np.sin(np.arange(28) * 2 * np.pi / 7), (28, 1))
        found = autocorrelation(np.stack([stripes, -stripes, stripes], axis=2))[27]
        assert found[27 + 7] == pytest.approx(1, abs=0.01)
        assert found[27 + 3] < -0.5

    def test_a_plain_picture_has_none(self) -> None:
        assert not autocorrelation(np.full((28, 28, 3), 0.3)).any()

    def test_what_is_no_picture(self) -> None:
        with pytest.raises(InvalidInput, match="rows, columns"):
            autocorrelation(np.ones(5))
