"""A run as the product runs it, against the bare loop; and how soon a worker is at work."""

import statistics
import time
from collections.abc import Iterator

from django.conf import settings

from evolution.algorithms import presets
from evolution.benchmarks.bare_loop import fresh
from evolution.benchmarks.figure import Figure, Goal
from evolution.benchmarks.interleaved import Scope, threads
from evolution.benchmarks.product import Product, product

PRESET, CLASSIFIER = "mnist-cppn-paper", "lenet-a"
AGAINST_BARE = Goal(90, 97)
FIRST_EVALUATION = Goal(5, 2)
STARTS = 3
PAIRS = 2  # a bare loop and a stored run, one after the other


def stored(scope: Scope) -> Iterator[Figure]:
    """Start workers, then let one of them and the bare loop do the same work in turn."""
    count = settings.THREADS
    with product(count) as site:
        yield _first_evaluation(site)
        yield _against_bare_loop(site, scope, count)


def _first_evaluation(site: Product) -> Figure:
    """From the start of a worker until its first generation is in the database."""
    seconds = []
    for start in range(STARTS + 1):  # the first one may compile kernels
        run = site.order(PRESET, CLASSIFIER, generations=1)
        began = time.monotonic()
        worker = site.start_worker()
        if start:
            seconds.append(site.wait(run, generation=1) - began)
        else:
            site.wait(run, generation=1)
        site.stop(worker)
    return Figure(
        "start of a worker to its first evaluations",
        statistics.median(seconds),
        "s",
        f"{PRESET}, {CLASSIFIER}: process start to the first commit of a run that waited; "
        f"median of {STARTS}, kernels cached",
        goal=FIRST_EVALUATION,
        lower_is_better=True,
    )


def _against_bare_loop(site: Product, scope: Scope, count: int) -> Figure:
    worker = site.start_worker()
    with threads(count):
        _bare(10)
        planned = _generations_in(scope.stored)
        bare, as_product = [], []
        for _ in range(PAIRS):
            bare.append(_bare(planned))
            as_product.append(_as_the_product_runs_it(site, planned))
    site.stop(worker)
    evaluations = _evaluations(planned)
    return Figure(
        "stored run, of the bare loop's speed",
        100 * statistics.median(a / b for a, b in zip(bare, as_product, strict=True)),
        "%",
        f"{PRESET}, {CLASSIFIER}, {planned} generations, {count} threads; stored "
        f"{evaluations / statistics.median(as_product):,.0f} evaluations a second, bare loop "
        f"{evaluations / statistics.median(bare):,.0f}; median of {PAIRS} pairs, wall clock",
        goal=AGAINST_BARE,
    )


def _bare(generations: int) -> float:
    """Work off generation 0 and so many more; return the seconds."""
    with fresh(presets.get(PRESET), CLASSIFIER) as loop:
        began = time.perf_counter()
        for _ in range(generations + 1):
            loop.step()
        return time.perf_counter() - began


def _generations_in(seconds: float) -> int:
    with fresh(presets.get(PRESET), CLASSIFIER) as loop:
        began = time.perf_counter()
        while time.perf_counter() - began < seconds:
            loop.step()
        return max(1, loop.generation - 1)


def _as_the_product_runs_it(site: Product, generations: int) -> float:
    run = site.order(PRESET, CLASSIFIER, generations)
    site.wait(run, generations)
    return site.seconds_of(run)


def _evaluations(generations: int) -> int:
    algorithm = presets.get(PRESET).algorithm
    return (generations + 1) * algorithm.children
