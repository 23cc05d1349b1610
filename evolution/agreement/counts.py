"""Counts and shares as they arrive: checked before anything is computed from them."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

SMALLEST_SAMPLE = 20  # answers below which a picture or a person is not judged at all


def counted(name: str, values: ArrayLike) -> Counts:
    """Return whole numbers, 0 or more; floats that are whole count as such."""
    array: NDArray[Any] = np.asarray(values)
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{name} must be counts, not {array.dtype}")
    whole = array.astype(np.int64) if np.isfinite(array).all() else None
    if whole is None or (whole != array).any() or (whole < 0).any():
        raise ValueError(f"{name} must be whole numbers from 0 on, not {values!r}")
    return whole


def hits_of_trials(hits: ArrayLike, trials: ArrayLike) -> tuple[Counts, Counts]:
    """Return both as whole numbers of one shape, none with more hits than trials."""
    k, n = np.broadcast_arrays(counted("hits", hits), counted("trials", trials))
    if (k > n).any():
        raise ValueError(f"there cannot be more hits than trials: {k[k > n][0]} of {n[k > n][0]}")
    return k, n


def check_share(name: str, values: ArrayLike) -> Floats:
    """Return shares, each 0 to 1."""
    shares = np.asarray(values, dtype=np.float64)
    if not ((shares >= 0) & (shares <= 1)).all():
        raise ValueError(f"{name} must be between 0 and 1, not {values!r}")
    return shares


def check_inner(name: str, value: float) -> None:
    """Refuse a level, a rate or the like that is not strictly between 0 and 1."""
    if not 0 < value < 1:
        raise ValueError(f"{name} must be above 0 and below 1, not {value}")
