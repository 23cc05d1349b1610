"""The fooling score."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evolution.agreement.fooling import disagreement, fooling, fooling_limits
from evolution.agreement.intervals import interval_of

COUNTS = st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


class TestFooling:
    @pytest.mark.parametrize(
        ("chosen", "expected"), [(0, 0.99), (10, 0.99), (15, 0.495), (20, 0.0)]
    )
    def test_by_hand(self, chosen: int, expected: float) -> None:
        found = fooling(0.99, chosen, 20)
        assert found is not None
        assert found.score == pytest.approx(expected)
        assert found.is_enough

    def test_interval_is_that_of_the_share(self) -> None:
        found = fooling(0.8, 16, 20)
        share = interval_of(16, 20)
        assert found is not None
        assert found.interval.low == pytest.approx(0.8 * (1 - (share.high - 0.5) / 0.5))
        assert found.interval.high == pytest.approx(0.8 * (1 - (share.low - 0.5) / 0.5))

    @given(counts=COUNTS, confidence=st.floats(0, 1), chance=st.sampled_from([0.5, 0.1, 0.001]))
    def test_bounds(self, counts: tuple[int, int], confidence: float, chance: float) -> None:
        found = fooling(confidence, *counts, chance)
        assert found is not None
        assert 0 <= found.interval.low <= found.score <= found.interval.high <= confidence

    @given(counts=COUNTS)
    def test_more_agreement_never_fools_more(self, counts: tuple[int, int]) -> None:
        chosen, answers = counts
        scores = [fooling(1.0, k, answers) for k in range(chosen + 1)]
        values = [one.score for one in scores if one]
        assert values == sorted(values, reverse=True)

    def test_nobody_asked_and_too_few_asked(self) -> None:
        assert fooling(0.9, 0, 0) is None
        few = fooling(0.9, 5, 19)
        assert few is not None
        assert not few.is_enough

    def test_many_at_once(self) -> None:
        low, high = fooling_limits([0.9, 0.5], [10, 0], [20, 0])
        assert low.tolist() == [pytest.approx(0.9 * float(disagreement(0.728, 0.5)), abs=1e-3), 0]
        assert high.tolist() == pytest.approx([0.9, 0.5])

    def test_refusals(self) -> None:
        with pytest.raises(ValueError, match="confidence must be between 0 and 1"):
            fooling(99.7, 1, 2)
        with pytest.raises(ValueError, match="more hits than trials: 3 of 2"):
            fooling(0.9, 3, 2)
        with pytest.raises(ValueError, match="chance must be above 0 and below 1"):
            disagreement(np.array([0.5]), 1.0)
