"""Do two matrices of distances between the same things go together? Mantel (1967)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from evolution.errors import InvalidInput

Method = Literal["pearson", "spearman"]
FEWEST = 4  # of three things there are no more than six orders


@dataclass(frozen=True)
class Mantel:
    """How two matrices go together."""

    r: float | None  # None where one of them is the same everywhere
    p: float | None  # one-sided: that chance alone gives this r or a higher one
    things: int
    permutations: int
    method: Method


def mantel(
    first: ArrayLike,
    second: ArrayLike,
    *,
    seed: int,
    permutations: int = 999,
    method: Method = "spearman",
    beat: Callable[[], object] = lambda: None,
) -> Mantel:
    """Correlate two matrices of distances, and see how often a shuffled one does as well.

    p is (1 + as good) / (1 + permutations), so it is never 0: things, not pairs, are shuffled,
    since pairs that share a thing depend on each other. beat: called before every shuffle; what it
    raises ends the work. Raises InvalidInput.
    """
    one, other = _checked(first, "first"), _checked(second, "second")
    if one.shape != other.shape:
        raise InvalidInput("second", f"expected {one.shape} like the first, got {other.shape}")
    if permutations < 1:
        raise InvalidInput("permutations", f"expected 1 or more, got {permutations}")
    upper = np.triu_indices(len(one), 1)
    one, other = _standard(one, upper, method), _standard(other, upper, method)
    if not one.any() or not other.any():
        return Mantel(None, None, len(one), permutations, method)
    r = float(np.vdot(one, other)) / 2  # every pair is in both halves
    rng = np.random.default_rng(seed)
    as_good = 0
    for _ in range(permutations):
        beat()
        order = rng.permutation(len(one))
        shuffled = one.take(order, 0).take(order, 1)
        # Rounding must not make a shuffle that changes nothing look worse.
        as_good += float(np.vdot(shuffled, other)) / 2 >= r - 1e-12
    return Mantel(r, (1 + as_good) / (1 + permutations), len(one), permutations, method)


def _checked(matrix: ArrayLike, argument: str) -> NDArray[np.float64]:
    found = np.asarray(matrix, dtype=np.float64)
    if found.ndim != 2 or found.shape[0] != found.shape[1] or len(found) < FEWEST:
        raise InvalidInput(
            argument, f"expected {FEWEST} or more rows and as many columns, got {found.shape}"
        )
    if not np.isfinite(found).all():
        raise InvalidInput(argument, "expected finite distances only")
    if not np.allclose(found, found.T):
        raise InvalidInput(argument, "expected the same distance both ways")
    return found


def _standard(
    matrix: NDArray[np.float64], upper: tuple[NDArray[np.intp], ...], method: Method
) -> NDArray[np.float64]:
    """A symmetric matrix whose pairs have mean 0 and length 1, so that products are correlations."""
    values = matrix[upper]
    values = rankdata(values) if method == "spearman" else values
    spread = values - values.mean()
    length = np.linalg.norm(spread)
    result = np.zeros_like(matrix)
    if length > 1e-12 * max(1.0, float(np.abs(values).max())):
        result[upper] = spread / length
    return result + result.T
