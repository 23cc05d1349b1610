"""How far pictures are from each other, as a network sees them, and what that is over groups."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evolution.errors import InvalidInput

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Band:
    """Pairs that are equally far apart in one way: so many, and the mean of another measure."""

    at: float
    pairs: int
    mean: float


def cosine_distances(features: ArrayLike) -> Matrix:
    """Return 1 - cosine of each row to each: (N, N), 0 to 1 where no feature is negative, else to 2.

    features: (N, D). A row of zeros has no direction: it is 1 from all but its like. Raises
    InvalidInput.
    """
    rows = np.asarray(features, dtype=np.float64)
    if rows.ndim != 2 or not rows.size or not np.isfinite(rows).all():
        raise InvalidInput("features", f"expected finite rows (N, D), got shape {rows.shape}")
    lengths = np.linalg.norm(rows, axis=1)
    directed = lengths > 0
    units = np.divide(rows, lengths[:, None], out=np.zeros_like(rows), where=directed[:, None])
    distances = np.clip(1 - units @ units.T, 0, 2)
    distances[np.ix_(~directed, ~directed)] = 0
    np.fill_diagonal(distances, 0)
    return np.asarray((distances + distances.T) / 2)


def bands(values: Matrix, by: Matrix) -> list[Band]:
    """Return the mean of the values over all pairs of the same `by`, the nearest first.

    Both (N, N), symmetric. Pairs that are infinitely far by `by` are left out.
    """
    upper = np.triu_indices(len(by), 1)
    at, value = by[upper], values[upper]
    finite = np.isfinite(at)
    steps, place = np.unique(at[finite], return_inverse=True)
    pairs = np.bincount(place, minlength=len(steps))
    sums = np.bincount(place, weights=value[finite], minlength=len(steps))
    return [
        Band(float(step), int(count), float(total / count))
        for step, count, total in zip(steps, pairs, sums, strict=True)
    ]


def between_groups(values: Matrix, groups: Sequence[int], count: int) -> Matrix:
    """Return the mean over pairs of two different things, for each group with each: (count, count).

    values: (N, N). groups: (N,), 0 to count - 1. NaN where there is no such pair.
    """
    member = np.zeros((count, len(groups)))
    member[np.asarray(groups, dtype=np.int64), np.arange(len(groups))] = 1
    others = values - np.diag(np.diag(values))
    sums = member @ others @ member.T
    sizes = member.sum(axis=1)
    pairs = np.outer(sizes, sizes) - np.diag(sizes)
    empty = np.full_like(sums, np.nan)
    return np.asarray(np.divide(sums, pairs, out=empty, where=pairs > 0))


@dataclass(frozen=True)
class Kin:
    """How near some things are to each other, beside how near they are to all others.

    p: how often so many things drawn by lot are as near to each other or nearer, one-sided.
    """

    within: float
    outside: float
    p: float
    things: int


def kin(distances: Matrix, chosen: Sequence[int], *, seed: int, draws: int = 999) -> Kin:
    """Compare mean distances of the chosen. distances: (N, N). Raises InvalidInput.

    p is (1 + as near) / (1 + draws).
    """
    size = len(distances)
    if not 2 <= len(set(chosen)) == len(chosen) < size:
        raise InvalidInput("chosen", f"expected 2 or more of {size}, and not all, got {chosen}")
    among = np.asarray(chosen)
    within = _mean_within(distances, among)
    rest = np.setdiff1d(np.arange(size), among)
    rng = np.random.default_rng(seed)
    drawn = (rng.choice(size, len(chosen), replace=False) for _ in range(draws))
    as_near = sum(_mean_within(distances, one) <= within + 1e-12 for one in drawn)
    outside = float(distances[np.ix_(among, rest)].mean())
    return Kin(within, outside, (1 + as_near) / (1 + draws), len(chosen))


def _mean_within(distances: Matrix, chosen: NDArray[np.int64]) -> float:
    count = len(chosen)
    return float(distances[np.ix_(chosen, chosen)].sum() / (count * (count - 1)))
