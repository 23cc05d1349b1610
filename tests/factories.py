"""Plain functions that store what a test needs, with real genomes."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

import numpy as np

from classifiers import catalogue
from evolution.algorithms import presets
from evolution.genomes import codec
from evolution.genomes.base import Expression
from evolution.genomes.cppn_population import CppnPopulation
from evolution.genomes.direct_population import DirectPopulation
from evolution.models import Elite, Individual, Prediction, Run

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@cache
def cppn_bytes(seed: int = 0, base_size: int = 28) -> bytes:
    rng = np.random.default_rng(seed)
    expression = Expression("normalised", base_size)
    return codec.encode(CppnPopulation.random(1, rng, expression=expression)[0])


@cache
def direct_bytes(seed: int = 0) -> bytes:
    rng = np.random.default_rng(seed)
    return codec.encode(DirectPopulation.random(1, rng, side=28, colour="grey")[0])


def make_run(preset: str = "mnist-cppn-paper", **fields: Any) -> Run:
    found = presets.get(preset)
    entry = catalogue.entry(fields.pop("classifier", "lenet-a"))
    ended = fields.get("status") in Run.ENDED
    return Run.objects.create(
        **{
            "preset": preset,
            "parameters": presets.as_parameters(found),
            "encoding": found.encoding.name,
            "algorithm": found.algorithm.name,
            "classifier": entry.name,
            "classifier_version": entry.version,
            "seed": 0,
            "planned": found.generations,
            "finished_at": NOW if ended else None,
            **fields,
        }
    )


def make_individual(run: Run, **fields: Any) -> Individual:
    """An individual in the next free place of its generation, 0 unless told otherwise."""
    generation = fields.pop("generation", 0)
    position = fields.pop("position", run.individuals.filter(generation=generation).count())
    genome = cppn_bytes(position) if run.encoding == "cppn" else direct_bytes(position)
    return Individual.objects.create(
        **{
            "run": run,
            "generation": generation,
            "position": position,
            "encoding": run.encoding,
            "genome": genome,
            "selected_by": Individual.Selector.NETWORK,
            **fields,
        }
    )


def make_elite(run: Run, cell: int = 0, **fields: Any) -> Elite:
    """A present holder of a cell."""
    since = fields.pop("since_generation", 0)
    individual = fields.pop("individual", None) or make_individual(run, generation=since)
    return Elite.objects.create(
        **{
            "run": run,
            "cell": cell,
            "label": cell,
            "individual": individual,
            "confidence": 0.5,
            "since_generation": since,
            "taken_at": NOW,
            **fields,
        }
    )


def make_prediction(
    individual: Individual, classifier: str = "lenet-a", **fields: Any
) -> Prediction:
    entry = catalogue.entry(classifier)
    top = [[label, 0.91 if label == 0 else 0.01] for label in range(len(entry.labels))]
    return Prediction.objects.create(
        **{
            "individual": individual,
            "classifier": classifier,
            "version": entry.version,
            "top": top,
            **fields,
        }
    )


def make_archive(run: Run, cells: int = 10, **fields: Any) -> list[Elite]:
    return [make_elite(run, cell, **fields) for cell in range(cells)]
