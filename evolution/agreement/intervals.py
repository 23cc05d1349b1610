"""Exact binomial intervals and tests.

Clopper and Pearson 1934 (Biometrika 26:404): the limits are the rates at which a tail of the
binomial distribution holds half of what the level leaves. At least `level` of such intervals cover
the true rate, whatever it is; the price is that they are wider than they need be on average.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import bdtr, bdtrc, betaincinv, gammaln, xlog1py, xlogy

from evolution.agreement.counts import Floats, check_inner, check_share, hits_of_trials

Side = Literal["greater", "less", "two-sided"]
TIES = 1 + 1e-7  # outcomes as likely as the observed one, up to rounding: as R and SciPy have it


@dataclass(frozen=True)
class Interval:
    """From low to high, both included."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"an interval must not end before it begins: {self.low}, {self.high}")

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    @property
    def half_width(self) -> float:
        return (self.high - self.low) / 2


def clopper_pearson(
    hits: ArrayLike, trials: ArrayLike, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Return the lower and the upper limits of the rates, in the common shape of both counts.

    Without trials nothing is known: 0 to 1.
    """
    check_inner("level", level)
    k, n = hits_of_trials(hits, trials)
    tail = (1 - level) / 2
    low = np.where(k > 0, betaincinv(np.maximum(k, 1), n - k + 1, tail), 0.0)
    high = np.where(k < n, betaincinv(k + 1, np.maximum(n - k, 1), 1 - tail), 1.0)
    return low, high


def interval_of(hits: int, trials: int, level: float = 0.95) -> Interval:
    low, high = clopper_pearson(hits, trials, level)
    return Interval(float(low), float(high))


def at_least(hits: ArrayLike, trials: ArrayLike, chance: ArrayLike) -> Floats:
    """Return how probable that many hits or more are by chance alone."""
    k, n = hits_of_trials(hits, trials)
    c = check_share("chance", chance)
    return np.where(k > 0, bdtrc(np.maximum(k, 1) - 1.0, n, c), 1.0)


def at_most(hits: ArrayLike, trials: ArrayLike, chance: ArrayLike) -> Floats:
    """Return how probable that many hits or fewer are by chance alone."""
    k, n = hits_of_trials(hits, trials)
    return np.asarray(bdtr(k.astype(np.float64), n, check_share("chance", chance)))


def binomial_test(
    hits: ArrayLike, trials: ArrayLike, chance: ArrayLike, side: Side = "two-sided"
) -> Floats:
    """Return p values in the common shape of the arguments.

    Two-sided: the probability of all outcomes no likelier than the observed one, as in R's
    `binom.test`. It need not agree with a Clopper-Pearson interval, which splits the tails evenly.
    """
    if side == "greater":
        return at_least(hits, trials, chance)
    if side == "less":
        return at_most(hits, trials, chance)
    k, n, c = np.broadcast_arrays(*hits_of_trials(hits, trials), check_share("chance", chance))
    values = [_two_sided(*one) for one in zip(k.flat, n.flat, c.flat, strict=True)]
    return np.array(values, dtype=np.float64).reshape(k.shape)


def probabilities(trials: int, chance: float) -> Floats:
    """Return the probabilities of 0 to `trials` hits: (trials + 1,)."""
    k = np.arange(trials + 1)
    ways = gammaln(trials + 1) - gammaln(k + 1) - gammaln(trials - k + 1)
    return np.asarray(np.exp(ways + xlogy(k, chance) + xlog1py(trials - k, -chance)))


def _two_sided(hits: int, trials: int, chance: float) -> float:
    masses = probabilities(trials, chance)
    return float(min(1.0, masses[masses <= masses[hits] * TIES].sum()))
