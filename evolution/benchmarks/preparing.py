"""What comes between drawing and the network: colours, cropping or resizing, normalisation."""

from collections.abc import Iterator
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
from evolution.genomes.direct_population import DirectPopulation
from evolution.rendering import renderer

SIZE, CLASSIFIER = 256, "squeezenet"
OF_THE_DRAWING = Goal(15, 10)
PARTS = {"colours": "converting colours", "cropping": "resizing", "normalising": "normalising"}


def preparing(scope: Scope) -> Iterator[Figure]:
    """Time each on one thread, against drawing the same pictures.

    A directly encoded picture is nothing but its colours, so drawing one is the conversion alone.
    """
    [entry] = catalogue.entry(CLASSIFIER).members
    draw, rng = renderer("cpu").express, np.random.default_rng(0)
    population = networks(entry.chunk, rng, "hsv")
    pixels = DirectPopulation.random(entry.chunk, rng, SIZE, "hsv")
    pictures = torch.from_numpy(draw(population, SIZE)).permute(0, 3, 1, 2)
    view = _view(pictures, entry)
    works: dict[str, Work] = {
        "drawing": partial(draw, population, SIZE),
        "colours": partial(draw, pixels, SIZE),
        "cropping": partial(_view, pictures, entry),
        "normalising": partial(_normalised, view, entry),
    }
    with threads(1):
        seconds = medians(works, scope)
    shares = {part: 100 * seconds[part] / seconds["drawing"] for part in PARTS}
    told = ", ".join(f"{PARTS[part]} {share:.1f}%" for part, share in shares.items())
    yield Figure(
        "colours, cropping, normalising, of the drawing",
        sum(shares.values()),
        "%",
        f"one thread, {SIZE} px HSV, {len(population)} genomes, {CLASSIFIER}; {told}",
        goal=OF_THE_DRAWING,
        lower_is_better=True,
    )


def _view(pictures: Tensor, entry: Entry) -> Tensor:
    with torch.inference_mode():
        [view] = views(pictures, "whole", size=entry.input_size, canvas=entry.canvas)
        return view.contiguous(memory_format=torch.channels_last)


def _normalised(view: Tensor, entry: Entry) -> Tensor:
    """What a network's preprocessing does; an engine that runs it with the network is faster."""
    how = entry.preprocessing
    with torch.inference_mode():
        white = torch.empty(view.shape).to(memory_format=torch.channels_last)
        shares(view, out=white)
        shown = white.flip(1) if how.colours == "bgr" else white
        batch = shown * how.scale
        batch -= torch.tensor(how.mean).view(1, -1, 1, 1)
        if set(how.std) != {1.0}:
            batch /= torch.tensor(how.std).view(1, -1, 1, 1)
        return batch
