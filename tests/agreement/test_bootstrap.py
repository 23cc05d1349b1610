"""Intervals by resampling people, and people and pictures."""

import numpy as np
import pytest
from numpy.typing import NDArray

from evolution.agreement.bootstrap import (
    AT_ONCE,
    Clusters,
    Resampling,
    bootstrap,
    consistency,
    drawn_weights,
    kappa,
    kappa_counts,
    percentiles,
    resampled,
    share,
)
from evolution.agreement.error_consistency import error_consistency
from evolution.agreement.intervals import Interval, clopper_pearson
from evolution.agreement.kappa import kappa_of_labels, kappa_of_table

TRIALS = 30


def rng() -> np.random.Generator:
    return np.random.default_rng(11)


def of_people(hits: NDArray[np.int64], trials: int = TRIALS) -> Clusters:
    counts = np.column_stack([hits, np.full(hits.size, trials)])
    return Clusters.of(np.arange(hits.size), np.zeros(hits.size), counts)


def covered(intervals: list[Interval | None], truth: float) -> float:
    return float(np.mean([one is not None and truth in one for one in intervals]))


class TestCoverage:
    """400 simulated studies each; three standard errors of 95% are 3.3 points."""

    def studies(self, people: int, spread: float) -> list[NDArray[np.int64]]:
        source = rng()
        rates = source.beta(0.6 / spread, 0.4 / spread, (400, people))
        return list(source.binomial(TRIALS, rates))

    def test_people_who_differ_are_covered_and_not_by_clopper_pearson(self) -> None:
        source, studies = rng(), self.studies(people=40, spread=1 / 8)
        found = [bootstrap(of_people(hits), share, Resampling(source, 400)) for hits in studies]
        assert covered(found, 0.6) > 0.91
        low, high = clopper_pearson([hits.sum() for hits in studies], 40 * TRIALS)
        assert ((low <= 0.6) & (high >= 0.6)).mean() < 0.8

    def test_people_who_are_alike_are_covered_by_both(self) -> None:
        source, studies = rng(), self.studies(people=40, spread=1e-9)
        found = [bootstrap(of_people(hits), share, Resampling(source, 400)) for hits in studies]
        assert covered(found, 0.6) > 0.91
        low, high = clopper_pearson([hits.sum() for hits in studies], 40 * TRIALS)
        assert ((low <= 0.6) & (high >= 0.6)).mean() > 0.93

    def test_few_people_are_covered_less(self) -> None:
        source, studies = rng(), self.studies(people=10, spread=1 / 8)
        found = [bootstrap(of_people(hits), share, Resampling(source, 400)) for hits in studies]
        assert 0.85 < covered(found, 0.6) < 0.94

    def test_other_pictures_are_covered_only_if_they_are_drawn_too(self) -> None:
        source = rng()
        only_people, both = [], []
        for _ in range(150):
            clusters = self.of_pictures(source, people=40, pictures=30)
            only_people.append(bootstrap(clusters, share, Resampling(source, 300)))
            resampling = Resampling(source, 300, with_pictures=True)
            both.append(bootstrap(clusters, share, resampling))
        truth = 0.5  # the logits are symmetric about 0
        assert covered(only_people, truth) < 0.8
        assert covered(both, truth) > 0.9

    def of_pictures(self, source: np.random.Generator, people: int, pictures: int) -> Clusters:
        logits = source.normal(0, 0.5, people)[:, None] + source.normal(0, 1, pictures)
        hits = source.random((people, pictures)) < 1 / (1 + np.exp(-logits))
        who, what = np.indices(hits.shape).reshape(2, -1)
        return Clusters.of(who, what, np.column_stack([hits.ravel(), np.ones(hits.size)]))


class TestResampling:
    def test_the_same_seed_gives_the_same_interval(self) -> None:
        clusters = of_people(np.array([10, 20, 25, 15]))
        first = bootstrap(clusters, share, Resampling(rng(), 200))
        assert first == bootstrap(clusters, share, Resampling(rng(), 200))
        assert first != bootstrap(clusters, share, Resampling(np.random.default_rng(12), 200))

    def test_weights_draw_as_many_as_there_are(self) -> None:
        weights = drawn_weights(50, 4000, rng())
        assert (weights.sum(axis=1) == 50).all()
        assert weights.mean(axis=0) == pytest.approx(np.ones(50), abs=0.08)
        assert weights.var() == pytest.approx(1 - 1 / 50, rel=0.02)

    def test_resamples_are_sums_of_whole_people(self) -> None:
        clusters = Clusters.of(["a", "b", "a"], [1, 1, 2], [[1, 1], [0, 100], [1, 10]])
        (drawn,) = list(resampled(clusters, Resampling(rng(), 200)))
        assert {tuple(row) for row in drawn.tolist()} == {(4, 22), (2, 111), (0, 200)}

    def test_drawing_both_multiplies_their_weights(self) -> None:
        clusters = Clusters.of(["a", "b", "a"], [1, 1, 2], [[1], [10], [100]])
        resampling = Resampling(rng(), 500, with_pictures=True)
        (drawn,) = list(resampled(clusters, resampling))
        products = {
            a * one + b * 10 * one + 100 * a * two
            for a, b in ((2, 0), (1, 1), (0, 2))
            for one, two in ((2, 0), (1, 1), (0, 2))
        }
        assert set(drawn.ravel().tolist()) == products

    def test_many_people_are_drawn_in_portions(self) -> None:
        people = AT_ONCE // 100
        clusters = of_people(np.full(people, 15))
        portions = [counts.shape for counts in resampled(clusters, Resampling(rng(), 250))]
        assert portions == [(100, 2), (100, 2), (50, 2)]


class TestStatistics:
    def test_consistency_is_that_of_the_table(self) -> None:
        table = np.array([[15, 5], [15, 65]])
        value = consistency(table.reshape(1, 4).astype(float))
        assert value[0] == pytest.approx(error_consistency(table).value)

    def test_kappa_is_that_of_the_labels(self) -> None:
        source = rng()
        first, second = source.integers(0, 5, 300), source.integers(0, 4, 300)
        counts = kappa_counts(first, np.where(first > 2, first, second))
        expected = kappa_of_labels(first, np.where(first > 2, first, second)).value
        assert kappa(counts.sum(axis=0)) == pytest.approx(expected)

    def test_counted_pairs_are_as_good_as_repeated_ones(self) -> None:
        first, second, times = ["a", "b", "a"], ["a", "a", "b"], [3, 2, 4]
        counts = kappa_counts(first, second, times).sum(axis=0)
        assert kappa(counts) == pytest.approx(kappa_of_table([[3, 4], [2, 0]]).value)

    def test_kappa_of_a_thousand_labels_has_an_interval_by_people_and_by_both(self) -> None:
        source = rng()
        machine = source.integers(0, 1000, 3000)
        said = np.where(source.random(3000) < 0.3, machine, source.integers(0, 1000, 3000))
        people, pictures = np.arange(3000) // 30, machine % 50
        clusters = Clusters.of(people, pictures, kappa_counts(said, machine))
        measured = kappa_of_labels(said, machine).value
        assert measured is not None
        for both in (False, True):
            resampling = Resampling(source, 200, with_pictures=both)
            interval = bootstrap(clusters, kappa, resampling)
            assert interval is not None
            assert measured in interval
            assert interval.half_width < 0.06

    def test_intervals_of_both_hold_what_was_measured(self) -> None:
        source = rng()
        tables = source.multinomial(40, [0.15, 0.05, 0.15, 0.65], 30)
        clusters = Clusters.of(range(30), [0] * 30, tables)
        interval = bootstrap(clusters, consistency, Resampling(source, 500))
        measured = error_consistency(tables.sum(axis=0).reshape(2, 2)).value
        assert interval is not None
        assert measured is not None
        assert measured in interval
        assert 0.02 < interval.half_width < 0.1


class TestWithoutInterval:
    def test_one_person_alone(self) -> None:
        assert bootstrap(of_people(np.array([12])), share, Resampling(rng())) is None

    def test_one_picture_alone_where_pictures_are_drawn(self) -> None:
        clusters = of_people(np.array([12, 13, 14]))
        assert bootstrap(clusters, share, Resampling(rng(), with_pictures=True)) is None
        assert bootstrap(clusters, share, Resampling(rng())) is not None

    def test_nobody(self) -> None:
        nobody = Clusters.of([], [], np.zeros((0, 2)))
        assert bootstrap(nobody, share, Resampling(rng())) is None

    def test_a_value_that_is_mostly_undefined(self) -> None:
        values = np.array([0.5] * 90 + [np.nan] * 10)
        assert percentiles(values, 0.95) is None
        assert percentiles(values[:94], 0.95) == Interval(0.5, 0.5)

    def test_refusals(self) -> None:
        with pytest.raises(ValueError, match="fewer than 100 resamples"):
            Resampling(rng(), 10)
        with pytest.raises(ValueError, match="level must be"):
            Resampling(rng(), level=95)
        with pytest.raises(ValueError, match=r"shape \(2, 1\) do not fit 1 people and 2 pictures"):
            Clusters.of([1], [1, 2], [[1], [2]])
        with pytest.raises(ValueError, match="must be a table, a row each"):
            Clusters.of([1], [1], [1])
        with pytest.raises(ValueError, match="whole numbers from 0 on"):
            Clusters.of([1], [1], [[-1]])
