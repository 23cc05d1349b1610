"""What a preset is made of: its encoding or algorithm reads every field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from evolution.genomes.base import Colour, Coordinates, Expression, channels
from evolution.genomes.rates import CppnRates, DirectRates


@dataclass(frozen=True)
class DirectSettings:
    """One gene per pixel and channel."""

    name: ClassVar[str] = "direct"

    image_size: int
    colour: Colour
    rates: DirectRates


@dataclass(frozen=True)
class CppnSettings:
    """Compositional pattern-producing networks."""

    name: ClassVar[str] = "cppn"

    image_size: int
    colour: Colour
    coordinates: Coordinates
    rates: CppnRates

    @property
    def expression(self) -> Expression:
        return Expression(self.coordinates, self.image_size, self.colour)


@dataclass(frozen=True)
class MapElitesSettings:
    """initial: random genomes of generation 0; children: of every later generation (even)."""

    name: ClassVar[str] = "map-elites"

    initial: int
    children: int

    def __post_init__(self) -> None:
        if self.initial < 1:
            raise ValueError(f"initial must be at least 1 genome, not {self.initial}")
        if self.children < 2 or self.children % 2:
            raise ValueError(f"children come in pairs: {self.children} is not an even number >= 2")


@dataclass(frozen=True)
class SingleTargetSettings:
    """size: individuals; keep_rate: share that lives on; coefficient: of rank selection (> 1)."""

    name: ClassVar[str] = "single-target"

    size: int
    keep_rate: float
    coefficient: float
    target: int

    def __post_init__(self) -> None:
        if not 1 < self.coefficient <= 2:
            raise ValueError(f"coefficient must be above 1 and at most 2, not {self.coefficient}")
        if self.target < 0:
            raise ValueError(f"target must be a label index >= 0, not {self.target}")
        if self.kept < 1 or self.children < 2 or self.children % 2:
            raise ValueError(
                f"keep_rate {self.keep_rate} of {self.size} must keep at least one individual and "
                f"leave an even number to replace, not keep {self.kept} and replace {self.children}"
            )

    @property
    def kept(self) -> int:
        return round(self.size * self.keep_rate)

    @property
    def children(self) -> int:
        return self.size - self.kept


# As `classifiers.places.Crops`, which the search core does not import.
Crops = Literal["whole", "ten"]
EncodingSettings = DirectSettings | CppnSettings
AlgorithmSettings = MapElitesSettings | SingleTargetSettings


@dataclass(frozen=True)
class Preset:
    """A complete experiment.

    classifier: the data set whose labels are the cells.
    crops: what the classifier looks at, the whole picture or ten crops of it.
    generations: batches of children after the random generation 0.
    sources: where each value comes from, by dotted field name ("encoding.rates.mutation").
    """

    name: str
    title: str
    classifier: str
    crops: Crops
    generations: int
    encoding: EncodingSettings
    algorithm: AlgorithmSettings
    sources: Mapping[str, str]

    def __post_init__(self) -> None:
        if self.generations < 0:
            raise ValueError(f"generations must not be negative: {self.generations}")

    @property
    def target(self) -> int | None:
        """The one label that all children aim at; None when every label is a cell of its own."""
        return self.algorithm.target if isinstance(self.algorithm, SingleTargetSettings) else None

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Height, width and channels of the pictures that are bred."""
        size = self.encoding.image_size
        return size, size, channels(self.encoding.colour)
