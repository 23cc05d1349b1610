"""Small searches for tests: a toy classifier that is quick and likes a different thing per label."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from evolution.algorithms import presets, searching
from evolution.algorithms.base import Search
from evolution.algorithms.settings import MapElitesSettings, Preset, SingleTargetSettings
from evolution.archives import Takeovers
from evolution.genomes.base import Population
from evolution.rendering import renderer

N_LABELS = 4
GENERATIONS = 4


def small(name: str) -> Preset:
    """A preset with small populations and pictures and few generations."""
    preset = presets.get(name)
    algorithm: MapElitesSettings | SingleTargetSettings = MapElitesSettings(initial=12, children=16)
    if isinstance(preset.algorithm, SingleTargetSettings):
        algorithm = replace(preset.algorithm, size=20, target=2)
    encoding = replace(preset.encoding, image_size=28)
    return replace(preset, generations=GENERATIONS, encoding=encoding, algorithm=algorithm)


def confidences(population: Population, size: int) -> NDArray[np.float64]:
    """How well each picture fits waves of four frequencies. Returns (B, N_LABELS) in 0..1."""
    images = renderer("cpu").express(population, size).mean(axis=3) / 255
    ramp = np.linspace(0, np.pi, size)
    waves = np.array([np.sin(k * ramp)[:, None] * np.cos(k * ramp) for k in range(1, N_LABELS + 1)])
    fit = np.tensordot(images, waves, axes=([1, 2], [1, 2]))
    scores: NDArray[np.float64] = 1 / (1 + np.exp(-4 * fit / size))
    return scores


def generation(search: Search, preset: Preset, number: int, seed: int = 1) -> Takeovers:
    offspring = search.ask(np.random.default_rng([seed, number]), number)
    return search.tell(offspring, confidences(offspring.genomes, preset.encoding.image_size))


def ran(preset: Preset, seed: int = 1) -> Search:
    search = searching.search(preset, N_LABELS)
    for number in range(preset.generations + 1):
        generation(search, preset, number, seed)
    return search


def resumed(search: Search, preset: Preset) -> Search:
    """The same search, rebuilt from nothing but its elites, as from the database."""
    archive = search.archive
    elites = type(archive.elites).of(archive.elites[cell] for cell in range(len(archive)))
    return searching.restore(
        preset, N_LABELS, elites, archive.confidences.tolist(), archive.holders.tolist()
    )


def fingerprint(search: Search) -> tuple[object, ...]:
    archive = search.archive
    return (*(archive.elites[cell] for cell in range(len(archive))), *archive.confidences.tolist())
