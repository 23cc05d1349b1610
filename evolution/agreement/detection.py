"""Signal detection of the question "is this name right?".

Half of the names are the network's (signals), half are random (lures). d' says how well people tell
them apart, whatever their habit of saying yes; the criterion is that habit, positive for people who
say yes seldom. Green and Swets 1966; rates with the log-linear correction of Hautus 1995 (Behavior
Research Methods 27:46), which is defined for people who always say yes, and less biased than leaving
them out; interval by the variance of Gourevitch and Galanter 1967 (Psychometrika 32:25).
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from evolution.agreement.counts import Floats, check_inner, hits_of_trials
from evolution.agreement.intervals import Interval


@dataclass(frozen=True)
class Detection:
    """hit_rate, false_alarm_rate: as answered, without correction. Intervals: of d' and criterion."""

    hit_rate: float
    false_alarm_rate: float
    sensitivity: float
    sensitivity_interval: Interval
    criterion: float
    criterion_interval: Interval


def detect(
    yes_to_signals: int, signals: int, yes_to_lures: int, lures: int, level: float = 0.95
) -> Detection | None:
    """Return d' and criterion of counts, or None where one kind of trial is missing."""
    check_inner("level", level)
    hits_of_trials([yes_to_signals, yes_to_lures], [signals, lures])
    if not signals or not lures:
        return None
    counts = np.array([yes_to_signals, signals, yes_to_lures, lures], dtype=np.float64)
    value, criterion = float(sensitivities(counts)), float(criteria(counts))
    room = NormalDist().inv_cdf((1 + level) / 2) * float(np.sqrt(_variance(counts)))
    return Detection(
        hit_rate=yes_to_signals / signals,
        false_alarm_rate=yes_to_lures / lures,
        sensitivity=value,
        sensitivity_interval=Interval(value - room, value + room),
        criterion=criterion,
        criterion_interval=Interval(criterion - room / 2, criterion + room / 2),
    )


def sensitivities(counts: ArrayLike) -> Floats:
    """Return d' of (..., 4): yes to signals, signals, yes to lures, lures. Fit for `bootstrap`."""
    hits, false_alarms = _corrected(counts)
    return np.asarray(ndtri(hits) - ndtri(false_alarms))


def criteria(counts: ArrayLike) -> Floats:
    """Return the criteria of (..., 4), as `sensitivities` does."""
    hits, false_alarms = _corrected(counts)
    return np.asarray(-(ndtri(hits) + ndtri(false_alarms)) / 2)


def _corrected(counts: ArrayLike) -> tuple[Floats, Floats]:
    c = np.asarray(counts, dtype=np.float64)
    return (c[..., 0] + 0.5) / (c[..., 1] + 1), (c[..., 2] + 0.5) / (c[..., 3] + 1)


def _variance(counts: Floats) -> Floats:
    """Return the variance of d'. That of the criterion is a quarter of it."""
    hits, false_alarms = _corrected(counts)
    return _of_rate(hits, counts[..., 1]) + _of_rate(false_alarms, counts[..., 3])


def _of_rate(rate: Floats, trials: Floats) -> Floats:
    return np.asarray(rate * (1 - rate) / (trials * _density(rate) ** 2))


def _density(rate: Floats) -> Floats:
    return np.asarray(np.exp(-(ndtri(rate) ** 2) / 2) / np.sqrt(2 * np.pi))
