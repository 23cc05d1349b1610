"""Who held a cell when: reigns of several runs, sampled and put together."""

import numpy as np
import pytest

from evolution import reigns
from evolution.measures import medians

NEVER = reigns.NEVER


def held(*rows: tuple[int, int, int, int, float], at: list[int]) -> medians.Field:
    """Reigns are (run, label, since, until, confidence) of two runs and two labels."""
    return reigns.held(np.array(list(rows), reigns.REIGN), np.array(at), 2, 2)


class TestReigns:
    def test_begin_with_their_first_generation_and_end_before_their_last(self) -> None:
        found = held((0, 0, 0, 3, 0.2), (0, 0, 3, NEVER, 0.9), at=[0, 1, 2, 3, 4])
        assert found[0, 0].tolist() == [0.2, 0.2, 0.2, 0.9, 0.9]

    def test_between_two_samples_leave_no_trace(self) -> None:
        found = held((0, 0, 0, 4, 0.2), (0, 0, 4, 6, 0.5), (0, 0, 6, NEVER, 0.9), at=[0, 3, 7])
        assert found[0, 0].tolist() == [0.2, 0.2, 0.9]

    def test_before_the_first_and_in_gaps_leave_holes(self) -> None:
        found = held((1, 1, 2, 4, 0.5), (1, 1, 5, NEVER, 0.6), at=[0, 1, 2, 3, 4, 5])
        assert np.isnan(found[1, 1]).tolist() == [True, True, False, False, True, False]
        assert np.isnan(found[0]).all()
        assert np.isnan(found[1, 0]).all()

    def test_without_any_are_all_holes(self) -> None:
        assert np.isnan(held(at=[0, 1])).all()


class TestMedians:
    def test_of_two_runs_is_the_middle(self) -> None:
        found = held((0, 0, 0, NEVER, 0.2), (1, 0, 0, 2, 0.4), (1, 0, 2, NEVER, 0.8), at=[0, 1, 2])
        assert medians.over_runs(found)[0] == pytest.approx([0.3, 0.3, 0.5])

    def test_leave_holes_out(self) -> None:
        found = held((0, 0, 0, NEVER, 0.2), (1, 0, 2, NEVER, 0.8), at=[0, 1, 2])
        assert medians.over_runs(found)[0] == pytest.approx([0.2, 0.2, 0.5])
        assert np.isnan(medians.over_runs(found)[1]).all()

    def test_agree_with_numpy(self, rng: np.random.Generator) -> None:
        values = rng.random((5, 7, 11))
        values[rng.random(values.shape) < 0.3] = np.nan
        values[0] = 0.5
        assert medians.over_runs(values) == pytest.approx(np.nanmedian(values, axis=0))

    def test_need_a_run(self) -> None:
        with pytest.raises(ValueError, match=r"at least one run, not \(0, 3\)"):
            medians.over_runs(np.empty((0, 3)))


class TestSamples:
    @pytest.mark.parametrize(("last", "n"), [(0, 1), (60, 61), (199, 200), (200, 200), (5000, 200)])
    def test_are_distinct_and_hold_both_ends(self, last: int, n: int) -> None:
        found = reigns.sampled(last, 200)
        assert len(np.unique(found)) == len(found) == n
        assert (found[0], found[-1]) == (0, last)
