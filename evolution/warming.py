"""Compiled kernels, made or loaded before they are needed: `python -m evolution.warming`.

A machine compiles them once, in a dozen seconds. `./run` lets it do so while it waits for packages.
"""

from dataclasses import replace

import numpy as np

from evolution.algorithms import presets, searching
from evolution.algorithms.settings import MapElitesSettings
from evolution.rendering import Renderer, renderer

_warm: set[tuple[str, str]] = set()  # encodings and colours whose kernels this process has loaded


def warm_up(preset: presets.Preset, draw: Renderer) -> None:
    """Breed and draw a handful of genomes of the preset's encoding, once a process."""
    kind = (preset.encoding.name, preset.encoding.colour)
    if kind in _warm:
        return
    _warm.add(kind)
    rng = np.random.default_rng(0)
    few = replace(preset, algorithm=MapElitesSettings(initial=2, children=2))
    search = searching.search(few, n_labels=2)
    for generation in (0, 1):
        offspring = search.ask(rng, generation)
        draw.express(offspring.genomes, preset.encoding.image_size)
        search.tell(offspring, rng.random((2, 2)))


if __name__ == "__main__":
    for name in presets.names():
        warm_up(presets.get(name), renderer("cpu"))
