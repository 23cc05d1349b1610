"""Photographs' labels: networks trained on ImageNet, 256 x 256 pixels in colour.

"fast" presets are the paper's, but the network sees each picture once instead of ten crops of it.
"""

from dataclasses import replace

from evolution.algorithms.presets import sources, values
from evolution.algorithms.presets.sources import (
    CODE,
    IMAGENET_CODE,
    IMAGENET_DIRECT_CODE,
    PAPER,
)
from evolution.algorithms.settings import (
    CppnSettings,
    DirectSettings,
    MapElitesSettings,
    Preset,
)

_COMMON = {
    "classifier": f"{PAPER}, §2.1: a network trained on ImageNet",
    "encoding.image_size": f"{PAPER}, §2.2: 256 x 256 pixels",
}
_HSV = f"{PAPER}, §2.2: hue, saturation, value"
_HLS = (
    f"{CODE}/phen/phen_color_image.hpp: an 8-bit OpenCV picture in hue, lightness, saturation, "
    "whose hue repeats after 180"
)
_TEN = f"{PAPER}, §3.3: ten crops, averaged; code: use_crops true for both encodings"
_WHOLE = "free choice: one view instead of ten makes a run about ten times as fast"
_ANY_LABEL = "free choice: any label will do"

CPPN_PAPER = Preset(
    name="imagenet-cppn-paper",
    title="Colour pictures from pattern-producing networks, as the paper describes",
    classifier="imagenet",
    crops="ten",
    generations=5000,
    encoding=CppnSettings(
        image_size=256, colour="hsv", coordinates="normalised", rates=values.CPPN_RATES
    ),
    algorithm=MapElitesSettings(initial=400, children=400),
    sources=_COMMON
    | sources.cppn(IMAGENET_CODE)
    | sources.map_elites(IMAGENET_CODE)
    | {
        "crops": _TEN,
        "generations": f"{PAPER}, §3.4: 5000 generations",
        "encoding.colour": _HSV,
        "encoding.coordinates": f'{PAPER}, §2.2: "(x, y) position", read as customary: [-1, 1]',
    },
)

CPPN_PUBLISHED = replace(
    CPPN_PAPER,
    name="imagenet-cppn-published",
    title="Colour pictures from pattern-producing networks, as the published code does",
    generations=5001,
    encoding=CppnSettings(image_size=256, colour="hls", coordinates="raw", rates=values.CPPN_RATES),
    sources={
        **CPPN_PAPER.sources,
        "generations": (
            f"{IMAGENET_CODE}: nb_gen 5001; its generations 0..5000 are batches 1..5001 here"
        ),
        "encoding.colour": _HLS,
        "encoding.coordinates": f"{CODE}/phen/phen_color_image.hpp: pixel indices",
    },
)

DIRECT_PAPER = Preset(
    name="imagenet-direct-paper",
    title="Colour pictures, pixel by pixel, as the paper describes",
    classifier="imagenet",
    crops="ten",
    generations=20_000,
    encoding=DirectSettings(image_size=256, colour="hsv", rates=values.PAPER_DIRECT_RATES),
    algorithm=MapElitesSettings(initial=200, children=200),
    sources=_COMMON
    | sources.DIRECT
    | sources.map_elites(IMAGENET_DIRECT_CODE)
    | values.PAPER_DIRECT_SOURCES
    | {
        "crops": _TEN,
        "generations": f"{PAPER}, §3.3: 20,000 generations",
        "encoding.colour": _HSV,
    },
)

DIRECT_PUBLISHED = Preset(
    name="imagenet-direct-published",
    title="Colour pictures, pixel by pixel, as the published code does",
    classifier="imagenet",
    crops="ten",
    generations=5010,
    encoding=DirectSettings(image_size=256, colour="hls", rates=values.PUBLISHED_DIRECT_RATES),
    algorithm=MapElitesSettings(initial=200, children=200),
    sources=_COMMON
    | sources.DIRECT
    | sources.map_elites(IMAGENET_DIRECT_CODE)
    | values.PUBLISHED_DIRECT_SOURCES
    | {
        "crops": _TEN,
        "generations": (
            f"{IMAGENET_DIRECT_CODE}: nb_gen 5010; its generations 0..5009 are batches 1..5010 here"
        ),
        "encoding.colour": _HLS,
    },
)


def _fast(preset: Preset, name: str, title: str) -> Preset:
    return replace(
        preset, name=name, title=title, crops="whole", sources={**preset.sources, "crops": _WHOLE}
    )


CPPN_FAST = _fast(
    CPPN_PAPER,
    "imagenet-cppn-fast",
    "Colour pictures from pattern-producing networks, each seen once",
)
DIRECT_FAST = _fast(
    DIRECT_PAPER, "imagenet-direct-fast", "Colour pictures, pixel by pixel, each seen once"
)

PRESETS = (
    CPPN_FAST,
    CPPN_PAPER,
    CPPN_PUBLISHED,
    DIRECT_FAST,
    DIRECT_PAPER,
    DIRECT_PUBLISHED,
    values.aimed(
        CPPN_FAST,
        "imagenet-cppn-single",
        "One label of ImageNet from pattern-producing networks",
        generations="Evolving-AI-Lab/innovation-engine, dl_rank_simple_images.cpp: nb_gen 5001",
        target=_ANY_LABEL,
    ),
)
