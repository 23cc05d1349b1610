"""MAP-Elites, with the labels of a classifier as the cells of the archive."""

import numpy as np
from numpy.typing import NDArray

from evolution.algorithms.base import (
    Offspring,
    RandomGenomes,
    Turn,
    first_generation,
    next_generation,
)
from evolution.algorithms.settings import MapElitesSettings
from evolution.archives import Archive, Takeovers
from evolution.genomes.rates import Rates


class MapElites:
    """Mouret & Clune 2015, as Nguyen, Yosinski & Clune 2015 (§2.2) and their code run it.

    Every genome challenges the elite of every label. Parents are drawn uniformly over cells, with
    replacement, so an individual that holds three cells is three times as likely to be drawn.

    Generation 0 is the random first population; generation g >= 1 is the g-th batch of children.
    The published code (fooling: ea.hpp) calls that batch g - 1 and does not count the random one.
    """

    def __init__(
        self, settings: MapElitesSettings, rates: Rates, random: RandomGenomes, archive: Archive
    ) -> None:
        self.archive = archive
        self._settings = settings
        self._rates = rates
        self._random = random
        self._turn = Turn()

    def ask(self, rng: np.random.Generator, generation: int) -> Offspring:
        self._turn.check_ask(generation, self.archive)
        if generation == 0:
            return self._turn.asked(first_generation(self._random(self._settings.initial, rng)))
        pairs = self._draw_pairs(rng)
        rates = self._rates.at(generation)
        return self._turn.asked(next_generation(self.archive, pairs, rng, rates, generation))

    def tell(self, offspring: Offspring, confidences: NDArray[np.floating]) -> Takeovers:
        """Labels beyond the cells are not aimed at: what is said of them does not count."""
        self._turn.check_tell(offspring, confidences)
        takeovers = self.archive.add(offspring.genomes, confidences[:, : len(self.archive)])
        self._turn.told()
        return takeovers

    def _draw_pairs(self, rng: np.random.Generator) -> NDArray[np.int64]:
        draws = rng.random((self._settings.children // 2, 2))
        return (draws * len(self.archive)).astype(np.int64)
