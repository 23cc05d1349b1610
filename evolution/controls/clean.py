"""Photographs and digits as they were taken."""

from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from evolution.controls.base import Control, Domain, Pixels

PICTURES = Path(__file__).with_name("pictures")

PHOTOGRAPHS = {
    "bee": ("bee",),
    "bridge": ("suspension bridge",),
    "bucket": ("bucket",),
    # A tabby; ImageNet's own pictures mix up its three labels for striped domestic cats.
    "cat": ("tabby", "tiger cat", "Egyptian cat"),
    "citrus": ("orange", "lemon"),
    "dam": ("dam",),
    "espresso": ("espresso", "cup"),
    "fig": ("fig",),
    "hammer": ("hammer",),
    "mountain": ("alp",),
    "paintbrushes": ("paintbrush",),
    "palace": ("palace",),
    "pan": ("frying pan",),
    "panda": ("giant panda",),
    # No label says rocket; these two are of what looks like one.
    "rocket": ("missile", "projectile"),
    "screwdriver": ("screwdriver",),
    "solar-cooker": ("solar dish",),
    "tripod": ("tripod",),
    "uniform": ("military uniform",),
    "volleyball": ("volleyball",),
}
PRACTICE = {
    "basketball": ("basketball",),
    "broccoli": ("broccoli",),
    "fire-engine": ("fire engine",),
    "goldfish": ("goldfish",),
}

SHOWN, SPARE = 3, 1  # digits of a class: columns of their sheet
PRACTICE_DIGITS = (1, 3, 7, 8)


def photographs(domain: Domain) -> list[Control]:
    """Twenty photographs, or thirty digits, three of each class."""
    if domain is Domain.PHOTOGRAPHS:
        return [_photograph(name, "photograph", truth) for name, truth in PHOTOGRAPHS.items()]
    sheet = _sheet()
    return [
        Control(f"digit {digit}, {column + 1}", "photograph", (str(digit),), sheet[digit, column])
        for digit in range(10)
        for column in range(SHOWN)
    ]


def practice(domain: Domain) -> list[Control]:
    """Four clear pictures that are no controls."""
    if domain is Domain.PHOTOGRAPHS:
        return [_photograph(name, "practice", truth) for name, truth in PRACTICE.items()]
    sheet = _sheet()
    return [
        Control(f"practice digit {digit}", "practice", (str(digit),), sheet[digit, SHOWN])
        for digit in PRACTICE_DIGITS
    ]


def _photograph(name: str, kind: str, truth: tuple[str, ...]) -> Control:
    return Control(name, kind, truth, _read(PICTURES / f"{name}.webp", "RGB"))


@cache
def _read(path: Path, mode: str) -> Pixels:
    with Image.open(path) as picture:
        pixels = np.array(picture.convert(mode))
    pixels = pixels.reshape(*pixels.shape[:2], -1)
    pixels.setflags(write=False)  # it is shared by all who ask
    return pixels


def _sheet() -> Pixels:
    """Digits by class and column, (10, 4, 28, 28, 1)."""
    height, width, channels = Domain.DIGITS.shape
    columns = SHOWN + SPARE
    tiles = _read(PICTURES / "digits.png", "L").reshape(10, height, columns, width, channels)
    return tiles.swapaxes(1, 2)
