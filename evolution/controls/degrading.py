"""The clean pictures made harder, so that the errors of people and networks can be compared.

After R. Geirhos et al., "Generalisation in humans and deep neural networks", NeurIPS 2018: contrast
is reduced towards middle grey, or reduced to 30% and uniform noise added. Theirs are grey pictures;
these keep their colours, as bred ones do.
"""

from collections.abc import Iterator

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from evolution.controls.base import Control, Domain, Pixels
from evolution.controls.clean import photographs

CONTRASTS = (0.3, 0.1)
NOISE_WIDTHS = (0.1, 0.35)  # noise is uniform between minus and plus this, of a range of 1
_UNDER_NOISE = 0.3  # contrast


def degraded(domain: Domain, rng: Generator) -> list[Control]:
    """Every clean picture at each contrast and with noise of each width."""
    return [version for clean in photographs(domain) for version in _versions(clean, rng)]


def _versions(clean: Control, rng: Generator) -> Iterator[Control]:
    for contrast in CONTRASTS:
        yield _version(clean, f"contrast {contrast:.0%}", _faded(clean.pixels, contrast))
    for width in NOISE_WIDTHS:
        faded = _faded(clean.pixels, _UNDER_NOISE)
        added = rng.uniform(-width, width, clean.pixels.shape)
        yield _version(clean, f"noise {width:g}", faded + added)


def _version(clean: Control, how: str, values: NDArray[np.float64]) -> Control:
    return Control(f"{clean.name}, {how}", "degraded", clean.truth, _as_bytes(values))


def _faded(pixels: Pixels, contrast: float) -> NDArray[np.float64]:
    return (pixels / 255 - 0.5) * contrast + 0.5


def _as_bytes(values: NDArray[np.float64]) -> Pixels:
    return (values.clip(0, 1) * 255).round().astype(np.uint8)
