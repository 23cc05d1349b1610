"""Many viewers of a run that a worker of the site goes on with: from commit to each viewer's frame."""

import threading
import time
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.db import connection

from evolution import tasks
from evolution.exhibits import changes
from evolution.models import Run
from evolution.services import runs
from tests.load.product import Product, ask, cpu_seconds, resident_megabytes
from tests.load.visitors import share
from tests.processes import wait_for

PACE = 5.0  # generations a second, each committed by itself
LOOK = 0.004  # seconds between two looks for a commit
LAST = (
    3000  # milliseconds before the end whose commits are not counted: their frames may be under way
)


def measure(product: Product, viewers: int, seconds: float) -> dict[str, Any]:
    order = runs.Order("mnist-direct-paper", "lenet-a", seed=7, generations=20_000, pace=PACE)
    (run,) = runs.start(order)
    tasks.evolve_slice.delay(run.pk, run.generation)
    try:
        wait_for(lambda: Run.objects.filter(pk=run.pk, generation__gt=5).exists(), 120, "the run")
        return _watched(product, run, viewers, seconds)
    finally:
        runs.cancel(run.pk)
        runs.delete([run.pk])  # the next measurement finds the site as this one did


def _watched(product: Product, run: Run, viewers: int, seconds: float) -> dict[str, Any]:
    path = f"/live/runs/{run.pk}?since={changes.run_version(Run.objects.get(pk=run.pk))}"
    order = {"port": product.port, "path": path, "viewers": viewers, "seconds": seconds}
    stop = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        committed = pool.submit(commits, run.pk, stop)
        usage = (time.monotonic(), cpu_seconds(product.web), *busy())
        try:
            seen = ask("viewers", order, seconds + 240)
        finally:
            stop.set()
        wall, web, worked, idle = (
            now - then
            for now, then in zip(
                (time.monotonic(), cpu_seconds(product.web), *busy()), usage, strict=True
            )
        )
    return summary(seen, committed.result()) | {
        "viewers": viewers,
        "web_share": web / wall,
        "machine_share": worked / (worked + idle),
        "web_megabytes": resident_megabytes(product.web),
    }


def commits(run_id: int, stop: threading.Event) -> dict[int, float]:
    """When each generation was first seen in the database, in milliseconds since 1970."""
    found: dict[int, float] = {}
    try:
        while not stop.is_set():
            generation = Run.objects.values_list("generation", flat=True).get(pk=run_id)
            found.setdefault(generation, 1000 * time.time())
            time.sleep(LOOK)
    finally:
        connection.close()
    return found


def summary(seen: Mapping[str, Any], committed: Mapping[int, float]) -> dict[str, Any]:
    """How long every commit took to every viewer; `missed` are those that came to none in time."""
    counted = {
        generation: at
        for generation, at in committed.items()
        if seen["began_ms"] <= at <= seen["ended_ms"] - LAST
    }
    late = [wait for frames in seen["frames"] for wait in _waits(frames, counted)]
    told = [wait for wait in late if wait is not None]
    return {
        "commits": len(counted),
        "p50_ms": share(told, 0.5),
        "p95_ms": share(told, 0.95),
        "max_ms": max(told, default=-1.0),
        "missed": len(late) - len(told),
        "lost": seen["lost"],
        "joined_s": seen["joined_s"],
        "frames_a_viewer": share([len(frames) for frames in seen["frames"]], 0.5),
        "frame_bytes": seen["bytes"],
        "client_share": seen["client_share"],
    }


def _waits(frames: Sequence[Sequence[float]], counted: Mapping[int, float]) -> list[float | None]:
    """From each commit to the first frame that tells of it or of a later one."""
    generations = [generation for generation, _ in frames]
    places = ((bisect_left(generations, generation), at) for generation, at in counted.items())
    return [frames[place][1] - at if place < len(frames) else None for place, at in places]


def busy() -> tuple[float, float]:
    """Ticks that all cores worked and idled until now."""
    fields = [int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    idle = fields[3] + fields[4]
    return sum(fields) - idle, idle
