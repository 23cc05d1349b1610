"""Named, complete sets of parameters, each value with its source.

"paper" presets follow the text of Nguyen, Yosinski & Clune 2015; "published" ones follow the code
that its authors released, where that differs; "single" ones aim at one label instead of all.
"""

from dataclasses import replace

from evolution.algorithms.parameters import BadParameters, as_parameters, from_parameters
from evolution.algorithms.settings import (
    CppnSettings,
    DirectSettings,
    MapElitesSettings,
    Preset,
    SingleTargetSettings,
)
from evolution.genomes.rates import CppnRates, DirectRates, Sbx

__all__ = [
    "BadParameters",
    "Preset",
    "UnknownPreset",
    "as_parameters",
    "from_parameters",
    "get",
    "names",
]

PAPER = "Nguyen, Yosinski & Clune 2015"
CODE = "Evolving-AI-Lab/fooling, sferes/exp/images"
MNIST_CODE = f"{CODE}/dl_map_elites_images_mnist.cpp"


class UnknownPreset(KeyError):
    """A preset name that does not exist. The message lists those that do."""

    def __str__(self) -> str:
        return str(self.args[0])


_COMMON_SOURCES = {
    "classifier": f"{PAPER}, §2.1: a LeNet on MNIST",
    "encoding.image_size": f"{PAPER}, §2.2: 28 x 28 pixels",
    "encoding.colour": f"{PAPER}, §2.2: one grey value per pixel for MNIST",
}
_MAP_ELITES_SOURCES = {
    "algorithm.initial": f"{CODE}/dl_map_elites_images_mnist*.cpp: pop::init_size",
    "algorithm.children": f"{CODE}/dl_map_elites_images_mnist*.cpp: pop::size",
}
_SINGLE_SOURCES = {
    "algorithm.size": "Evolving-AI-Lab/innovation-engine, dl_rank_simple_images.cpp: pop::size",
    "algorithm.keep_rate": f"{MNIST_CODE}: pop::keep_rate",
    "algorithm.coefficient": f"{MNIST_CODE}: pop::coeff",
    "algorithm.target": "free choice: any label will do",
    "generations": "free choice: as many as for all labels (innovation-engine: nb_gen 5001)",
}
_DIRECT_SOURCES = {
    "encoding.rates.mutation": f"{PAPER}, §2.2: 0.1 per pixel; code: evo_float::mutation_rate",
    "encoding.rates.eta": f"{PAPER}, §2.2: polynomial, strength 15; code: evo_float::eta_m",
}
_CPPN_SOURCES = {
    "encoding.rates.weight": f"{MNIST_CODE}: evo_float::mutation_rate",
    "encoding.rates.weight_eta": f"{MNIST_CODE}: evo_float::eta_m",
    "encoding.rates.activation": f"{MNIST_CODE}: cppn::sampled",
    "encoding.rates.add_connection": f"{MNIST_CODE}: dnn::m_rate_add_conn",
    "encoding.rates.delete_connection": (f"{MNIST_CODE}: dnn::m_rate_del_conn"),
    "encoding.rates.add_neuron": f"{MNIST_CODE}: dnn::m_rate_add_neuron",
    "encoding.rates.delete_neuron": f"{MNIST_CODE}: dnn::m_rate_del_neuron",
}

_DIRECT_PAPER = Preset(
    name="mnist-direct-paper",
    title="Digits, pixel by pixel, as the paper describes",
    classifier="mnist",
    generations=200,
    encoding=DirectSettings(
        image_size=28,
        colour="grey",
        rates=DirectRates(mutation=0.1, eta=15.0, halve_every=1000, crossover=None),
    ),
    algorithm=MapElitesSettings(initial=200, children=200),
    sources=_COMMON_SOURCES
    | _MAP_ELITES_SOURCES
    | _DIRECT_SOURCES
    | {
        "generations": f"{PAPER}, §3.1: 200 generations",
        "encoding.rates.halve_every": f"{PAPER}, §2.2: halved every 1000 generations",
        "encoding.rates.crossover": f"{PAPER}, §2.2 describes mutation only",
    },
)

_DIRECT_PUBLISHED = Preset(
    name="mnist-direct-published",
    title="Digits, pixel by pixel, as the published code does",
    classifier="mnist",
    generations=1010,
    encoding=DirectSettings(
        image_size=28,
        colour="grey",
        rates=DirectRates(
            mutation=0.1,
            eta=15.0,
            halve_every=None,
            crossover=Sbx(rate=0.5, eta=10.0, equal_genes="half"),
        ),
    ),
    algorithm=MapElitesSettings(initial=200, children=200),
    sources=_COMMON_SOURCES
    | _MAP_ELITES_SOURCES
    | _DIRECT_SOURCES
    | {
        "generations": (
            f"{CODE}/dl_map_elites_images_mnist_direct_encoding.cpp: nb_gen 1010; "
            "its generations 0..1009 are batches 1..1010 here"
        ),
        "encoding.rates.halve_every": f"{CODE}: nothing changes the rate",
        "encoding.rates.crossover.rate": f"{CODE}: evo_float::cross_rate",
        "encoding.rates.crossover.eta": f"{CODE}: evo_float::eta_c",
        "encoding.rates.crossover.equal_genes": (
            f"{CODE}: genes that agree within float epsilon are not written and stay 0.5; "
            "sferes2 corrected it in 2018 (bae2272)"
        ),
    },
)

_CPPN_SETTINGS = CppnSettings(
    image_size=28,
    colour="grey",
    coordinates="normalised",
    rates=CppnRates(
        weight=0.1,
        weight_eta=15.0,
        activation=0.1,
        add_connection=0.5,
        delete_connection=0.3,
        add_neuron=0.5,
        delete_neuron=0.2,
    ),
)

_CPPN_PAPER = Preset(
    name="mnist-cppn-paper",
    title="Digits from pattern-producing networks, as the paper describes",
    classifier="mnist",
    generations=200,
    encoding=_CPPN_SETTINGS,
    algorithm=MapElitesSettings(initial=200, children=200),
    sources=_COMMON_SOURCES
    | _MAP_ELITES_SOURCES
    | _CPPN_SOURCES
    | {
        "generations": f"{PAPER}, §3.2: 200 generations",
        "encoding.coordinates": f'{PAPER}, §2.2: "(x, y) position", read as customary: [-1, 1]',
    },
)

_CPPN_PUBLISHED = replace(
    _CPPN_PAPER,
    name="mnist-cppn-published",
    title="Digits from pattern-producing networks, as the published code does",
    generations=1001,
    encoding=replace(_CPPN_SETTINGS, coordinates="raw"),
    sources={
        **_CPPN_PAPER.sources,
        "generations": (
            f"{MNIST_CODE}: nb_gen 1001; its generations 0..1000 are batches 1..1001 here"
        ),
        "encoding.coordinates": f"{CODE}/phen/phen_grayscale_image.hpp: pixel indices",
    },
)


def _single(preset: Preset, name: str, title: str) -> Preset:
    """Aim a preset at one label."""
    kept = {key: text for key, text in preset.sources.items() if key not in _MAP_ELITES_SOURCES}
    return replace(
        preset,
        name=name,
        title=title,
        algorithm=SingleTargetSettings(size=100, keep_rate=0.6, coefficient=1.1, target=3),
        sources={**kept, **_SINGLE_SOURCES},
    )


_PRESETS = {
    preset.name: preset
    for preset in (
        _DIRECT_PAPER,
        _CPPN_PAPER,
        _DIRECT_PUBLISHED,
        _CPPN_PUBLISHED,
        _single(_DIRECT_PAPER, "mnist-direct-single", "One digit, pixel by pixel"),
        _single(_CPPN_PAPER, "mnist-cppn-single", "One digit from pattern-producing networks"),
    )
}


def names() -> tuple[str, ...]:
    """Return the names of all presets, in the order in which they are shown."""
    return tuple(_PRESETS)


def get(name: str) -> Preset:
    """Return a preset, or raise UnknownPreset, which lists the known names."""
    try:
        return _PRESETS[name]
    except KeyError:
        raise UnknownPreset(f"no preset {name!r}; known: {', '.join(_PRESETS)}") from None
