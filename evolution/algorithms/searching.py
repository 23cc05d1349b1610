"""From a preset to a search that runs, new or resumed."""

from collections.abc import Sequence
from functools import partial

from evolution.algorithms.base import RandomGenomes, Search
from evolution.algorithms.map_elites import MapElites
from evolution.algorithms.settings import CppnSettings, MapElitesSettings, Preset
from evolution.algorithms.single_target import SingleTarget
from evolution.archives import Archive
from evolution.genomes.base import Population
from evolution.genomes.cppn_population import CppnPopulation
from evolution.genomes.direct_population import DirectPopulation


def search(preset: Preset, n_labels: int) -> Search:
    """Return a search at its start. n_labels: how many labels evolution aims at."""
    return _search_on(preset, n_labels, Archive(_n_cells(preset, n_labels)))


def restore(
    preset: Preset,
    n_labels: int,
    elites: Population,
    confidences: Sequence[float],
    holders: Sequence[int],
) -> Search:
    """Return the search of a stored run: one elite, confidence and holder for every cell."""
    n_cells = _n_cells(preset, n_labels)
    if len(elites) != n_cells:
        raise ValueError(
            f"elites must hold one elite for each of {n_cells} cells, not {len(elites)}"
        )
    return _search_on(preset, n_labels, Archive.restored(elites, confidences, holders))


def _search_on(preset: Preset, n_labels: int, archive: Archive) -> Search:
    random, rates = _random_genomes(preset), preset.encoding.rates
    if isinstance(preset.algorithm, MapElitesSettings):
        return MapElites(preset.algorithm, rates, random, archive)
    if preset.algorithm.target >= n_labels:
        raise ValueError(f"target label {preset.algorithm.target} is not one of {n_labels} labels")
    return SingleTarget(preset.algorithm, rates, random, archive)


def _n_cells(preset: Preset, n_labels: int) -> int:
    """Return the cells of the archive: labels, or the slots of a single target's population."""
    if isinstance(preset.algorithm, MapElitesSettings):
        return n_labels
    return preset.algorithm.size


def population_type(preset: Preset) -> type[Population]:
    """Return what holds many genomes of the preset's encoding."""
    return CppnPopulation if isinstance(preset.encoding, CppnSettings) else DirectPopulation


def _random_genomes(preset: Preset) -> RandomGenomes:
    if isinstance(preset.encoding, CppnSettings):
        return partial(CppnPopulation.random, expression=preset.encoding.expression)
    size, colour = preset.encoding.image_size, preset.encoding.colour
    return partial(DirectPopulation.random, side=size, colour=colour)
