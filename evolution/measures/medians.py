"""Medians of confidences, with holes where a cell was empty."""

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float64]


def over_runs(confidences: Field) -> Field:
    """Median over the runs that have a value. confidences: (n_runs, ...), holes are NaN.

    Returns (...), NaN where no run has a value. Raises ValueError without a run.
    """
    if confidences.ndim < 1 or not len(confidences):
        raise ValueError(f"confidences must hold at least one run, not {confidences.shape}")
    ordered = np.sort(confidences, axis=0)  # NaN comes last
    known = np.sum(~np.isnan(ordered), axis=0, keepdims=True)
    low = np.take_along_axis(ordered, np.maximum(known - 1, 0) // 2, axis=0)[0]
    high = np.take_along_axis(ordered, known // 2 * (known > 0), axis=0)[0]
    middle: Field = (low + high) / 2
    return middle


def without_holes(confidences: Field) -> Field:
    """What is known, as one row."""
    known: Field = confidences[~np.isnan(confidences)]
    return known
