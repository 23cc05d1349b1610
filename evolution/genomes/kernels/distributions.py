"""`variation.Distributions`, compiled."""

from typing import Any

from numba import njit

from evolution.genomes import variation
from evolution.genomes.kernels.primitives import exponential, inlined, logarithm


@inlined
def _where(condition: bool, a: Any, b: Any) -> Any:  # noqa: FBT001
    return a if condition else b


gap, delta, spread = variation.build(variation.Library(_where, logarithm, exponential, inlined))
clipped = njit(variation.clipped)
