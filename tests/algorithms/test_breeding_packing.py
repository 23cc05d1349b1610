"""A brood in the database."""

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evolution.algorithms.breeding import BreedingSettings, first_brood, next_brood
from evolution.algorithms.breeding.packing import LARGEST, pack, unpack
from evolution.genomes import codec
from evolution.genomes.base import BadGenome, Expression
from evolution.genomes.cppn import CppnGenome
from evolution.genomes.direct import DirectGenome
from tests.genomes.populations import neat, neat_genomes


def several() -> list[codec.AnyGenome]:
    """One genome of each encoding."""
    rng = np.random.default_rng(0)
    cppn = CppnGenome.random(rng, Expression("raw", 28))
    return [neat(3, 9), cppn, DirectGenome.random(rng, 8, "hls")]


def head(count: int = 1, version: int = 1) -> bytes:
    return struct.pack("<2sBB", b"FK", version, count)


def framed(*parts: bytes, count: int = 1) -> bytes:
    body = b"".join(struct.pack("<I", len(part)) + part for part in parts)
    return head(count) + zlib.compress(body)


class TestPacking:
    def test_every_encoding_comes_back(self) -> None:
        assert unpack(pack(several())) == several()

    @given(brood=st.lists(neat_genomes(), min_size=1, max_size=30))
    @settings(max_examples=15, deadline=None)
    def test_any_brood_comes_back(self, brood: list[codec.AnyGenome]) -> None:
        assert unpack(pack(brood)) == brood

    def test_siblings_take_little_room(self) -> None:
        parent = neat(36, 100)
        brood = next_brood([parent], np.random.default_rng(0), BreedingSettings(), branch=8)
        assert parent.n_nodes == 43
        assert len(pack([child.genome for child in brood])) < 8000

    @pytest.mark.parametrize("count", [0, 31])
    def test_a_brood_has_its_limits(self, count: int) -> None:
        with pytest.raises(ValueError, match=r"1\.\.30 genomes"):
            pack([neat(0, 4)] * count)

    def test_large_pictures_have_limits_too(self) -> None:
        large = DirectGenome(np.zeros((512, 512, 3), np.float32), "hsv")
        with pytest.raises(ValueError, match="bytes"):
            pack([large] * 11)


class TestUnpacking:
    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"", "at least 4 bytes"),
            (b"FB\x01\x01", "no brood"),
            (head(version=2), "version 2"),
            (head(count=0), "1..30 genomes"),
            (head(count=31), "1..30 genomes"),
            (head() + b"nonsense", "damaged"),
            (head(), "cut off"),
            (framed(count=1), "cut off"),
            (head() + zlib.compress(struct.pack("<I", 99) + b"short"), "cut off"),
            (framed(b"FB\x01\x03no genome"), "checksum"),
            (framed(codec.encode(several()[0]), count=2), "cut off"),
            (framed(codec.encode(several()[0])) + b"x", "follow"),
            (framed(*[codec.encode(several()[0])] * 2, count=1), "follow"),
        ],
    )
    def test_what_is_wrong_is_told(self, content: bytes, message: str) -> None:
        with pytest.raises(BadGenome, match=message):
            unpack(content)

    def test_little_that_expands_to_much_is_refused(self) -> None:
        with pytest.raises(BadGenome, match="up to"):
            unpack(head() + zlib.compress(bytes(LARGEST + 1)))

    @given(cut=st.integers(0, 10_000), flip=st.integers(0, 255))
    @settings(max_examples=80, deadline=None)
    def test_damage_is_found(self, cut: int, flip: int) -> None:
        content = bytearray(pack(several()))
        content[cut % len(content)] ^= flip
        if flip:
            with pytest.raises(BadGenome):
                unpack(bytes(content))
        with pytest.raises(BadGenome):
            unpack(bytes(content[: cut % len(content)]))


def test_a_first_brood_is_packed_too() -> None:
    brood = first_brood(np.random.default_rng(0), BreedingSettings(), "grey", branch=1)
    genomes: list[codec.AnyGenome] = [child.genome for child in brood]
    assert unpack(pack(genomes)) == genomes
