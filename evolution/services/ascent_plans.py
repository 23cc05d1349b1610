"""What a run of gradient ascent was made with: kept with it, as a preset is with other runs."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar, Literal

from classifiers.ascent_styles import STYLES, AscentSettings
from classifiers.base import ClassifierError
from classifiers.entries import AnyEntry
from evolution.algorithms.parameters import BadParameters, build
from evolution.algorithms.settings import Crops
from evolution.genomes.pixels import MAX_SIDE, PixelGenome

ENCODING = PixelGenome.encoding
CODE = "fooling, caffe/ascent/hyperparam_search.py"
_FIGURES = {
    "none": "Fig. 13",
    "l2": "Fig. S5 and S8",
    "blur": "Fig. S6",
    "strong": "Fig. S7 and S9",
}
_TITLES = {
    "none": "without regularisation",
    "l2": "with L2 decay",
    "blur": "with L2 decay, blur and pseudo-L1",
    "strong": "with L2 decay and a stronger blur",
}


@dataclass(frozen=True)
class PixelSettings:
    """The picture itself is kept. image_size: its side in pixels."""

    name: ClassVar[str] = ENCODING

    image_size: int
    colour: Literal["grey", "rgb"]

    def __post_init__(self) -> None:
        if not 1 <= self.image_size <= MAX_SIDE:
            raise ValueError(f"image_size must be 1..{MAX_SIDE} pixels, not {self.image_size}")


@dataclass(frozen=True)
class ClimbSettings(AscentSettings):
    """The settings of the ascent. Raises ValueError."""

    name: ClassVar[str] = "ascent"

    def __post_init__(self) -> None:
        if self.iterations < 2:
            raise ValueError(f"iterations: expected at least 2 to be stored, got {self.iterations}")
        try:
            super().__post_init__()
        except ClassifierError as error:
            raise ValueError(str(error)) from None


@dataclass(frozen=True)
class AscentPlan:
    """As `Preset`, for what no preset describes. An iteration is what a generation is elsewhere."""

    name: str
    title: str
    classifier: str
    crops: Crops
    encoding: PixelSettings
    algorithm: ClimbSettings
    sources: Mapping[str, str]

    @property
    def target(self) -> None:
        """Every label is a cell of its own."""
        return

    @property
    def planned(self) -> int:
        """Iterations after the one that looks at the noise of the start."""
        return self.algorithm.iterations - 1


def plan(entry: AnyEntry, side: int, settings: AscentSettings) -> AscentPlan:
    """side: of the pictures. Raises ValueError for what cannot be stored."""
    style = settings.style
    return AscentPlan(
        name=f"ascent-{style}",
        title=f"Gradient ascent {_TITLES.get(style, style)}",
        classifier=entry.dataset.lower(),
        crops="whole",
        encoding=PixelSettings(side, "grey" if entry.channels == 1 else "rgb"),
        algorithm=ClimbSettings(**asdict(settings)),
        sources=_sources(settings),
    )


def _sources(settings: AscentSettings) -> dict[str, str]:
    published = STYLES.get(settings.style)
    told = f"{_FIGURES.get(settings.style, 'the paper')}; {CODE}"
    return {
        f"algorithm.{field.name}": told
        if getattr(published, field.name, None) == getattr(settings, field.name)
        else "chosen when it was started"
        for field in fields(AscentSettings)
    }


def is_ascent(parameters: Mapping[str, Any]) -> bool:
    encoding = parameters.get("encoding")
    return isinstance(encoding, Mapping) and encoding.get("kind") == ENCODING


def from_parameters(parameters: Mapping[str, Any]) -> AscentPlan:
    """Raises BadParameters, naming the key."""
    algorithm = parameters.get("algorithm")
    if not isinstance(algorithm, Mapping) or algorithm.get("kind") != ClimbSettings.name:
        raise BadParameters(f"ascent.algorithm.kind must be {ClimbSettings.name!r}")
    return build(AscentPlan, parameters, "ascent")
