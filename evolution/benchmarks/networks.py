"""Networks asked about pictures, on one thread: against eager torch and the peak of the core."""

from collections.abc import Iterator, Mapping
from functools import partial

import numpy as np
import torch

from classifiers import catalogue
from classifiers.places import Place
from evolution.benchmarks import primitives
from evolution.benchmarks.baselines.eager import EagerNetwork
from evolution.benchmarks.figure import Baseline, Figure, Goal
from evolution.benchmarks.interleaved import Scope, Work, medians, threads
from evolution.benchmarks.loops import SCREENING, can_screen

ASKED = {
    "lenet-a": Goal(3, 3.5, "ratio"),
    "squeezenet": Goal(4, 4.3, "ratio"),
    "efficientnet-lite0": Goal(3, 3.5, "ratio"),
}
IN_BFLOAT16 = Goal(6, 7, "ratio")
EAGER = "eager torch"


def forwards(scope: Scope) -> Iterator[Figure]:
    """Ask each network about a batch: LeNet about 200 pictures, the others about 16."""
    rates = primitives.rates()
    with threads(1):
        for name, goal in ASKED.items():
            yield from _forward(name, goal, scope, rates)


def _forward(name: str, goal: Goal, scope: Scope, rates: Mapping[str, float]) -> Iterator[Figure]:
    [entry] = catalogue.entry(name).members
    shape = (entry.chunk, entry.input_size, entry.input_size, entry.channels)
    images = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    pictures = torch.from_numpy(images / np.float32(255)).permute(0, 3, 1, 2).contiguous()
    places = (Place(), SCREENING) if can_screen() else (Place(),)
    ours = {place: catalogue.load(name, place, chunk=entry.chunk) for place in places}
    works: dict[str, Work] = {EAGER: partial(EagerNetwork(entry).confidences, pictures)}
    works |= {
        place.precision: partial(network.confidences, images) for place, network in ours.items()
    }
    seconds = medians(works, scope)
    for place, network in ours.items():
        exact = place.precision == "float32"
        judged = entry.chunk / seconds[place.precision]
        peak = primitives.multiply_adds_a_second(rates)
        yield Figure(
            f"pictures judged, {name}, {place.precision}",
            judged,
            "1/s",
            f"one thread, batch {entry.chunk}, {network.engine}"
            + ("; the bound: multiply-adds at their peak" if exact else ""),
            baseline=Baseline(EAGER, entry.chunk / seconds[EAGER]),
            bound_share=judged * entry.multiply_adds / peak if exact else None,
            goal=goal if exact else IN_BFLOAT16,
        )
