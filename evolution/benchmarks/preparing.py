"""What comes between drawing and the network: colours, cropping or resizing, normalisation."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from classifiers import catalogue
from evolution.benchmarks.figure import Figure, Goal
from evolution.benchmarks.interleaved import Scope, Work, medians, threads
from evolution.benchmarks.populations import networks
from evolution.genomes.direct_population import DirectPopulation
from evolution.rendering import renderer

SIZE, CLASSIFIER = 256, "squeezenet"
OF_THE_DRAWING = Goal(15, 10)


def preparing(scope: Scope) -> Iterator[Figure]:
    """Time each on one thread, against drawing the same pictures.

    A directly encoded picture is nothing but its colours, so drawing one is the conversion alone.
    Cropping, resizing and normalisation is the time of a classifier that the network itself,
    asked about pictures of its own size, does not take.
    """
    [entry] = catalogue.entry(CLASSIFIER).members
    classifier = catalogue.load(CLASSIFIER, chunk=entry.chunk)
    draw, rng = renderer("cpu").express, np.random.default_rng(0)
    population = networks(entry.chunk, rng, "hsv")
    pixels = DirectPopulation.random(entry.chunk, rng, SIZE, "hsv")
    whole = draw(population, SIZE)
    fitting = np.ascontiguousarray(whole[:, : entry.input_size, : entry.input_size])
    works: dict[str, Work] = {
        "drawing": partial(draw, population, SIZE),
        "colours": partial(draw, pixels, SIZE),
        "judging": partial(classifier.confidences, whole),
        "judging what fits": partial(classifier.confidences, fitting),
    }
    with threads(1):
        seconds = medians(works, scope)
    resizing = max(0.0, seconds["judging"] - seconds["judging what fits"])
    told = f"one thread, {SIZE} px HSV, {len(population)} genomes"
    colours = 100 * seconds["colours"] / seconds["drawing"]
    yield Figure(
        "converting colours, of the drawing",
        colours,
        "%",
        f"{told}; a directly encoded picture of that size, float32 read from memory included",
        goal=OF_THE_DRAWING,
        lower_is_better=True,
    )
    yield Figure(
        "cropping, of the drawing",
        100 * resizing / seconds["drawing"],
        "%",
        f"{told}; {SIZE} to {entry.input_size} px for {CLASSIFIER}, beyond what it takes for "
        "pictures that fit",
        lower_is_better=True,
    )
