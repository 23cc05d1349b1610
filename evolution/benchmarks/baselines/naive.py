"""The whole loop as it is usually written: objects, a picture at a time, eager torch, a dictionary."""

import time
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import torch

from classifiers.base import FloatArray
from evolution.benchmarks.baselines import neurons, objects
from evolution.benchmarks.baselines.eager import EagerNetwork
from evolution.benchmarks.baselines.objects import ObjectGenome
from evolution.genomes.rates import CppnRates


@dataclass
class NaiveLoop:
    """MAP-Elites whose archive is a dictionary. spent: seconds by part, since the beginning."""

    network: EagerNetwork
    size: int
    rates: CppnRates
    archive: dict[int, tuple[ObjectGenome, float]]
    rng: np.random.Generator
    spent: dict[str, float] = field(default_factory=dict)

    def generation(self, children: int) -> None:
        """Breed, draw and judge so many children, and let them compete."""
        moments = [time.perf_counter()]
        born = [self._child() for _ in range(children)]
        moments.append(time.perf_counter())
        pictures = torch.stack([neurons.picture(genome, self.size) for genome in born])
        moments.append(time.perf_counter())
        confidences = self.network.confidences(pictures.permute(0, 3, 1, 2).contiguous())
        moments.append(time.perf_counter())
        compete(self.archive, born, confidences)
        moments.append(time.perf_counter())
        names = ("varying", "drawing", "network", "archive")
        for name, (begin, end) in zip(names, pairwise(moments), strict=True):
            self.spent[name] = self.spent.get(name, 0.0) + end - begin

    def _child(self) -> ObjectGenome:
        parent, _ = self.archive[int(self.rng.integers(len(self.archive)))]
        return objects.child(parent, self.rng, self.rates)


def compete(
    archive: dict[int, tuple[ObjectGenome, float]],
    born: list[ObjectGenome],
    confidences: FloatArray,
) -> None:
    """Let every child challenge every cell, one after the other."""
    for genome, row in zip(born, confidences.tolist(), strict=True):
        for cell, confidence in enumerate(row):
            if confidence > archive[cell][1]:
                archive[cell] = (genome, confidence)
