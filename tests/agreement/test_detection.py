"""Signal detection of "is this name right?"."""

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evolution.agreement.bootstrap import Clusters, Resampling, bootstrap
from evolution.agreement.detection import criteria, detect, sensitivities

TRIALS = st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


class TestDetect:
    def test_published_example_with_many_trials(self) -> None:
        # Macmillan and Creelman 2005, chapter 1: rates of 0.8 and 0.4 are a d' of 1.095.
        found = detect(80_000, 100_000, 40_000, 100_000)
        assert found is not None
        assert found.sensitivity == pytest.approx(1.095, abs=1e-3)
        assert found.criterion == pytest.approx(-0.294, abs=1e-3)
        assert (found.hit_rate, found.false_alarm_rate) == (0.8, 0.4)

    @given(signals=TRIALS, lures=TRIALS)
    def test_by_the_formula(self, signals: tuple[int, int], lures: tuple[int, int]) -> None:
        found = detect(*signals, *lures)
        assert found is not None
        z = NormalDist().inv_cdf
        hit, false_alarm = ((k + 0.5) / (n + 1) for k, n in (signals, lures))
        assert found.sensitivity == pytest.approx(z(hit) - z(false_alarm), abs=1e-9)
        assert found.criterion == pytest.approx(-(z(hit) + z(false_alarm)) / 2, abs=1e-9)
        assert found.sensitivity in found.sensitivity_interval
        assert found.criterion in found.criterion_interval

    def test_always_yes_is_no_sensitivity_and_a_low_criterion(self) -> None:
        found = detect(30, 30, 30, 30)
        assert found is not None
        assert found.sensitivity == 0
        assert found.criterion < -1.5

    def test_one_kind_of_trial_alone_says_nothing(self) -> None:
        assert detect(3, 5, 0, 0) is None
        assert detect(0, 0, 3, 5) is None

    def test_intervals_cover_observers_of_known_sensitivity(self) -> None:
        rng, z = np.random.default_rng(8), NormalDist()
        hit, false_alarm = z.cdf(1.0), z.cdf(-0.2)  # d' 1.2, criterion -0.4
        yes = np.stack([rng.binomial(60, hit, 2000), rng.binomial(60, false_alarm, 2000)], axis=1)
        found = [detect(int(a), 60, int(b), 60) for a, b in yes]
        covered = np.mean([1.2 in one.sensitivity_interval for one in found if one])
        assert 0.94 < covered < 0.98
        covered = np.mean([-0.4 in one.criterion_interval for one in found if one])
        assert 0.94 < covered < 0.98

    def test_it_can_be_resampled(self) -> None:
        counts = np.column_stack([[8, 9, 5, 7], [10] * 4, [2, 3, 1, 4], [10] * 4])
        clusters = Clusters.of(range(4), [0] * 4, counts)
        rng = np.random.default_rng(1)
        for statistic in (sensitivities, criteria):
            interval = bootstrap(clusters, statistic, Resampling(rng, 500))
            assert interval is not None
            assert float(statistic(counts.sum(axis=0).astype(float))) in interval

    def test_refusal(self) -> None:
        with pytest.raises(ValueError, match="more hits than trials: 6 of 5"):
            detect(6, 5, 1, 5)
