"""What every encoding offers: one genome as an immutable object, many as a structure of arrays."""

from collections.abc import Iterable
from dataclasses import dataclass
from reprlib import repr as short
from typing import Any, Literal, Protocol, Self, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

Indices: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

Coordinates = Literal["raw", "normalised"]
Colour = Literal["grey", "hsv", "hls"]
# What runs use, and what only genomes with historical markings do: the conventions of Picbreeder.
AnyCoordinates = Literal[Coordinates, "site", "fer"]
AnyColour = Literal[Colour, "ink", "hsb"]

MAX_SIDE = 4096  # pixels; the largest picture that is ever drawn
MAX_BASE_SIZE = 2048  # pixels; the largest picture that is ever judged


class BadGenome(ValueError):
    """Bytes, JSON or arrays that are not a well-formed genome. The message says what is wrong."""


def channels(colour: AnyColour) -> int:
    """Return how many values a pixel has."""
    return 1 if colour in ("grey", "ink") else 3


@dataclass(frozen=True)
class Expression:
    """How a CPPN is turned into a picture. It travels with the genome, so a picture never changes.

    coordinates: "normalised" feeds x and y in [-1, 1] (Nguyen, Yosinski & Clune 2015, §2.2, says
        only "(x, y) position"); "raw" feeds pixel indices 0..base_size-1, as the published code
        does (fooling: phen_grayscale_image.hpp). "site" and "fer" are the two conventions for
        genomes of Picbreeder, see docs/picbreeder.md: x and y in [-1, 1] at the centres of pixels
        and d sqrt(2) times the distance, or both ends included and 1.4 times.
    base_size: the side, in pixels, of the picture that the search judges. Raw coordinates are its
        pixel indices; a larger picture samples the same field more finely.
    colour: "grey" has one output; "hsv" (the paper) and "hls" (the published code) have three.
        So do "ink" and "hsb", Picbreeder's, which go with "site" and "fer".
    greyed: an hsb genome that shows its brightness only, in grey.
    """

    coordinates: AnyCoordinates
    base_size: int
    colour: AnyColour = "grey"
    greyed: bool = False

    def __post_init__(self) -> None:
        if self.coordinates not in get_args(AnyCoordinates):
            raise BadGenome(
                f"coordinates must be raw, normalised, site or fer, not {short(self.coordinates)}"
            )
        if self.colour not in get_args(AnyColour):
            raise BadGenome(f"colour must be grey, hsv, hls, ink or hsb, not {short(self.colour)}")
        if (self.coordinates in ("site", "fer")) != (self.colour in ("ink", "hsb")):
            raise BadGenome(
                "site and fer coordinates go with ink and hsb, raw and normalised ones with grey, "
                f"hsv and hls: not {self.coordinates} with {self.colour}"
            )
        if type(self.greyed) is not bool or (self.greyed and self.colour != "hsb"):
            raise BadGenome(f"greyed must be false, or true for hsb, not {short(self.greyed)}")
        if type(self.base_size) is not int or not 1 <= self.base_size <= MAX_BASE_SIZE:
            raise BadGenome(
                f"base_size must be 1..{MAX_BASE_SIZE} pixels, not {short(self.base_size)}"
            )

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
