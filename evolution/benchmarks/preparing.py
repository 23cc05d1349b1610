"""What comes between drawing and the network: colours, cropping or resizing, normalisation."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
import torch
from torch import Tensor

from classifiers import catalogue
from classifiers.entries import Entry
from classifiers.views import shares, views
from evolution.benchmarks.figure import Figure, Goal
from evolution.benchmarks.interleaved import Scope, Work, medians, threads
from evolution.benchmarks.populations import networks
from evolution.genomes.cppn import CppnGenome
from evolution.genomes.cppn_population import CppnPopulation
from evolution.rendering import renderer

SIZE, CLASSIFIER = 256, "squeezenet"
OF_THE_DRAWING = Goal(15, 10)
PARTS = {"colours": "converting colours", "cropping": "resizing", "normalising": "normalising"}


def preparing(scope: Scope) -> Iterator[Figure]:
    """Time each on one thread, against drawing the same pictures.

    A network without edges has constant outputs, so drawing it is converting and writing alone.
    Scale and means belong to the network, since its engine computes them with the first layer.
    """
    [entry] = catalogue.entry(CLASSIFIER).members
    draw, rng = renderer("cpu").express, np.random.default_rng(0)
    population = networks(entry.chunk, rng, "hsv")
    unconnected = CppnPopulation.of(_unconnected(population[i]) for i in range(len(population)))
    pictures = torch.from_numpy(draw(population, SIZE)).permute(0, 3, 1, 2)
    view = _view(pictures, entry)
    works: dict[str, Work] = {
        "drawing": partial(draw, population, SIZE),
        "colours": partial(draw, unconnected, SIZE),
        "cropping": partial(_view, pictures, entry),
        "normalising": partial(_normalised, view),
    }
    with threads(1):
        seconds = medians(works, scope)
    spent = {part: 100 * seconds[part] / seconds["drawing"] for part in PARTS}
    told = ", ".join(f"{PARTS[part]} {share:.1f}%" for part, share in spent.items())
    yield Figure(
        "colours, cropping, normalising, of the drawing",
        sum(spent.values()),
        "%",
        f"one thread, {SIZE} px HSV, {len(population)} genomes, {CLASSIFIER}; {told}",
        goal=OF_THE_DRAWING,
        lower_is_better=True,
    )


def _unconnected(genome: CppnGenome) -> CppnGenome:
    none = np.zeros(0, np.uint16)
    return replace(genome, sources=none, targets=none, genes=np.zeros(0, np.float32))


def _view(pictures: Tensor, entry: Entry) -> Tensor:
    with torch.inference_mode():
        [view] = views(pictures, "whole", size=entry.input_size, canvas=entry.canvas)
        return view


def _normalised(view: Tensor) -> None:
    """Write what the network's engine is handed, as `classifiers.wrapped` does."""
    with torch.inference_mode():
        shares(view, torch.empty(view.shape, memory_format=torch.channels_last))
