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
BOLDER = 1.5  # factor for what a further candidate varies, if the last one was too much like others
TIMIDER = 0.5  # and if it was too far from its parent
TINY = 1e-9  # as good as no distance


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
        boldness = 1.0
        for _ in range(CANDIDATES):
            child = candidate(boldness)
            if not self._looks or isinstance(child.genome, DirectGenome):
                return child
            seen = look(child.genome)
            near, distinct = self._nearness(child, seen), self._distinctness(seen)
            if best is None or min(near, distinct) > best[0]:
                best = min(near, distinct), child, seen
            if best[0] >= 1:
                break
            boldness *= TIMIDER if near < distinct else BOLDER
        assert best is not None
        self._seen.append(best[2])
        return best[1]

    def _distinctness(self, seen: Look) -> float:
        """Return how well a picture is seen, and told from the others: 1 is enough.

        Plain ones come after all others.
        """
        if self._settings.avoid_plain and (visible := spread(seen) / self._plain) < 1:
            return visible - 1
        if not self._settings.avoid_duplicates or not self._seen:
            return 1.0
        nearest = distance(seen, np.array(self._seen)).min()
        return float(nearest) / between(ALIKE, self._settings.strength)

    def _nearness(self, child: Child, seen: Look) -> float:
        """Return whether a picture is a variation of its parent: 1 is enough. Of two, it is."""
        if child.parent not in self._parents or child.mate is not None:
            return 1.0
        far = float(distance(seen, self._parents[child.parent][None]).item())
        return between(FAR, self._settings.strength) / max(far, TINY)


def between(ends: tuple[float, float], strength: float) -> float:
    """Return what lies at a strength between the values for none and for full."""
    weak, strong = ends
    return weak + (strong - weak) * strength
