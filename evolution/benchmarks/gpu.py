"""Drawing and judging on a GPU, where torch sees one."""

import time
from collections.abc import Iterator
from functools import partial

import numpy as np
import torch

from classifiers import catalogue
from classifiers.places import Place
from evolution.algorithms import presets
from evolution.benchmarks.figure import Figure
from evolution.benchmarks.interleaved import Scope, Work, medians
from evolution.benchmarks.loops import COLOUR, DIGITS
from evolution.benchmarks.populations import networks
from evolution.evaluation import Evaluator
from evolution.genomes.base import Population
from evolution.rendering import renderer


def gpu(scope: Scope) -> Iterator[Figure]:
    """Measure nothing without a GPU."""
    if not torch.cuda.is_available():
        return
    device = torch.cuda.get_device_name()
    for experiment in (DIGITS, COLOUR):
        encoding = presets.get(experiment.preset).encoding
        population = networks(scope.genomes, np.random.default_rng(0), encoding.colour)
        network = catalogue.load(experiment.classifier, Place("cuda"))
        with Evaluator(network, renderer("cuda"), encoding.image_size) as judge:
            seconds = _seconds(judge, population, scope)
        for what, each in seconds.items():
            told = f"{device}, {encoding.image_size} px {encoding.colour}, {experiment.classifier}"
            yield Figure(f"{what}, {experiment.title}", len(population) / each, "1/s", told)


def _seconds(judge: Evaluator, population: Population, scope: Scope) -> dict[str, float]:
    works: dict[str, Work] = {
        "drawn": partial(_draw, judge, population),
        "drawn and judged": partial(judge.confidences, population),
    }
    return medians(works, scope, time.perf_counter)


def _draw(judge: Evaluator, population: Population) -> None:
    judge.draw(population)
    torch.cuda.synchronize()
