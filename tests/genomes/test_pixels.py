"""Pictures as genomes: what they must be, and packed bytes that promise more than they should."""

import struct
import zlib
from typing import Any

import numpy as np
import pytest

from evolution.genomes import codec
from evolution.genomes.base import BadGenome
from evolution.genomes.pixels import MAX_SIDE, PixelGenome
from evolution.phenotypes import express


def noise(side: int = 5, depth: int = 3) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.random.default_rng(0).integers(0, 256, (side, side, depth), np.uint8)


def packed(depth: int, side: int, content: bytes, length: int | None = None) -> bytes:
    head = struct.pack("<2sBBBHI", b"FB", 1, 4, depth, side, length or len(content))
    return head + content + struct.pack("<I", zlib.crc32(head + content))


class TestGenome:
    def test_its_picture_is_itself(self) -> None:
        assert np.array_equal(express(PixelGenome(noise()), 5), noise())

    def test_what_is_drawn_can_be_written_to(self) -> None:
        genome = PixelGenome(noise())
        express(genome, 5)[:] = 0
        assert np.array_equal(genome.pixels, noise())

    def test_pixels_cannot_be_changed_from_outside(self) -> None:
        pixels = noise()
        genome = PixelGenome(pixels)
        pixels[:] = 0
        assert np.array_equal(genome.pixels, noise())
        with pytest.raises(ValueError, match="read-only"):
            genome.pixels[0, 0, 0] = 1

    @pytest.mark.parametrize(
        ("pixels", "words"),
        [
            (np.zeros((4, 4), np.uint8), "must be"),
            (np.zeros((4, 4, 2), np.uint8), "must be"),
            (np.zeros((4, 5, 1), np.uint8), "a square"),
            (np.zeros((0, 0, 1), np.uint8), "a square"),
            (np.zeros((MAX_SIDE + 1, MAX_SIDE + 1, 1), np.uint8), "a square"),
            (np.zeros((4, 4, 1), np.float32), "uint8"),
        ],
    )
    def test_what_is_no_picture_is_refused(self, pixels: Any, words: str) -> None:
        with pytest.raises(BadGenome, match=words):
            PixelGenome(pixels)


class TestPacked:
    def test_noise_as_large_as_a_network_sees_it_round_trips(self) -> None:
        genome = PixelGenome(noise(227))
        content = codec.encode(genome)
        assert codec.decode(content) == genome
        assert len(content) < 227 * 227 * 3 + 200

    def test_a_bomb_is_refused_without_unpacking_it(self) -> None:
        bomb = zlib.compress(bytes(50_000_000), 9)[:60_000]
        with pytest.raises(BadGenome, match="hold 75 bytes"):
            codec.decode(packed(3, 5, zlib.compress(bytes(76))))
        with pytest.raises(BadGenome, match="packed in"):
            codec.decode(packed(3, 5, bomb))

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (packed(2, 5, b""), "1 or 3 channels"),
            (packed(1, 0, b""), "pixels a side"),
            (packed(1, MAX_SIDE + 1, b""), "pixels a side"),
            (packed(1, 5, b"no zlib"), "damaged"),
            (packed(1, 5, zlib.compress(bytes(24))), "hold 25 bytes"),
            (packed(1, 5, zlib.compress(bytes(25))[:-1]), "hold 25 bytes"),
            (packed(1, 5, zlib.compress(bytes(25)) + b"x"), "hold 25 bytes"),
            (packed(1, 5, b"", length=500), "cut off"),
        ],
    )
    def test_forged_bytes_are_refused(self, content: bytes, words: str) -> None:
        with pytest.raises(BadGenome, match=words):
            codec.decode(content)


class TestJson:
    @pytest.mark.parametrize(
        "pixels", [[[[256]]], [[[-1]]], [[[0.5]]], [[["a"]]], "aaaa", [[1], [2, 3]]]
    )
    def test_what_is_no_byte_is_refused(self, pixels: Any) -> None:
        with pytest.raises(BadGenome):
            codec.from_json({"encoding": "ascent", "version": 1, "pixels": pixels})
