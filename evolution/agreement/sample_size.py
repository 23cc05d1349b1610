"""How many answers are needed, and what a given number can show.

Exact binomial power, one-sided at 2.5%: what a 95% interval that excludes chance from above asks for.
Power does not rise steadily with the number of answers: the count that is just significant jumps,
and power falls at each jump (Chernick and Liu 2002, The American Statistician 56:149). So there
are two answers: the first number that has the power, and the one from which on it is never lost.
"""

from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from evolution.agreement.counts import Counts, Floats, check_inner, counted
from evolution.agreement.error_consistency import expected_consistency, reachable
from evolution.agreement.intervals import at_least, clopper_pearson

MOST = 50_000  # trials that are searched; more would show a difference of less than one per cent


@dataclass(frozen=True)
class Needed:
    """first: the smallest number of answers with the power; always: from here on never less."""

    first: int
    always: int


def power(trials: ArrayLike, chance: float, rate: float, alpha: float = 0.025) -> Floats:
    """Return how probable it is that so many answers (...) are significantly above chance."""
    check_inner("chance", chance)
    check_inner("rate", rate)
    n = counted("trials", trials)
    critical = critical_hits(n, chance, alpha)
    return np.where(critical <= n, at_least(np.minimum(critical, n), n, rate), 0.0)


def critical_hits(trials: ArrayLike, chance: float, alpha: float = 0.025) -> Counts:
    """Return the fewest hits that are significantly above chance: (...), trials + 1 if none are."""
    check_inner("alpha", alpha)
    n = counted("trials", trials)
    low, high = np.zeros_like(n), n + 1
    while (low < high).any():
        middle = (low + high) // 2
        is_rare = at_least(np.minimum(middle, n), n, chance) <= alpha
        rare = np.where(middle <= n, is_rare, True)
        low, high = np.where(rare, low, np.minimum(middle + 1, high)), np.where(rare, middle, high)
    return low


def trials_needed(chance: float, rate: float, alpha: float = 0.025, wanted: float = 0.8) -> Needed:
    """Return how many answers show, with the wanted power, that a rate is above chance."""
    check_inner("chance", chance)
    check_inner("rate", rate)
    check_inner("alpha", alpha)
    check_inner("power", wanted)
    if rate <= chance:
        raise ValueError(f"the true rate must be above chance ({chance:.4g}), not {rate:.4g}")
    limit = _searched(chance, rate, alpha, wanted)
    has_it = power(np.arange(1, limit + 1), chance, rate, alpha) >= wanted
    last_without = limit - int(np.argmin(has_it[::-1])) if not has_it.all() else 0
    return Needed(int(np.argmax(has_it)) + 1, last_without + 1)


def _searched(chance: float, rate: float, alpha: float, wanted: float) -> int:
    """Return a number of trials well above the answer: the normal approximation, with room."""
    quantile = NormalDist().inv_cdf
    spread = -quantile(alpha) * sqrt(chance * (1 - chance))
    spread += quantile(max(wanted, 0.5)) * sqrt(rate * (1 - rate))
    limit = ceil(2 * (spread / (rate - chance)) ** 2 + 20 / (rate - chance)) + 50
    return _bounded(limit, f"a rate of {rate:.4g} is too near to chance ({chance:.4g})")


def _bounded(limit: int, reason: str) -> int:
    if limit > MOST:
        raise ValueError(f"{reason}: more than {MOST // 2} answers would be needed")
    return limit


def trials_for_half_width(half_width: float, rate: float = 0.5, level: float = 0.95) -> int:
    """Return from how many answers on a Clopper-Pearson interval is never wider than twice that.

    rate: the share that is expected; the default is the worst case.
    """
    check_inner("half width", half_width)
    check_inner("rate", rate)
    normal = NormalDist().inv_cdf((1 + level) / 2) ** 2 * rate * (1 - rate) / half_width**2
    limit = _bounded(ceil(1.5 * normal + 10 / half_width) + 50, "the interval is too narrow")
    trials = np.arange(1, limit + 1)
    low, high = clopper_pearson(np.rint(trials * rate), trials, level)
    too_wide = high - low > 2 * half_width
    return int(trials[too_wide].max(initial=0)) + 1


@dataclass(frozen=True)
class Expected:
    """Error consistency as it is expected: the two accuracies and the value."""

    first: float
    second: float
    value: float

    def cells(self) -> Floats:
        """Return the shares of trials (2, 2): row 1 the first is right, column 1 the second."""
        chance = float(expected_consistency(self.first, self.second))
        alike = self.value * (1 - chance) + chance
        both = (alike + self.first + self.second - 1) / 2
        table = np.array([[alike - both, self.second - both], [self.first - both, both]])
        if (table < -1e-12).any():
            possible = reachable(self.first, self.second)
            raise ValueError(
                f"accuracies of {self.first:.4g} and {self.second:.4g} allow an error consistency "
                f"of {possible.low:.3f} to {possible.high:.3f}, not {self.value:.4g}"
            )
        return np.asarray(np.clip(table, 0.0, 1.0))


def trials_for_consistency(expected: Expected, half_width: float, level: float = 0.95) -> int:
    """Return how many trials give an interval of error consistency that is no wider.

    By the large-sample variance of kappa (Fleiss, Cohen and Everitt 1969, Psychological Bulletin
    72:323), for independent trials. Answers of few people are not independent: they need more, and
    the bootstrap over people tells. That intervals belong to error consistency at all, and that
    many published comparisons have too few trials, is the point of Klein et al. 2025.
    """
    check_inner("half width", half_width)
    check_inner("level", level)
    check_inner("accuracy", expected.first)
    check_inner("accuracy", expected.second)
    quantile = NormalDist().inv_cdf((1 + level) / 2)
    needed = quantile**2 * kappa_variance(expected.cells()) / half_width**2
    return max(SMALLEST_TABLE, ceil(needed - 1e-9))


SMALLEST_TABLE = 20  # below, the large-sample variance means nothing


def kappa_variance(cells: Floats) -> float:
    """Return the variance of kappa times the number of trials, of shares (K, K) that sum to 1."""
    rows, columns = cells.sum(axis=1), cells.sum(axis=0)
    expected = float(rows @ columns)
    kappa = (float(np.trace(cells)) - expected) / (1 - expected)
    weights = (1 - kappa) ** 2 * (columns[:, None] + rows[None, :]) ** 2
    np.fill_diagonal(weights, (1 - (rows + columns) * (1 - kappa)) ** 2)
    spread = float((cells * weights).sum()) - (kappa - expected * (1 - kappa)) ** 2
    return max(0.0, spread) / (1 - expected) ** 2
