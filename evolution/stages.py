"""Where a run's time goes: seconds by what the loop was doing."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

STAGES = ("forward", "render", "vary", "archive", "commit", "announce")
"""Parts of the loop in the order in which they are told. With `other` they add up to all of it.

forward, render: inside the network, and drawing; of chunks worked on side by side, each its share.
vary, archive: breeding children, and letting them challenge the cells.
commit, announce: writing down and storing, and telling viewers, while no picture was being judged.
"""
BESIDE = "beside"
"""Writing and telling while pictures were being judged: it held nothing up, and adds to no sum."""


class Stages:
    """Adds up seconds by stage. One thread writes: the one that works through the loop."""

    def __init__(self, before: Mapping[str, float] | None = None) -> None:
        self.seconds = {name: float((before or {}).get(name, 0.0)) for name in (*STAGES, BESIDE)}

    def add(self, stage: str, seconds: float) -> None:
        self.seconds[stage] += seconds

    @contextmanager
    def of(
        self, stage: str, idle_since: Callable[[], float | None] = lambda: None
    ) -> Iterator[None]:
        """Count the length of a block.

        idle_since: when the judging that goes on beside ended, on `time.perf_counter`; `math.inf`
            while it has not; None: nothing goes on beside.
        """
        began = time.perf_counter()
        try:
            yield
        finally:
            ended, idle = time.perf_counter(), idle_since()
            alone = ended - began if idle is None else max(0.0, ended - max(began, idle))
            self.add(stage, alone)
            self.add(BESIDE, ended - began - alone)


def shares(seconds: Mapping[str, float], elapsed: float) -> dict[str, float]:
    """What part of `elapsed` each stage took; `other` is the rest. They sum to 1."""
    known = {name: seconds.get(name, 0.0) for name in STAGES}
    whole = max(elapsed, sum(known.values()))  # seconds of several threads may overlap by a hair
    if not whole:
        return {}
    known["other"] = whole - sum(known.values())
    return {name: value / whole for name, value in known.items()}
