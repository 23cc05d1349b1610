"""What a brood holds, read from its packed field."""

from evolution.algorithms.breeding import packing
from evolution.errors import InvalidInput
from evolution.genomes.base import BadGenome
from evolution.models import Brood


def genomes(packed: bytes, count: int) -> list[bytes]:
    """The genomes of a brood as they are stored with individuals. Raises BadGenome."""
    found = packing.encoded(packed)
    if len(found) != count:
        raise BadGenome(f"a brood of {count} pictures has {len(found)} genomes")
    return found


def genome(brood: Brood, slot: int) -> bytes:
    """One of them. Raises InvalidInput, BadGenome."""
    check_slot(brood, slot)
    return genomes(bytes(brood.genomes), len(brood.origins))[slot]


def check_slot(brood: Brood, slot: int) -> None:
    """Raise InvalidInput for a picture that the brood does not have."""
    if not 0 <= slot < len(brood.origins):
        last = len(brood.origins) - 1
        raise InvalidInput("slot", f"expected a picture of the brood, 0 to {last}, got {slot}")
