"""Error consistency: whether two observers are wrong about the same pictures.

Geirhos, Meding and Wichmann 2020 (NeurIPS 33, arXiv 2006.16736): Cohen's kappa of right and wrong.
Two observers who are right at rates p and q, independently of each other, are both right or both
wrong in p q + (1 - p)(1 - q) of the trials; the accuracies alone give that much. It needs to be
known what is right, so it is over pictures with known content only.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evolution.agreement.counts import Floats, check_share, counted
from evolution.agreement.intervals import Interval
from evolution.agreement.kappa import NO_TRIALS, from_shares, table_kappas

CONSTANT = "both observers were right in all trials, or wrong in all, so chance alone agrees always"


@dataclass(frozen=True)
class Consistency:
    """value: None where it is undefined, and `reason` says why.

    observed: share of trials in which both were right or both wrong; expected: from the accuracies.
    accuracies: of the first and the second observer.
    """

    value: float | None
    observed: float | None
    expected: float | None
    accuracies: tuple[float, float] | None
    trials: int
    reason: str = ""


def error_consistency(table: ArrayLike) -> Consistency:
    """Return it of counts (2, 2): row 1 the first observer is right, column 1 the second is."""
    counts = counted("the table", table)
    if counts.shape != (2, 2):
        raise ValueError(f"a table of right and wrong must be 2 by 2, not {counts.shape}")
    trials = int(counts.sum())
    if not trials:
        return Consistency(None, None, None, None, 0, NO_TRIALS)
    first, second = counts[1].sum() / trials, counts[:, 1].sum() / trials
    observed = float(np.trace(counts)) / trials
    value = float(table_kappas(counts))
    return Consistency(
        None if np.isnan(value) else value,
        observed,
        float(expected_consistency(first, second)),
        (float(first), float(second)),
        trials,
        CONSTANT if np.isnan(value) else "",
    )


def error_consistency_of(first: ArrayLike, second: ArrayLike) -> Consistency:
    """Return it of two lists (N,): whether each observer was right in each trial."""
    one, two = np.asarray(first, dtype=bool), np.asarray(second, dtype=bool)
    if one.ndim != 1 or one.shape != two.shape:
        raise ValueError(f"two lists of answers must be equally long: {one.shape}, {two.shape}")
    return error_consistency(np.bincount(2 * one + two, minlength=4).reshape(2, 2))


def expected_consistency(first: ArrayLike, second: ArrayLike) -> Floats:
    """Return the consistency of independent observers with these accuracies: (...)."""
    p, q = check_share("accuracy", first), check_share("accuracy", second)
    return np.asarray(p * q + (1 - p) * (1 - q))


def reachable(first: float, second: float) -> Interval:
    """Return the values of error consistency that two accuracies leave possible.

    Both are right in max(0, p + q - 1) to min(p, q) of the trials, whatever the observers do.
    """
    expected = expected_consistency(first, second)
    lowest, highest = abs(first + second - 1), 1 - abs(first - second)
    low, high = from_shares(np.array([lowest, highest]), np.broadcast_to(expected, 2))
    if np.isnan(low):
        raise ValueError("with accuracies of 0 or 1 throughout, error consistency is undefined")
    # Where one accuracy is 1 there is but one value, and rounding may put its ends in either order.
    return Interval(float(min(low, high)), float(max(low, high)))
