"""What can be started: presets and classifiers, described for the person who chooses."""

from dataclasses import dataclass

from classifiers import catalogue
from evolution.algorithms import presets
from evolution.algorithms.settings import MapElitesSettings, Preset

_ENCODINGS = {
    "direct": "Every pixel is a gene of its own.",
    "cppn": "A small network of sines, sigmoids, Gaussians and lines computes every pixel from "
    "its position.",
}
_ALGORITHMS = {
    "map-elites": "Every child challenges all the labels at once.",
    "single-target": "All children aim at one label.",
}


@dataclass(frozen=True)
class PresetOffer:
    """A preset, and what it costs as it stands."""

    name: str
    title: str
    sentence: str
    initial: int
    children: int
    generations: int

    @property
    def evaluations(self) -> int:
        """Pictures that the network looks at: the random ones, then a brood a generation."""
        return self.initial + self.children * self.generations


def preset_offers() -> list[PresetOffer]:
    return [_offer(presets.get(name)) for name in presets.names()]


def classifier_choices() -> list[tuple[str, str]]:
    """(name, title) of every classifier that some preset can breed pictures for."""
    shapes = {presets.get(name).image_shape for name in presets.names()}
    return [
        (entry.name, f"{entry.title} ({entry.dataset})")
        for entry in catalogue.entries()
        if any(entry.accepts(shape) for shape in shapes)
    ]


def _offer(preset: Preset) -> PresetOffer:
    algorithm = preset.algorithm
    return PresetOffer(
        name=preset.name,
        title=preset.title,
        sentence=f"{_ENCODINGS[preset.encoding.name]} {_ALGORITHMS[algorithm.name]}",
        initial=algorithm.initial if isinstance(algorithm, MapElitesSettings) else algorithm.size,
        children=algorithm.children,
        generations=preset.generations,
    )
