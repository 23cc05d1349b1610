"""What this core can do, as figures: the bounds that the others are held against."""

from collections.abc import Iterator

from evolution.benchmarks import primitives
from evolution.benchmarks.figure import Figure
from evolution.benchmarks.interleaved import Scope


def limits(scope: Scope) -> Iterator[Figure]:  # noqa: ARG001
    """Measure the rate of each operation of a CPPN, of multiply-adds and of reading memory."""
    rates = primitives.rates()
    for name, nanoseconds in rates.items():
        if name != "multiply-add":
            told = "one core, best compiled loop on data in the first cache"
            yield Figure(f"{name}, each float32", nanoseconds, "ns", told, lower_is_better=True)
    peak = 2 * primitives.multiply_adds_a_second(rates) / 1e9
    yield Figure("multiply-adds, two operations each", peak, "GFLOP/s", "one core, float32")
    bandwidth = primitives.memory_bandwidth() / 1e9
    yield Figure("reading main memory", bandwidth, "GB/s", "one core, 128 MB")
