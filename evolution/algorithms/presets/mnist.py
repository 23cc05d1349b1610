"""Digits: a LeNet, 28 x 28 grey pixels."""

from dataclasses import replace

from evolution.algorithms.presets import sources, values
from evolution.algorithms.presets.sources import CODE, MNIST_CODE, PAPER
from evolution.algorithms.settings import (
    CppnSettings,
    DirectSettings,
    MapElitesSettings,
    Preset,
)

_COMMON = {
    "classifier": f"{PAPER}, §2.1: a LeNet on MNIST",
    "crops": f"{PAPER}, §3.3 speaks of crops for ImageNet alone; code: use_crops false",
    "encoding.image_size": f"{PAPER}, §2.2: 28 x 28 pixels",
    "encoding.colour": f"{PAPER}, §2.2: one grey value per pixel for MNIST",
} | sources.map_elites(f"{CODE}/dl_map_elites_images_mnist*.cpp")
_ANY_LABEL = "free choice: any label will do"
_AS_MANY = "free choice: as many as for all labels (innovation-engine: nb_gen 5001)"

DIRECT_PAPER = Preset(
    name="mnist-direct-paper",
    title="Digits, pixel by pixel, as the paper describes",
    classifier="mnist",
    crops="whole",
    generations=200,
    encoding=DirectSettings(image_size=28, colour="grey", rates=values.PAPER_DIRECT_RATES),
    algorithm=MapElitesSettings(initial=200, children=200),
    sources=_COMMON
    | sources.DIRECT
    | values.PAPER_DIRECT_SOURCES
    | {"generations": f"{PAPER}, §3.1: 200 generations"},
)

DIRECT_PUBLISHED = Preset(
    name="mnist-direct-published",
    title="Digits, pixel by pixel, as the published code does",
    classifier="mnist",
    crops="whole",
    generations=1010,
    encoding=DirectSettings(image_size=28, colour="grey", rates=values.PUBLISHED_DIRECT_RATES),
    algorithm=MapElitesSettings(initial=200, children=200),
    sources=_COMMON
    | sources.DIRECT
    | values.PUBLISHED_DIRECT_SOURCES
    | {
        "generations": (
            f"{CODE}/dl_map_elites_images_mnist_direct_encoding.cpp: nb_gen 1010; "
            "its generations 0..1009 are batches 1..1010 here"
        ),
    },
)

CPPN_PAPER = Preset(
    name="mnist-cppn-paper",
    title="Digits from pattern-producing networks, as the paper describes",
    classifier="mnist",
    crops="whole",
    generations=200,
    encoding=CppnSettings(
        image_size=28, colour="grey", coordinates="normalised", rates=values.CPPN_RATES
    ),
    algorithm=MapElitesSettings(initial=200, children=200),
    sources=_COMMON
    | sources.cppn(MNIST_CODE)
    | {
        "generations": f"{PAPER}, §3.2: 200 generations",
        "encoding.coordinates": f'{PAPER}, §2.2: "(x, y) position", read as customary: [-1, 1]',
    },
)

CPPN_PUBLISHED = replace(
    CPPN_PAPER,
    name="mnist-cppn-published",
    title="Digits from pattern-producing networks, as the published code does",
    generations=1001,
    encoding=CppnSettings(image_size=28, colour="grey", coordinates="raw", rates=values.CPPN_RATES),
    sources={
        **CPPN_PAPER.sources,
        "generations": (
            f"{MNIST_CODE}: nb_gen 1001; its generations 0..1000 are batches 1..1001 here"
        ),
        "encoding.coordinates": f"{CODE}/phen/phen_grayscale_image.hpp: pixel indices",
    },
)

PRESETS = (
    DIRECT_PAPER,
    CPPN_PAPER,
    DIRECT_PUBLISHED,
    CPPN_PUBLISHED,
    values.aimed(
        DIRECT_PAPER,
        "mnist-direct-single",
        "One digit, pixel by pixel",
        generations=_AS_MANY,
        target=_ANY_LABEL,
    ),
    values.aimed(
        CPPN_PAPER,
        "mnist-cppn-single",
        "One digit from pattern-producing networks",
        generations=_AS_MANY,
        target=_ANY_LABEL,
    ),
)
