"""Competitors that take turns in one process, so that a busy moment of the machine meets them all."""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import torch

Work = Callable[[], object]
Clock = Callable[[], float]

SHORTEST = 0.02  # seconds of one turn: shorter work is repeated within it
STEADY = 0.5  # the same for work of several threads, which have to wake up
FEWEST = 3  # rounds, however long they take


@dataclass(frozen=True)
class Scope:
    """How much is measured.

    rounds: turns of every competitor; seconds: after which a comparison ends with fewer rounds,
    but three at least; genomes: of a population; stored: seconds of a stored run.
    """

    rounds: int = 9
    seconds: float = 6.0
    genomes: int = 400
    stored: float = 20.0


FULL = Scope()
QUICK = Scope(rounds=3, seconds=1.0, stored=4.0)


def medians(
    works: Mapping[str, Work],
    scope: Scope,
    clock: Clock = time.process_time,
    shortest: float | None = None,
) -> dict[str, float]:
    """Return the median seconds of each work, after one turn each to warm up.

    clock: processor time for work on one thread, which other programs do not lengthen; wall clock
        for work on several.
    shortest: seconds of a turn at least; SHORTEST unless said otherwise.
    """
    at_least = SHORTEST if shortest is None else shortest
    calls = {name: _calls_in_a_turn(work, clock, at_least) for name, work in works.items()}
    times: dict[str, list[float]] = {name: [] for name in works}
    began = time.monotonic()
    for turn in range(scope.rounds):
        if turn >= FEWEST and time.monotonic() - began > scope.seconds:
            break
        for name, work in works.items():
            times[name].append(_turn(work, calls[name], clock))
    return {name: statistics.median(found) for name, found in times.items()}


def _calls_in_a_turn(work: Work, clock: Clock, shortest: float) -> int:
    once = _turn(work, 1, clock)
    if once < shortest:  # the first call may have compiled something
        once = _turn(work, 1, clock)
    return max(1, round(shortest / max(once, 1e-7)))


def _turn(work: Work, calls: int, clock: Clock) -> float:
    began = clock()
    for _ in range(calls):
        work()
    return (clock() - began) / calls


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Let torch, and with it everything that asks torch, work on so many threads; then as before."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
