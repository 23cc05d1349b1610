"""The broods of a session: bred, drawn small for the history, stored."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evolution import phenotypes
from evolution.algorithms import breeding
from evolution.algorithms.breeding import Bred, BreedingSettings, Child, packing
from evolution.errors import InvalidInput
from evolution.genomes import codec
from evolution.genomes.base import BadGenome
from evolution.genomes.codec import AnyGenome
from evolution.genomes.cppn import CppnGenome
from evolution.genomes.direct import DirectGenome
from evolution.genomes.neat import NeatGenome
from evolution.genomes.pixels import PixelGenome
from evolution.models import BreedingSession, Brood, Individual

HISTORY_SIZE = 44  # pixels of a picture in the history
LARGEST_DIRECT = 64  # pixels a side; a brood of larger ones would take megabytes
MARKS_A_BROOD = 10_000
NO_GENES = "expected genes: of gradient ascent pixels alone are kept, and they are not bred from"
BRANCH_FROM = 1_000_000  # historical markings of this site; Picbreeder's own branches lie below

PERSON = Individual.Selector.PERSON.value
RANDOM = Individual.Selector.RANDOM.value


@dataclass(frozen=True)
class BredFrom:
    """The brood before, the slots that were picked there as parents, and who picked them."""

    brood: Brood | None
    chosen: Sequence[int]
    selected_by: str

    @classmethod
    def beginning(cls, session: BreedingSession) -> "BredFrom":
        """Of a first brood: chance, or the individual that a person branched from."""
        branched = session.branched_from_id is not None
        return cls(None, [0] if branched else [], PERSON if branched else RANDOM)


def genomes(brood: Brood) -> list[Bred]:
    """Its genomes in the order of the slots. Raises BadGenome for damaged bytes."""
    found = breeding.unpack(bytes(brood.genomes))
    return [breedable(genome, brood.session) for genome in found]


def stored_genomes(packed: bytes, count: int) -> list[bytes]:
    """The genomes of a brood as they are stored with individuals. Raises BadGenome."""
    found = packing.encoded(packed)
    if len(found) != count:
        raise BadGenome(f"a brood of {count} pictures has {len(found)} genomes")
    return found


def stored_genome(brood: Brood, slot: int) -> bytes:
    """One of them. Raises InvalidInput, BadGenome."""
    check_slot(brood, slot)
    return stored_genomes(bytes(brood.genomes), len(brood.origins))[slot]


def check_slot(brood: Brood, slot: int) -> None:
    """Raise InvalidInput for a picture that the brood does not have."""
    if not 0 <= slot < len(brood.origins):
        last = len(brood.origins) - 1
        raise InvalidInput("slot", f"expected a picture of the brood, 0 to {last}, got {slot}")


def breedable(genome: AnyGenome, session: BreedingSession) -> Bred:
    """What breeding works on. Raises InvalidInput for a picture with too many genes, or none."""
    if isinstance(genome, PixelGenome):
        raise InvalidInput("individual", NO_GENES)
    if isinstance(genome, CppnGenome):
        return NeatGenome.of(genome, branch_of(session))
    if isinstance(genome, DirectGenome) and len(genome.genes) > LARGEST_DIRECT:
        raise InvalidInput(
            "individual",
            f"expected at most {LARGEST_DIRECT} pixels a side where every pixel is a gene, "
            f"got {len(genome.genes)}",
        )
    return genome


def first(session: BreedingSession, number: int, settings: BreedingSettings) -> list[Child]:
    """Random pictures, or the children of the individual that the session branched from.

    Raises InvalidInput, BadGenome for damaged bytes.
    """
    rng, branch = rng_of(session, number), branch_of(session)
    origin = session.branched_from
    if origin is None:
        grey = session.colour == "ink"
        return breeding.first_brood(rng, settings, "grey" if grey else "colour", branch)
    if origin.genome is None:
        raise InvalidInput("individual", f"the genome of No. {origin.pk} was not kept")
    parent = breedable(codec.decode(bytes(origin.genome)), session)
    return breeding.next_brood([parent], rng, settings, branch, first_id(number))


def first_id(number: int) -> int:
    """Where the new markings of a brood begin, so that no two broods of a session share any."""
    return number * MARKS_A_BROOD


def rng_of(session: BreedingSession, number: int) -> np.random.Generator:
    return np.random.default_rng([session.seed, number])


def branch_of(session: BreedingSession) -> int:
    return BRANCH_FROM + session.pk


def store(
    session: BreedingSession,
    number: int,
    children: list[Child],
    settings: BreedingSettings,
    bred_from: BredFrom,
) -> Brood:
    """Store a brood and show it. Call it inside a transaction that holds the session."""
    parent = bred_from.brood
    brood = Brood.objects.create(
        session=session,
        parent=parent,
        number=number,
        generation=parent.generation + 1 if parent else 0,
        genomes=breeding.pack([child.genome for child in children]),
        origins=[[child.parent, child.mate, child.kept] for child in children],
        chosen=list(bred_from.chosen),
        settings=settings.as_json(),
        thumbnail=phenotypes.webp(phenotypes.express(children[0].genome, HISTORY_SIZE)),
        selected_by=bred_from.selected_by,
    )
    show(session, brood, settings)
    return brood


def show(session: BreedingSession, brood: Brood, settings: BreedingSettings | None = None) -> None:
    session.current = brood
    if settings is not None:
        session.settings = settings.as_json()
    session.save(update_fields=["current", "settings", "touched_at"])
