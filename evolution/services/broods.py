"""What a brood holds, read from its packed field."""

import struct

from evolution.errors import InvalidInput
from evolution.models import Brood

_LENGTH = struct.Struct("<I")


def genomes(packed: bytes) -> list[bytes]:
    """The genomes of a brood as they are stored with individuals. Raises BadGenome."""
    found, at = [], 0
    while at < len(packed):
        (length,) = _LENGTH.unpack_from(packed, at)
        at += _LENGTH.size
        found.append(packed[at : at + length])
        at += length
    return found


def genome(brood: Brood, slot: int) -> bytes:
    """One of them. Raises InvalidInput, BadGenome."""
    check_slot(brood, slot)
    return genomes(bytes(brood.genomes))[slot]


def check_slot(brood: Brood, slot: int) -> None:
    """Raise InvalidInput for a picture that the brood does not have."""
    if not 0 <= slot < len(brood.origins):
        last = len(brood.origins) - 1
        raise InvalidInput("slot", f"expected a picture of the brood, 0 to {last}, got {slot}")
