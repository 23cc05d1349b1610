"""Cohen's kappa: agreement beyond what the two observers' habits alone would give.

Cohen 1960 (Educational and Psychological Measurement 20:37). Observed agreement is the share of
trials with equal labels; expected is what independent observers with the same margins would reach.
Of thousands of labels only the margins are kept, never a table.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from evolution.agreement.counts import Floats, counted

NO_TRIALS = "there are no trials"
ONE_LABEL = "both observers gave one and the same label throughout, so chance alone agrees always"


@dataclass(frozen=True)
class Kappa:
    """value: None where it is undefined, and `reason` says why. Both shares are of `trials`."""

    value: float | None
    observed: float | None
    expected: float | None
    trials: int
    reason: str = ""


def kappa_of_table(table: ArrayLike) -> Kappa:
    """Return kappa of counts (K, K): row the label of one observer, column that of the other."""
    counts = counted("the table", table)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise ValueError(f"a table of agreement must be square, not of shape {counts.shape}")
    return _kappa(int(np.trace(counts)), counts.sum(axis=1), counts.sum(axis=0))


def kappa_of_labels(first: ArrayLike, second: ArrayLike) -> Kappa:
    """Return kappa of two lists of labels, (N,) each: what either observer said in each trial."""
    one, two = np.asarray(first), np.asarray(second)
    if one.ndim != 1 or one.shape != two.shape:
        raise ValueError(f"two lists of labels must be equally long: {one.shape}, {two.shape}")
    labels, codes = np.unique(np.concatenate([one, two]), return_inverse=True)
    margins = [np.bincount(half, minlength=labels.size) for half in np.split(codes, 2)]
    return _kappa(int((one == two).sum()), margins[0], margins[1])


def _kappa(agreed: int, first: Any, second: Any) -> Kappa:
    trials = int(first.sum())
    if not trials:
        return Kappa(None, None, None, 0, NO_TRIALS)
    observed = agreed / trials
    expected = float(first.astype(float) @ second.astype(float)) / trials**2
    value = float(kappas(np.array(agreed), first, second))
    if np.isnan(value):
        return Kappa(None, observed, expected, trials, ONE_LABEL)
    return Kappa(value, observed, expected, trials)


def kappas(agreed: ArrayLike, first: ArrayLike, second: ArrayLike) -> Floats:
    """Return many kappas at once, not a number where undefined: (...).

    agreed: (...) trials with equal labels; first, second: (..., K) trials by label.
    """
    one, two = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    return from_shares(*_shares(np.asarray(agreed, dtype=np.float64), one, two))


def table_kappas(tables: ArrayLike) -> Floats:
    """Return the kappas of many tables (..., K, K): (...)."""
    counts = np.asarray(tables, dtype=np.float64)
    agreed = np.trace(counts, axis1=-2, axis2=-1)
    return kappas(agreed, counts.sum(axis=-1), counts.sum(axis=-2))


def from_shares(observed: Floats, expected: Floats) -> Floats:
    """Return (observed - expected) / (1 - expected), not a number where chance agrees always."""
    room = 1 - expected
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(room > 1e-12, (observed - expected) / room, np.nan)


def _shares(agreed: Floats, first: Floats, second: Floats) -> tuple[Floats, Floats]:
    trials = first.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return agreed / trials, (first * second).sum(axis=-1) / trials**2
