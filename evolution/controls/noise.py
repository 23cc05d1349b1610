"""Pictures of nothing: how often does somebody find the network's label in them?"""

import numpy as np
from numpy.random import Generator

from evolution.controls.base import Control, Domain, Pixels
from evolution.controls.clean import photographs


def noise(domain: Domain, count: int, rng: Generator) -> list[Control]:
    """By turns uniform noise, and noise that shares the statistics of a clean picture.

    Of a photograph that is its amplitude spectrum (phases are random); of a digit its pixels
    (shuffled), since a digit with other phases is a patch of grey.
    """
    found = []
    clean = photographs(domain)
    order = rng.permutation(len(clean))
    for number in range(count):
        source = clean[order[number // 2 % len(clean)]]
        if number % 2 == 0:
            found.append(_noise(f"uniform noise {number + 1}", _uniform(domain, rng)))
        elif domain is Domain.PHOTOGRAPHS:
            name = f"{source.name} with random phases, {number + 1}"
            found.append(_noise(name, _scrambled(source.pixels, rng)))
        else:
            found.append(_noise(f"{source.name} shuffled, {number + 1}", _shuffled(source, rng)))
    return found


def _noise(name: str, pixels: Pixels) -> Control:
    return Control(name, "noise", (), pixels)


def _uniform(domain: Domain, rng: Generator) -> Pixels:
    return rng.integers(0, 256, domain.shape, np.uint8)


def _shuffled(source: Control, rng: Generator) -> Pixels:
    return rng.permutation(source.pixels.reshape(-1)).reshape(source.pixels.shape)


def _scrambled(pixels: Pixels, rng: Generator) -> Pixels:
    """Add the phases of noise: one change for all channels, so that colours stay related."""
    height, width = pixels.shape[:2]
    spectrum = np.fft.rfft2(pixels.astype(float), axes=(0, 1))
    # Phases of a real picture are what lets the inverse be real.
    change = np.exp(1j * np.angle(np.fft.rfft2(rng.standard_normal((height, width)))))
    change[0, 0] = 1  # the mean colour stays
    scrambled = np.fft.irfft2(spectrum * change[..., None], s=(height, width), axes=(0, 1))
    return scrambled.clip(0, 255).round().astype(np.uint8)
