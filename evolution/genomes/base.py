"""What every encoding offers: one genome as an immutable object, many as a structure of arrays."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, Protocol, Self, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

Indices: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

Coordinates = Literal["raw", "normalised"]
Colour = Literal["grey", "hsv", "hls"]

MAX_SIDE = 2048  # pixels; the largest picture that is ever drawn


class BadGenome(ValueError):
    """Bytes, JSON or arrays that are not a well-formed genome. The message says what is wrong."""


def channels(colour: Colour) -> int:
    """Return how many values a pixel has."""
    return 1 if colour == "grey" else 3


@dataclass(frozen=True)
class Expression:
    """How a CPPN is turned into a picture. It travels with the genome, so a picture never changes.

    coordinates: "normalised" feeds x and y in [-1, 1] (Nguyen, Yosinski & Clune 2015, §2.2, says
        only "(x, y) position"); "raw" feeds pixel indices 0..base_size-1, as the published code
        does (fooling: phen_grayscale_image.hpp).
    base_size: the side, in pixels, of the picture that the search judges. Raw coordinates are its
        pixel indices; a larger picture samples the same field more finely.
    colour: "grey" has one output; "hsv" (the paper) and "hls" (the published code) have three.
    """

    coordinates: Coordinates
    base_size: int
    colour: Colour = "grey"

    def __post_init__(self) -> None:
        if self.coordinates not in get_args(Coordinates):
            raise BadGenome(f"coordinates must be raw or normalised, not {self.coordinates!r}")
        if self.colour not in get_args(Colour):
            raise BadGenome(f"colour must be grey, hsv or hls, not {self.colour!r}")
        if type(self.base_size) is not int or not 1 <= self.base_size <= MAX_SIDE:
            raise BadGenome(f"base_size must be 1..{MAX_SIDE} pixels, not {self.base_size!r}")

    @property
    def n_outputs(self) -> int:
        return channels(self.colour)


class Genome(Protocol):
    """What is inherited. Immutable: variation returns new genomes.

    `rates` is the encoding's own dataclass (`rates.py`); one run never mixes encodings.
    """

    @property
    def encoding(self) -> str: ...

    def mutated(self, rng: np.random.Generator, rates: Any) -> Self: ...

    def crossed(
        self, other: Self, rng: np.random.Generator, rates: Any
    ) -> tuple[Self, Self] | None:
        """Recombine two genomes; None when this pair is not recombined."""
        ...


class Population(Protocol):
    """Many genomes of one encoding, as a structure of arrays."""

    @property
    def encoding(self) -> str: ...

    @classmethod
    def of(cls, genomes: Iterable[Any]) -> Self:
        """Pack genomes that share their shape and convention of expression."""
        ...

    def __len__(self) -> int: ...

    def __getitem__(self, index: int) -> Genome: ...

    def take(self, indices: Indices) -> Self:
        """Copy the named rows."""
        ...

    def replace(self, positions: Indices, source: Self, indices: Indices) -> None:
        """Copy row `indices[k]` of `source` over row `positions[k]`, for every k."""
        ...

    def offspring(
        self, parents_a: Indices, parents_b: Indices, rng: np.random.Generator, rates: Any
    ) -> tuple[Self, Flags]:
        """Cross and mutate pairs of parents.

        parents_a, parents_b: (P,) rows. Returns 2P children, of which 2k stems from parents_a[k]
        and 2k+1 from parents_b[k], and per child whether it also has genes of the other parent.
        """
        ...
