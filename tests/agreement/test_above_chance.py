"""Shares of pictures and people above chance, by both definitions."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evolution.agreement.above_chance import (
    Answered,
    above_chance,
    hit_probabilities,
    is_any,
    tails,
)
from evolution.agreement.intervals import clopper_pearson, interval_of

UNITS = st.lists(
    st.integers(20, 90).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=1,
    max_size=30,
)


class TestOneChance:
    def test_both_definitions_by_hand(self) -> None:
        # 15 of 20 is the fewest that a 95% interval holds above one half: 0.509; of 14 it is 0.457.
        found = above_chance(Answered.of([10, 11, 14, 15, 20, 9], [20] * 6, 0.5))
        assert (found.any.count, found.any.of) == (4, 6)
        assert (found.significant.count, found.significant.of) == (2, 6)
        assert found.any.share == pytest.approx(4 / 6)
        assert found.any.interval == interval_of(4, 6)

    def test_19_answers_are_too_few_and_are_counted(self) -> None:
        found = above_chance(Answered.of([19, 20, 1], [19, 20, 1], 0.5))
        assert (found.any.count, found.any.of, found.left_out) == (1, 1, 2)

    def test_nobody_has_enough(self) -> None:
        found = above_chance(Answered.of([3], [5], 0.5))
        assert found.any.share is None
        assert found.any.guessing is None
        assert found.left_out == 1

    def test_no_units_at_all(self) -> None:
        found = above_chance(Answered.summed([], [], [], []))
        assert (found.any.of, found.significant.of, found.left_out) == (0, 0, 0)

    @given(units=UNITS, chance=st.sampled_from([0.5, 0.1, 1 / 48]))
    def test_significant_is_a_clopper_pearson_interval_above_chance(
        self, units: list[tuple[int, int]], chance: float
    ) -> None:
        hits, trials = np.array(units).T
        found = above_chance(Answered.of(hits, trials, chance))
        low, _ = clopper_pearson(hits, trials)
        assert found.significant.count == (low > chance).sum()
        assert found.significant.count <= found.any.count

    def test_what_guessing_gives(self) -> None:
        found = above_chance(Answered.of([10], [20], 0.5))
        assert found.any.guessing == pytest.approx(0.4119, abs=1e-4)  # P(X > 10), X of 20
        assert found.significant.guessing == pytest.approx(0.0207, abs=1e-4)  # P(X >= 15)

    def test_simulated_guessing_gives_it(self) -> None:
        rng = np.random.default_rng(2)
        trials = np.stack([rng.integers(10, 40, 4000), rng.integers(10, 30, 4000)], axis=1)
        hits = rng.binomial(trials, [0.5, 0.1]).sum(axis=1)
        found = above_chance(Answered.of(hits, trials, [0.5, 0.1]))
        for above in (found.any, found.significant):
            assert above.guessing is not None
            assert above.guessing in interval_of(above.count, above.of, 0.999)


class TestSeveralChances:
    @given(trials=st.tuples(st.integers(0, 4), st.integers(0, 4)))
    def test_probabilities_are_those_of_all_outcomes(self, trials: tuple[int, int]) -> None:
        chances = [0.5] * trials[0] + [0.1] * trials[1]
        expected = np.zeros(len(chances) + 1)
        for outcome in product([0, 1], repeat=len(chances)):
            hit_or_miss = [c if hit else 1 - c for hit, c in zip(outcome, chances, strict=True)]
            expected[sum(outcome)] += np.prod(hit_or_miss)
        assert hit_probabilities(trials, [0.5, 0.1]) == pytest.approx(expected, abs=1e-12)

    def test_a_mean_chance_would_be_less_strict_with_hits(self) -> None:
        answered = Answered.of([28], [[40, 40]], [0.5, 0.02])
        mean = Answered.of([28], [80], (0.5 + 0.02) / 2)
        assert tails(answered)[0] < tails(mean)[0]

    def test_a_unit_is_judged_by_its_own_trials(self) -> None:
        answered = Answered.of([6, 6], [[0, 20], [20, 0]], [0.5, 0.1])
        assert is_any(answered).tolist() == [True, False]
        assert above_chance(answered).significant.count == 1

    def test_rows_are_summed_up_by_unit(self) -> None:
        answered = Answered.summed(["b", "a", "b"], [0.5, 0.1, 0.1], [3, 1, 2], [4, 9, 8])
        assert answered.hits.tolist() == [1, 5]
        assert answered.chances.tolist() == [0.1, 0.5]
        assert answered.trials.tolist() == [[9, 0], [8, 4]]

    def test_many_units_at_once_are_as_each_alone(self) -> None:
        rng = np.random.default_rng(9)
        trials = rng.integers(0, 4, (60, 3))
        hits = rng.binomial(trials, 0.4).sum(axis=1)
        chances = [0.5, 0.1, 0.25]
        expected = [
            hit_probabilities(plan, chances)[k:].sum() for k, plan in zip(hits, trials, strict=True)
        ]
        assert tails(Answered.of(hits, trials, chances)) == pytest.approx(expected, abs=1e-12)

    def test_as_many_hits_as_expected_are_not_an_excess(self) -> None:
        assert not is_any(Answered.of([7], [21], 1 / 3))[0]


class TestRefusals:
    def test_shapes_that_do_not_fit(self) -> None:
        with pytest.raises(ValueError, match=r"need trials of shape \(2, 2\), not \(2, 1\)"):
            Answered.of([1, 2], [3, 4], [0.5, 0.1])

    def test_more_hits_than_trials(self) -> None:
        with pytest.raises(ValueError, match="more hits than trials"):
            Answered.of([5], [[2, 2]], [0.5, 0.1])
