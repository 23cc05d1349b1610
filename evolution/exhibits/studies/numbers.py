"""How values of studies are written, and the round numbers of an axis."""

import math
from collections.abc import Sequence

from evolution.templatetags.readings import percent

LARGEST_EXACT = 1e15
MANY_TICKS = 6
LEAST_EXTENT = 1e-280  # below it, steps are no numbers of their own any more


def written(value: float) -> str:
    """12,000 or 0.0314: four digits that count of what is no whole number."""
    if abs(value) < LARGEST_EXACT and float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:,.0f}" if 10_000 <= abs(value) < LARGEST_EXACT else f"{value:.4g}"


def share(value: float, *, counted: bool) -> str:
    """A share in per cent. counted: of things, whose whole is 100%; of confidence it never is."""
    return "100%" if counted and value >= 1 else percent(value)


def ticks(low: float, high: float) -> list[float]:
    """Round numbers from low to high, at most MANY_TICKS, a step of 1, 2 or 5 apart."""
    step = step_of(high - low)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def step_of(extent: float) -> float:
    """1, 2 or 5 times a power of ten, so that an axis has few round numbers."""
    extent = max(extent, LEAST_EXTENT)
    power = 10.0 ** math.floor(math.log10(extent / (MANY_TICKS - 1)))
    return next(power * times for times in (1, 2, 5, 10) if extent / (power * times) < MANY_TICKS)


def above(high: float, low: float = 0.0) -> float:
    """The first round number at or above the highest value: where an axis ends."""
    step = step_of((high - low) or 1.0)
    return max(math.ceil(high / step - 1e-9) * step, low + step)


def log_ticks(low: float, high: float) -> list[float]:
    """Powers of ten between two positive numbers; where there is one at most, 2 and 5 times too."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for times in ((1,), (1, 2, 5)):
        found = [
            10.0**power * one
            for power in powers
            for one in times
            if low * 0.999 <= 10.0**power * one <= high * 1.001
        ]
        if len(found) > 1:
            return thinned(found)
    return [low, high] if high > low else [low]


def thinned(values: Sequence[float]) -> list[float]:
    """Every so many-eth, so that at most MANY_TICKS are left."""
    return list(values[:: -(-len(values) // MANY_TICKS)])
