"""Intervals by resampling people, and pictures if wished, rather than answers.

Answers of one person resemble each other, so an interval that takes them as independent is too
narrow. The cluster bootstrap draws as many people as there are, with replacement, each with all
their answers (Davison and Hinkley 1997, section 3.8). That speaks of other people and the same
pictures. To speak of other pictures too, both are drawn, and an answer counts as often as its person
times as often as its picture: the pigeonhole bootstrap of Owen 2007 (Annals of Applied Statistics
1:386). That one is conservative: where neither people nor pictures differ, up to 1.7 times too wide.

Percentile intervals of few people are too narrow, as is every bootstrap: with 10 people, a nominal
95% covers about 90%.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from evolution.agreement.counts import Counts, Floats, check_inner, counted
from evolution.agreement.intervals import Interval
from evolution.agreement.kappa import kappas, table_kappas

Statistic = Callable[[Floats], Floats]  # (..., S) counts to (...) values

MOST_UNDEFINED = 0.05  # share of resamples without a value above which there is no interval
AT_ONCE = 4_000_000  # weights in memory, 32 MB


@dataclass(frozen=True)
class Clusters:
    """Counts that a statistic is made of, by who answered and about what.

    people, pictures: (N,) indices from 0 on. counts: sparse (N, S).
    """

    people: Counts
    pictures: Counts
    counts: csr_array

    @classmethod
    def of(
        cls, people: ArrayLike, pictures: ArrayLike, counts: ArrayLike | csr_array
    ) -> "Clusters":
        """people, pictures: (N,) keys of any kind, repeated as need be; counts: (N, S)."""
        table = counts if isinstance(counts, csr_array) else csr_array(_checked(counts))
        who = np.unique(np.asarray(people), return_inverse=True)[1]
        what = np.unique(np.asarray(pictures), return_inverse=True)[1]
        if not table.shape[0] == who.size == what.size:
            raise ValueError(
                f"counts of shape {table.shape} do not fit {who.size} people and {what.size} "
                "pictures: one row each is needed"
            )
        return cls(who, what, table)

    @property
    def people_count(self) -> int:
        return int(self.people.max(initial=-1)) + 1

    @property
    def pictures_count(self) -> int:
        return int(self.pictures.max(initial=-1)) + 1


@dataclass(frozen=True)
class Resampling:
    """How often is drawn, from which source of chance, and whether pictures are drawn too."""

    rng: np.random.Generator
    times: int = 2000
    level: float = 0.95
    with_pictures: bool = False

    def __post_init__(self) -> None:
        check_inner("level", self.level)
        if self.times < 100:
            raise ValueError(f"fewer than 100 resamples give no interval, not {self.times}")


def bootstrap(clusters: Clusters, statistic: Statistic, resampling: Resampling) -> Interval | None:
    """Return the percentile interval of a statistic.

    None with fewer than two people (or pictures, where they are drawn), or if the statistic is
    undefined in more than 5% of the resamples.
    """
    drawn = [clusters.people_count]
    if resampling.with_pictures:
        drawn.append(clusters.pictures_count)
    if min(drawn) < 2:
        return None
    values = [statistic(counts) for counts in resampled(clusters, resampling)]
    return percentiles(np.concatenate(values), resampling.level)


def percentiles(values: Floats, level: float) -> Interval | None:
    """Return the middle `level` of the values (B,), or None if too many are not numbers."""
    defined = values[~np.isnan(values)]
    if defined.size < (1 - MOST_UNDEFINED) * values.size:
        return None
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high))


def resampled(clusters: Clusters, resampling: Resampling) -> Iterator[Floats]:
    """Yield the counts of the resamples, (B, S) at a time."""
    people, pictures = clusters.people_count, clusters.pictures_count
    width = max(people, clusters.counts.shape[1], pictures if resampling.with_pictures else 0)
    sums = _sums_of_people(clusters)
    for size in _portions(resampling.times, max(1, AT_ONCE // width)):
        weights = drawn_weights(people, size, resampling.rng)
        if resampling.with_pictures:
            yield _both(clusters, weights, drawn_weights(pictures, size, resampling.rng))
        else:
            yield weights @ sums


def drawn_weights(units: int, times: int, rng: np.random.Generator) -> Floats:
    """Return how often each unit is drawn in each resample: (times, units), rows sum to `units`."""
    draws = rng.integers(units, size=(times, units)) + units * np.arange(times)[:, None]
    counts = np.bincount(draws.ravel(), minlength=times * units)
    return counts.reshape(times, units).astype(np.float64)


def share(counts: Floats) -> Floats:
    """Statistic of (..., 2): hits, trials."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(counts[..., 0] / counts[..., 1])


def consistency(counts: Floats) -> Floats:
    """Statistic of (..., 4): trials in which both are wrong, the second or the first alone is
    right, both are right. Also kappa of any two labels."""
    return table_kappas(counts.reshape(*counts.shape[:-1], 2, 2))


def kappa(counts: Floats) -> Floats:
    """Statistic of (..., 1 + 2K): trials that agree, and trials by either observer's label."""
    first, second = np.split(counts[..., 1:], 2, axis=-1)
    return kappas(counts[..., 0], first, second)


def kappa_counts(first: ArrayLike, second: ArrayLike, times: ArrayLike = 1) -> csr_array:
    """Return what `kappa` needs, of lists of labels (N,), each pair met so many times."""
    one, two = np.asarray(first), np.asarray(second)
    met = np.broadcast_to(counted("times", times), one.shape).astype(np.float64)
    labels, codes = np.unique(np.concatenate([one, two]), return_inverse=True)
    of_first, of_second = np.split(codes, 2)
    rows, shape = np.arange(one.size), (one.size, 1 + 2 * labels.size)
    columns = [np.zeros_like(rows), 1 + of_first, 1 + labels.size + of_second]
    values = [met * (one == two), met, met]
    places = (np.tile(rows, 3), np.concatenate(columns))
    return csr_array((np.concatenate(values), places), shape=shape)


def _checked(counts: ArrayLike) -> Floats:
    table = counted("counts", counts)
    if table.ndim != 2:
        raise ValueError(f"counts must be a table, a row each, not of shape {table.shape}")
    return table.astype(np.float64)


def _sums_of_people(clusters: Clusters) -> csr_array:
    """Return the counts of each person, sparse: (people, S)."""
    rows = np.arange(clusters.people.size)
    shape = (clusters.people_count, rows.size)
    belongs = csr_array((np.ones(rows.size), (clusters.people, rows)), shape=shape)
    return belongs @ clusters.counts


def _both(clusters: Clusters, people: Floats, pictures: Floats) -> Floats:
    columns = [
        ((_column(clusters, index).T @ people.T).T * pictures).sum(axis=1)
        for index in range(clusters.counts.shape[1])
    ]
    return np.stack(columns, axis=-1)


def _column(clusters: Clusters, index: int) -> csr_array:
    """Return one of the counts, sparse: (people, pictures)."""
    column = clusters.counts[:, [index]].toarray().ravel()
    shape = (clusters.people_count, clusters.pictures_count)
    return csr_array((column, (clusters.people, clusters.pictures)), shape=shape)


def _portions(total: int, largest: int) -> Iterator[int]:
    for start in range(0, total, largest):
        yield min(largest, total - start)
