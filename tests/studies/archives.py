"""Stored archives of ImageNet's classes in which it is known which pictures are related."""

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from classifiers.labels import imagenet
from evolution.genomes import codec
from evolution.genomes.base import Expression
from evolution.genomes.cppn_population import CppnPopulation
from evolution.models import Individual, Run
from evolution.studies.base import Outcome
from evolution.studies.champions import summary
from tests.factories import make_elite, make_individual, make_run

GROUPS = ("dogs", "birds", "vehicles", "food and drink")
EACH = 8  # classes of a group


def classes() -> dict[int, int]:
    """Labels, and the number of the group of each: kinds that WordNet files far apart."""
    known = imagenet().groups or ()
    found = [
        (label, number)
        for number, group in enumerate(GROUPS)
        for label in [at for at, name in enumerate(known) if name == group][:EACH]
    ]
    return dict(found)


def shuffled(families: Mapping[int, int], seed: int) -> dict[int, int]:
    """The same families, dealt out to the classes by lot."""
    order = np.random.default_rng(seed).permutation(list(families.values()))
    return dict(zip(families, order.tolist(), strict=True))


def archive(families: Mapping[int, int], *, seed: int = 0, pictures_apart: bool = True) -> Run:
    """A finished run in which each class is held by a picture of its family.

    families: by label. A family has one picture, which all its members look like, and one founder,
    whose children they are. pictures_apart: whether the members are different individuals.
    """
    run = make_run(
        "imagenet-cppn-fast", classifier="squeezenet", seed=seed, status="finished", generation=3
    )
    founders = {family: _founder(run, family) for family in sorted(set(families.values()))}
    for position, (label, family) in enumerate(families.items()):
        holder = founders[family]
        if pictures_apart:
            holder = _child(run, founders[family], family, position)
        make_elite(run, label, individual=holder, since_generation=2, confidence=0.5)
    return run


@cache
def picture_of(family: int) -> bytes:
    """A genome in colour."""
    expression = Expression("normalised", 64, "hsv")
    rng = np.random.default_rng(family)
    return codec.encode(CppnPopulation.random(1, rng, expression)[0])


def _founder(run: Run, family: int) -> Individual:
    return make_individual(run, position=family, genome=picture_of(family))


def _child(run: Run, founder: Individual, family: int, position: int) -> Individual:
    genome = picture_of(family)
    return make_individual(run, generation=2, position=position, parent=founder, genome=genome)


def outcomes(runs: Sequence[Run]) -> list[Outcome]:
    """Finished parts as the driver would store them."""
    return [
        Outcome(f"run with seed {run.seed}", 0, {}, summary(run), run.pk, run.elapsed)
        for run in runs
    ]
