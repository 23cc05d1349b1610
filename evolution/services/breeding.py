"""How breeding by hand begins: with random pictures, with a stored individual, with a file."""

import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction

from evolution.algorithms import breeding
from evolution.algorithms.breeding import BreedingSettings, Child
from evolution.errors import InvalidInput
from evolution.genomes import codec
from evolution.genomes.codec import AnyGenome
from evolution.genomes.direct import DirectGenome
from evolution.genomes.files import Found
from evolution.genomes.neat import NeatGenome
from evolution.genomes.pixels import PixelGenome
from evolution.models import BreedingSession, Individual
from evolution.services import broods
from evolution.services.broods import BredFrom
from evolution.services.visitors import Visitor

IMAGE_SIZE = 256  # pixels a side that networks are shown, where no run says otherwise
MOST_SESSIONS = 500  # of one visitor
LONGEST_NAME = 100  # of a file
LARGEST_SEED = 2**53 - 1  # what JSON and a form can carry


@dataclass(frozen=True)
class Beginning:
    """How a session begins. seed None: by chance. A submission that comes twice begins one."""

    colour: str = "colour"  # or grey; of a session that begins with random pictures
    seed: int | None = None
    settings: BreedingSettings = field(default_factory=BreedingSettings)
    submission: uuid.UUID = field(default_factory=uuid.uuid4)

    def __post_init__(self) -> None:
        if self.colour not in ("colour", "grey"):
            raise InvalidInput("colour", f"expected colour or grey, got {self.colour[:20]!r}")
        if self.seed is not None and not 0 <= self.seed <= LARGEST_SEED:
            raise InvalidInput("seed", f"expected 0 to {LARGEST_SEED}, got {self.seed}")


def begin(visitor: Visitor, beginning: Beginning) -> BreedingSession:
    """Begin with random pictures."""
    return _begun(
        visitor,
        beginning,
        lambda session: broods.first(session, 0, beginning.settings),
        encoding=NeatGenome.encoding,
        colour="hsb" if beginning.colour == "colour" else "ink",
        image_size=IMAGE_SIZE,
    )


def branch(visitor: Visitor, individual: Individual, beginning: Beginning) -> BreedingSession:
    """Begin with the children of any stored individual.

    Raises InvalidInput if its genome was not kept or is too large, BadGenome for damaged bytes.
    """
    if individual.genome is None:
        raise InvalidInput("individual", f"the genome of No. {individual.pk} was not kept")
    return _begun(
        visitor,
        beginning,
        lambda session: broods.first(session, 0, beginning.settings),
        **_facts(codec.decode(bytes(individual.genome))),
        image_size=individual.image_shape[0],
        branched_from=individual,
    )


def begin_from_file(
    visitor: Visitor, found: Found, name: str, beginning: Beginning
) -> BreedingSession:
    """Begin with a genome that came as a file: a brood of one picture, to be bred from."""
    facts = {"age": found.age} if found.age is not None else {}
    shown = "".join(filter(str.isprintable, name))[:LONGEST_NAME]
    return _begun(
        visitor,
        beginning,
        lambda session: breeding.lone_brood(broods.breedable(found.genome, session)),
        **_facts(found.genome),
        image_size=_shown_size(found.genome),
        source={"name": shown or "file", "notes": list(found.notes), **facts},
    )


def _begun(
    visitor: Visitor,
    beginning: Beginning,
    first: Callable[[BreedingSession], list[Child]],
    **facts: Any,
) -> BreedingSession:
    """Store a session with its first brood; of two forms that come at once both get the same."""
    mine = BreedingSession.objects.filter(visitor.owns)
    if known := mine.filter(submission=beginning.submission).first():
        return known
    if mine.count() >= MOST_SESSIONS:
        raise InvalidInput("session", f"expected at most {MOST_SESSIONS}: go on with one of yours")
    session = BreedingSession(
        code=secrets.token_urlsafe(16),
        visitor=visitor.id,
        owner=visitor.account,
        seed=secrets.randbelow(2**31) if beginning.seed is None else beginning.seed,
        settings=beginning.settings.as_json(),
        submission=beginning.submission,
        **facts,
    )
    try:
        with transaction.atomic():
            session.save()
            bred_from = BredFrom.beginning(session)
            broods.store(session, 0, first(session), beginning.settings, bred_from)
    except IntegrityError:
        known = mine.filter(submission=beginning.submission).first()
        if known is None:
            raise InvalidInput("submission", "expected a form of your own") from None
        return known
    return session


def _facts(genome: AnyGenome) -> dict[str, str]:
    if isinstance(genome, PixelGenome):
        raise InvalidInput("individual", broods.NO_GENES)
    if isinstance(genome, DirectGenome):
        return {"encoding": genome.encoding, "colour": genome.colour}
    return {"encoding": NeatGenome.encoding, "colour": genome.expression.colour}


def _shown_size(genome: AnyGenome) -> int:
    if isinstance(genome, DirectGenome):
        return len(genome.genes)
    if isinstance(genome, PixelGenome):
        return len(genome.pixels)
    return genome.expression.base_size
