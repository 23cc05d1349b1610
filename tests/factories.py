"""Plain functions that store what a test needs, with real genomes."""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from typing import Any

import numpy as np
from django.utils import timezone
from PIL import Image

from classifiers import catalogue
from evolution.algorithms import presets
from evolution.algorithms.breeding import BreedingSettings, first_brood, pack
from evolution.genomes import codec
from evolution.genomes.base import Expression
from evolution.genomes.cppn_population import CppnPopulation
from evolution.genomes.direct_population import DirectPopulation
from evolution.models import (
    BreedingSession,
    Brood,
    Elite,
    Individual,
    Prediction,
    Publication,
    Run,
)

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


@cache
def plain_webp(cell: int, side: int = 64) -> bytes:
    """A picture in a colour of the cell's own."""
    file = BytesIO()
    Image.new("RGB", (side, side), colour_of(cell)).save(file, "WEBP", lossless=True, method=0)
    return file.getvalue()


def colour_of(cell: int) -> tuple[int, int, int]:
    return cell * 37 % 256, cell * 91 % 256, cell * 151 % 256


def make_large_run(cells: int = 1000, **fields: Any) -> Run:
    """A run with a cell for each label of ImageNet, held since generation 0 by plain pictures."""
    defaults = {"classifier": "squeezenet", "status": "running", "generation": 1}
    run = make_run("imagenet-cppn-fast", **{**defaults, **fields})
    individuals = Individual.objects.bulk_create(
        Individual(
            run=run,
            generation=0,
            position=cell,
            encoding=run.encoding,
            genome=cppn_bytes(cell % 7, 227),
            thumbnail=plain_webp(cell),
            selected_by=Individual.Selector.NETWORK,
        )
        for cell in range(cells)
    )
    Elite.objects.bulk_create(
        Elite(
            run=run,
            cell=cell,
            label=cell,
            individual=individual,
            confidence=(cell * 7919 % 1000 + 0.5) / 1001,
            since_generation=0,
            taken_at=NOW,
        )
        for cell, individual in enumerate(individuals)
    )
    return run


def take_cells(run: Run, cells: Iterable[int], generation: int, confidence: float = 0.9) -> None:
    """Takeovers of one generation, the picture of each cell in the colour of its double."""
    cells = list(cells)
    individuals = Individual.objects.bulk_create(
        Individual(
            run=run,
            generation=generation,
            position=position,
            encoding=run.encoding,
            genome=cppn_bytes(cell % 7, 227),
            thumbnail=plain_webp(2 * cell + 1),
            selected_by=Individual.Selector.NETWORK,
        )
        for position, cell in enumerate(cells)
    )
    run.elites.holders().filter(cell__in=cells).update(until_generation=generation)
    Elite.objects.bulk_create(
        Elite(
            run=run,
            cell=cell,
            label=cell,
            individual=individual,
            confidence=confidence,
            since_generation=generation,
            taken_at=timezone.now(),
        )
        for cell, individual in zip(cells, individuals, strict=True)
    )
    Run.objects.filter(pk=run.pk).update(generation=generation + 1)


COLOUR, SIDE = "ink", 256  # of pictures bred by hand; see `hand_genome`


def hand_genome(seed: int = 0) -> bytes:
    """A genome as a person breeds them."""
    brood = _hand_brood(seed // 100)
    return brood[seed % len(brood)]


@cache
def _hand_brood(seed: int) -> list[bytes]:
    children = first_brood(np.random.default_rng(seed), BreedingSettings(), "grey", seed, SIDE)
    return [codec.encode(child.genome) for child in children]


def make_session(**fields: Any) -> BreedingSession:
    """A session without a brood; visitor: a new one unless told otherwise."""
    return BreedingSession.objects.create(
        **{
            "code": uuid.uuid4().hex,
            "visitor": uuid.uuid4(),
            "seed": 0,
            "encoding": "neat",
            "colour": COLOUR,
            "image_size": SIDE,
            "settings": {},
            "submission": uuid.uuid4(),
            **fields,
        }
    )


def make_brood(
    session: BreedingSession, parent: Brood | None = None, n: int = 3, **fields: Any
) -> Brood:
    """The next brood, and the current one from now on.

    origins: unless told otherwise all are children of slot 0 of the parent brood. Its length is
    that of the brood.
    """
    number = session.broods.count()
    first = 0 if parent or session.branched_from_id else None
    origins = fields.pop("origins", None) or [[first, None, False]] * n
    places = range(100 * number, 100 * number + len(origins))
    genomes = [codec.decode(hand_genome(place)) for place in places]
    brood = Brood.objects.create(
        **{
            "session": session,
            "parent": parent,
            "number": number,
            "generation": parent.generation + 1 if parent else 0,
            "genomes": pack(genomes),
            "origins": origins,
            "chosen": [] if first is None else [first],
            "settings": {},
            "thumbnail": plain_webp(number, 44),
            "selected_by": Individual.Selector.PERSON if parent else Individual.Selector.RANDOM,
            **fields,
        }
    )
    session.current = brood
    session.save(update_fields=["current"])
    return brood


def make_hand_bred(
    brood: Brood, position: int = 0, parent: Individual | None = None, **fields: Any
) -> Individual:
    """The stored individual of a slot."""
    genome = hand_genome(100 * brood.number + position)
    return Individual.objects.create(
        **{
            "brood": brood,
            "generation": brood.generation,
            "position": position,
            "parent": parent,
            "encoding": codec.decode(genome).encoding,
            "genome": genome,
            "selected_by": Individual.Selector.PERSON,
            **fields,
        }
    )


def make_publication(individual: Individual | None = None, **fields: Any) -> Publication:
    """A published picture; of a session of its own unless told otherwise, and without a name."""
    individual = individual or make_hand_bred(make_brood(make_session()))
    assert individual.brood is not None
    return Publication.objects.create(
        **{
            "individual": individual,
            "title": "Two rings",
            "visitor": individual.brood.session.visitor,
            "is_anonymous": fields.get("author") is None,
            "licence": Publication.Licence.CC_BY,
            "submission": uuid.uuid4(),
            "published_at": NOW,
            **fields,
        }
    )
