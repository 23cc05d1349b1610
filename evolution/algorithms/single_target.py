"""A rank-based evolutionary algorithm that aims at one label."""

from math import log

import numpy as np
from numpy.typing import NDArray

from evolution.algorithms.base import (
    Offspring,
    RandomGenomes,
    Turn,
    first_generation,
    next_generation,
)
from evolution.algorithms.settings import SingleTargetSettings
from evolution.archives import Archive, Takeovers
from evolution.genomes.rates import Rates


class SingleTarget:
    """The rank EA of the published code (fooling: ea/rank_simple.hpp).

    Its cells are the slots of a population of one label. The best `kept` slots live on and are the
    parents; children replace all others, better or not. A slot changes only when its individual is
    replaced, so ranks are found by sorting confidences (ties: the lower slot ranks first).

    One deliberate difference: the published code draws the parents' rank as size - f(u), which
    falls on size - kept .. size - 1: never the best, often the very children to be replaced. Here
    it is kept - f(u), which falls on 0 .. kept - 1 and favours the best, as the formula intends.
    """

    def __init__(
        self, settings: SingleTargetSettings, rates: Rates, random: RandomGenomes, archive: Archive
    ) -> None:
        self.archive = archive
        self._settings = settings
        self._rates = rates
        self._random = random
        self._turn = Turn()

    def ask(self, rng: np.random.Generator, generation: int) -> Offspring:
        self._turn.check_ask(generation, self.archive)
        if generation == 0:
            return self._turn.asked(first_generation(self._random(self._settings.size, rng)))
        n_pairs = self._settings.children // 2
        ranks = parent_ranks(rng.random((n_pairs, 2)), self._settings)
        pairs = self._slots_by_rank()[ranks]
        rates = self._rates.at(generation)
        return self._turn.asked(next_generation(self.archive, pairs, rng, rates, generation))

    def tell(self, offspring: Offspring, confidences: NDArray[np.floating]) -> Takeovers:
        self._turn.check_tell(offspring, confidences)
        target = self._settings.target
        if target >= confidences.shape[1]:
            raise ValueError(f"confidences have no column for the target label {target}")
        values = confidences[:, target].astype(np.float64)
        if not np.isfinite(values).all():
            raise ValueError("confidences must be finite numbers, but hold NaN or infinity")
        rows = np.arange(len(offspring))
        slots = rows if self.archive.is_empty else self._replaced_slots()
        takeovers = self.archive.place(slots, offspring.genomes, rows, values)
        self._turn.told()
        return takeovers

    def _slots_by_rank(self) -> NDArray[np.int64]:
        return np.argsort(-self.archive.confidences, kind="stable")

    def _replaced_slots(self) -> NDArray[np.int64]:
        return np.sort(self._slots_by_rank()[self._settings.kept :])


def parent_ranks(draws: NDArray[np.float64], settings: SingleTargetSettings) -> NDArray[np.int64]:
    """Turn uniform draws in [0, 1) into ranks 0 (best) .. kept - 1, favouring low ones."""
    kappa = settings.coefficient ** (settings.kept + 1) - 1
    factor = settings.kept / log(kappa + 1)
    ranks = settings.kept - factor * np.log(draws * kappa + 1)
    return np.minimum(ranks.astype(np.int64), settings.kept - 1)
