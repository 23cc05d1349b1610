"""Of how many pictures, or people, the answers lie above chance.

Two definitions, since they differ a great deal. Zhou and Firestone 2019 (Nature Communications
10:1334) count every unit on the right side of chance ("any"); the re-analysis of Saunders 2019 asks
that the exact 95% interval of the unit's own answers excludes chance ("significant").

People meet trials of different chance (one of two names, one of ten, one of a thousand). The number
of hits of somebody who guesses is then Poisson-binomial. It is computed exactly, as the convolution
of one binomial a chance: a binomial with the mean chance has the right mean, but too large a
variance, and would call fewer units significant than the level promises. With one chance only the
two are the same, and "significant" is the same as a Clopper-Pearson interval above chance.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evolution.agreement.counts import (
    SMALLEST_SAMPLE,
    Counts,
    Floats,
    check_inner,
    check_share,
    counted,
)
from evolution.agreement.intervals import Interval, at_least, interval_of, probabilities


@dataclass(frozen=True)
class Answered:
    """The answers of units, one a picture or one a person.

    hits: (U,) answers that agree with the network.
    trials: (U, C) answers, by the chance of the trial.
    chances: (C,) how likely a guess agrees in trials of each column.
    """

    hits: Counts
    trials: Counts
    chances: Floats

    @classmethod
    def of(cls, hits: ArrayLike, trials: ArrayLike, chances: ArrayLike) -> "Answered":
        """Check and bring into shape; with a single chance, trials may be (U,)."""
        c = np.atleast_1d(check_share("chance", chances))
        n = counted("trials", trials)
        n = n[:, None] if n.ndim == 1 else n
        k = counted("hits", hits)
        if n.shape != (k.size, c.size) or k.ndim != 1:
            raise ValueError(
                f"{k.size} units and {c.size} chances need trials of shape "
                f"({k.size}, {c.size}), not {n.shape}"
            )
        if (k > n.sum(axis=1)).any():
            raise ValueError("there cannot be more hits than trials")
        return cls(k, n, c)

    @classmethod
    def summed(
        cls, units: ArrayLike, chances: ArrayLike, hits: ArrayLike, trials: ArrayLike
    ) -> "Answered":
        """Sum rows (N,) up: of each the key of its unit, the chance, hits of trials.

        Units come in the order of their keys.
        """
        found, unit = np.unique(np.asarray(units), return_inverse=True)
        known, column = np.unique(check_share("chance", chances), return_inverse=True)
        sums, tables = np.zeros(found.size, np.int64), np.zeros((found.size, known.size), np.int64)
        np.add.at(sums, unit, counted("hits", hits))
        np.add.at(tables, (unit, column), counted("trials", trials))
        return cls.of(sums, tables, known)

    @property
    def totals(self) -> Counts:
        return np.asarray(self.trials.sum(axis=1))

    def where(self, kept: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> "Answered":
        return Answered(self.hits[kept], self.trials[kept], self.chances)


@dataclass(frozen=True)
class Above:
    """So many units of so many, with the exact interval of that share.

    guessing: the share that would be expected if everybody guessed: by "any" about half of all
    units, by "significant" 2.5% at most. None without units.
    """

    count: int
    of: int
    guessing: float | None

    @property
    def share(self) -> float | None:
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> Interval:
        """Over units, taken as independent of each other."""
        return interval_of(self.count, self.of)


@dataclass(frozen=True)
class AboveChance:
    """Both definitions over the units with enough answers; `left_out` had too few."""

    any: Above
    significant: Above
    left_out: int


def above_chance(
    answered: Answered, least: int = SMALLEST_SAMPLE, level: float = 0.95
) -> AboveChance:
    """Count the units above chance among those with `least` answers or more."""
    check_inner("level", level)
    enough = answered.totals >= max(least, 1)
    units = answered.where(enough)
    tail = (1 - level) / 2
    by_any, by_significant = _guessing(units, tail)
    return AboveChance(
        any=Above(int(is_any(units).sum()), units.hits.size, by_any),
        significant=Above(int((tails(units) < tail).sum()), units.hits.size, by_significant),
        left_out=int((~enough).sum()),
    )


def is_any(answered: Answered) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether each unit has more hits than guessing gives on average: (U,)."""
    return np.asarray(answered.hits > _expected(answered.trials, answered.chances))


def tails(answered: Answered) -> Floats:
    """Return how probable that many hits or more are for somebody who guesses: (U,)."""
    if not answered.hits.size:
        return np.ones(0)
    used = answered.trials > 0
    single = used.sum(axis=1) <= 1
    column = used.argmax(axis=1)
    values = np.ones(answered.hits.size)
    values[single] = at_least(
        answered.hits[single], answered.totals[single], answered.chances[column[single]]
    )
    several = np.flatnonzero(~single)
    for plan, units in _alike(answered.trials[several]):
        rare = np.cumsum(hit_probabilities(plan, answered.chances)[::-1])[::-1]
        values[several[units]] = rare[answered.hits[several[units]]]
    return np.minimum(values, 1.0)


def hit_probabilities(trials: ArrayLike, chances: ArrayLike) -> Floats:
    """Return the Poisson-binomial probabilities of 0 to N hits by guessing: (N + 1,).

    trials: (C,) how many trials of each chance; N is their sum.
    """
    masses = np.ones(1)
    for n, chance in zip(counted("trials", trials), check_share("chance", chances), strict=True):
        masses = np.convolve(masses, probabilities(int(n), float(chance)))
    return masses


def _expected(trials: Counts, chances: Floats) -> Floats:
    # Rounded, so that three guesses at 1/3 expect one hit and not 0.9999999999999999.
    return np.asarray(np.round(trials @ chances, 9))


def _alike(trials: Counts) -> Iterator[tuple[Counts, Counts]]:
    """Yield each row that occurs, with the indices of the units that have it."""
    if not len(trials):
        return
    plans, which = np.unique(trials, axis=0, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    ends = np.cumsum(np.bincount(which.ravel(), minlength=len(plans)))[:-1]
    yield from zip(plans, np.split(order, ends), strict=True)


def _guessing(units: Answered, tail: float) -> tuple[float | None, float | None]:
    """Return both shares as they would be expected if everybody guessed."""
    if not units.hits.size:
        return None, None
    alike = list(_alike(units.trials))
    shares = np.array([_guessing_once(plan, units.chances, tail) for plan, _ in alike])
    by_any, by_significant = np.average(shares, axis=0, weights=[who.size for _, who in alike])
    return float(by_any), float(by_significant)


def _guessing_once(trials: Counts, chances: Floats, tail: float) -> tuple[float, float]:
    masses = hit_probabilities(trials, chances)
    at_least_each = np.cumsum(masses[::-1])[::-1]
    hits = np.arange(masses.size)
    above = masses[hits > _expected(trials, chances)].sum()
    return float(above), float(masses[at_least_each < tail].sum())
