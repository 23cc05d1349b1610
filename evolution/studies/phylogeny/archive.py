"""The champions of a finished run, label by label, as the parts of this study read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from evolution.errors import InvalidInput
from evolution.models import Run
from evolution.studies.base import Outcome


@dataclass(frozen=True)
class Champions:
    """labels, individuals, confidences: of equal length, one place a label."""

    run: Run
    labels: Sequence[int]
    individuals: Sequence[int]
    confidences: Sequence[float]

    @cached_property
    def different(self) -> list[int]:
        """The individuals, each once."""
        return sorted(set(self.individuals))

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """Of each place the row of its individual among the different ones."""
        return np.searchsorted(self.different, self.individuals)

    @cached_property
    def surest(self) -> list[int]:
        """Of each different individual the place of the label that it is surest in."""
        best: dict[int, int] = {}
        for place, individual in enumerate(self.individuals):
            held = best.setdefault(individual, place)
            if self.confidences[place] > self.confidences[held]:
                best[individual] = place
        return sorted(best.values())

    def spread(self, between: NDArray[np.float64]) -> NDArray[np.float64]:
        """Distances between different individuals as distances between places: (N, N)."""
        return np.asarray(between[np.ix_(self.rows, self.rows)])


def champions(outcome: Outcome) -> Champions:
    """Those of a run that was kept. Raises InvalidInput where somebody deleted it since."""
    run = Run.objects.filter(pk=outcome.run or 0).first()
    if run is None:
        raise InvalidInput("run", f"expected the run of “{outcome.key}”, but it was deleted")
    kept = outcome.result
    return Champions(run, kept["labels"], kept["individuals"], kept["confidences"])
