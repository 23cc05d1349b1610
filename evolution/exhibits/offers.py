"""What can be started: presets and classifiers, described for the person who chooses."""

from dataclasses import dataclass

from classifiers import catalogue
from classifiers.entries import Entry
from evolution.algorithms import presets
from evolution.algorithms.settings import MapElitesSettings, Preset

_ENCODINGS = {
    "direct": "Every pixel is a gene of its own.",
    "cppn": "A small network of sines, sigmoids, Gaussians and lines computes every pixel from "
    "its position.",
}
_CROPS = {"whole": "", "ten": "Ten crops of every picture are looked at."}
_DATASETS = {"mnist": "Digits", "imagenet": "The thousand labels of ImageNet"}
_ALGORITHMS = {
    "map-elites": "Every child challenges all the labels at once.",
    "single-target": "All children aim at one label.",
}


@dataclass(frozen=True)
class PresetOffer:
    """A preset, and what it costs as it stands. views: how often each picture is looked at."""

    name: str
    title: str
    sentence: str
    dataset: str
    initial: int
    children: int
    generations: int
    views: int

    @property
    def evaluations(self) -> int:
        """Pictures that the network judges: the random ones, then a brood a generation."""
        return self.initial + self.children * self.generations


@dataclass(frozen=True)
class NetworkOffer:
    """A network that some preset can breed pictures for. missing: what to do before it can be."""

    name: str
    title: str
    dataset: str
    facts: str
    missing: str


def preset_offers() -> list[PresetOffer]:
    return [_offer(presets.get(name)) for name in presets.names()]


def network_offers() -> list[NetworkOffer]:
    shapes = {presets.get(name).image_shape for name in presets.names()}
    return [
        NetworkOffer(
            entry.name, entry.title, entry.dataset, _facts(entry), catalogue.what_is_missing(entry)
        )
        for entry in catalogue.known()
        if any(entry.accepts(shape) for shape in shapes)
    ]


def _facts(entry: Entry) -> str:
    """How large a network is and how often it is wrong, as far as that is known."""
    parts = [f"{entry.input_size} × {entry.input_size} pixels"]
    if entry.parameters:
        parts.append(f"{entry.parameters / 1e6:.1f} million weights")
    measured, published = entry.accuracy.measured_error, entry.accuracy.published_error
    if measured is not None:
        parts.append(f"{measured:.2%} error")
    elif published is not None:
        parts.append(f"{published:.1%} error, as published")
    return ", ".join(parts)


def _offer(preset: Preset) -> PresetOffer:
    algorithm = preset.algorithm
    sentence = f"{_ENCODINGS[preset.encoding.name]} {_ALGORITHMS[algorithm.name]}"
    return PresetOffer(
        name=preset.name,
        title=preset.title,
        sentence=f"{sentence} {_CROPS[preset.crops]}".strip(),
        dataset=_DATASETS[preset.classifier],
        initial=algorithm.initial if isinstance(algorithm, MapElitesSettings) else algorithm.size,
        children=algorithm.children,
        generations=preset.generations,
        views=10 if preset.crops == "ten" else 1,
    )
