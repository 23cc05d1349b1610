"""The places of a brood, and who may take them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from evolution.algorithms.breeding.looks import ALIKE, FAR, PLAIN, Look, distance, look, spread
from evolution.algorithms.breeding.settings import BreedingSettings
from evolution.genomes.direct import DirectGenome
from evolution.genomes.neat import NeatGenome

Bred: TypeAlias = NeatGenome | DirectGenome
CANDIDATES = 4  # that a place sees at most
BOLDER = 1.5  # how much stronger each further candidate varies


@dataclass(frozen=True)
class Child:
    """One picture of a brood. parent, mate: places among the parents that it stems from.

    kept: it is that parent, or an imported picture, unchanged.
    """

    genome: Bred
    parent: int | None
    mate: int | None
    kept: bool


class Company:
    """The looks of those that are there already.

    parents: who the children stem from. plain: the spread that is the least to be seen.
    """

    def __init__(
        self, settings: BreedingSettings, parents: Sequence[Bred] = (), plain: float = PLAIN
    ) -> None:
        self._settings, self._plain = settings, plain
        self._looks = settings.avoid_plain or settings.avoid_duplicates
        self._parents = {
            number: look(parent)
            for number, parent in enumerate(parents)
            if self._looks and isinstance(parent, NeatGenome)
        }
        self._seen = list(self._parents.values())

    def choose(self, candidate: Callable[[float], Child]) -> Child:
        """Return the first candidate that fits in, or the one that does best.

        candidate: makes one of a boldness, 1 at first. A directly encoded child differs from its
        parent in thousands of pixels and by nothing that a glance would find: it is taken as it is.
        """
        best: tuple[float, Child, Look] | None = None
        for attempt in range(CANDIDATES):
            child = candidate(BOLDER**attempt)
            if not self._looks or isinstance(child.genome, DirectGenome):
                return child
            seen = look(child.genome)
            merit = self._merit(child, seen)
            if best is None or merit > best[0]:
                best = merit, child, seen
            if merit >= 1:
                break
        assert best is not None
        self._seen.append(best[2])
        return best[1]

    def _merit(self, child: Child, seen: Look) -> float:
        """Return by how much a picture fits in: 1 or more, it does. Plain ones come last."""
        visible = spread(seen) / self._plain if self._settings.avoid_plain else 1.0
        if visible < 1:
            return visible - 1
        merit, strength = 1.0, self._settings.strength
        if self._settings.avoid_duplicates and self._seen:
            alike = between(ALIKE, strength)
            merit = float(distance(seen, np.array(self._seen)).min()) / alike
        if child.parent in self._parents and child.mate is None:
            parent = self._parents[child.parent]
            far = float(distance(seen, parent[None]).item())
            merit = min(merit, between(FAR, strength) / max(far, 1e-9))
        return merit


def between(ends: tuple[float, float], strength: float) -> float:
    """Return what lies at a strength between the values for none and for full."""
    weak, strong = ends
    return weak + (strong - weak) * strength
