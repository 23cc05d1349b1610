"""The archive of a run: one elite for every cell."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from evolution.genomes.base import Indices, Population

NOBODY = -1  # a parent, mate or holder that does not exist


@dataclass(frozen=True)
class Takeovers:
    """The accepted challenges of one batch, in the order of their cells.

    cells, challengers: (T,) which cell was taken, and by which row of the batch.
    confidences, previous: (T,) of the new elite and of the one it replaces; previous is -inf where
        the cell was empty.
    """

    cells: Indices
    challengers: Indices
    confidences: NDArray[np.float64]
    previous: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.cells)


class Archive:
    """Elites and their confidences; empty until the first batch, full from then on.

    confidences: (n_cells,) float64; -inf while a cell is empty.
    holders: (n_cells,) int64, the stored individual that holds each cell. The archive only makes
        room for them: whoever stores individuals writes them. NOBODY where unknown.
    """

    def __init__(self, n_cells: int) -> None:
        if n_cells < 1:
            raise ValueError(f"n_cells must be at least 1, not {n_cells}")
        self.confidences = np.full(n_cells, -np.inf)
        self.holders = np.full(n_cells, NOBODY, dtype=np.int64)
        self._elites: Population | None = None

    @classmethod
    def restored(
        cls, elites: Population, confidences: Sequence[float], holders: Sequence[int]
    ) -> Self:
        """Rebuild the archive of a stored run; every argument in the order of the cells."""
        if not len(elites) == len(confidences) == len(holders):
            raise ValueError(
                "elites, confidences and holders must have one entry per cell, not "
                f"{len(elites)}, {len(confidences)} and {len(holders)}"
            )
        archive = cls(len(elites))
        archive.confidences[:] = confidences
        if not np.isfinite(archive.confidences).all():
            raise ValueError("confidences of stored elites must be finite numbers")
        archive.holders[:] = holders
        archive._elites = elites
        return archive

    def __len__(self) -> int:
        return len(self.confidences)

    @property
    def is_empty(self) -> bool:
        return self._elites is None

    @property
    def elites(self) -> Population:
        """The genomes of all cells, in their order."""
        if self._elites is None:
            raise ValueError("the archive is empty: there are no elites yet")
        return self._elites

    def holders_of(self, cells: Indices) -> Indices:
        """Return who holds each cell; NOBODY for the cell NOBODY. cells: (N,)."""
        return np.where(cells == NOBODY, NOBODY, self.holders[cells])

    def add(self, genomes: Population, confidences: NDArray[np.floating]) -> Takeovers:
        """Let every genome challenge every cell. confidences: (len(genomes), n_cells).

        A challenge is accepted if strictly better than the elite; of equal challengers the first
        wins. This is what offering the genomes one by one gives (fooling: map_elite.hpp).
        """
        expected = (len(genomes), len(self))
        if confidences.shape != expected:
            raise ValueError(f"confidences must have shape {expected}, not {confidences.shape}")
        if not len(genomes):
            raise ValueError("genomes must not be empty")
        best = confidences.max(axis=0).astype(np.float64)  # a NaN wins, and is found below
        if not np.isfinite(best).all():
            raise ValueError("confidences must be finite numbers, but hold NaN or infinity")
        cells = np.flatnonzero(best > self.confidences)
        # Who is best is asked only where it matters: of few cells, once the search has settled.
        challengers = confidences[:, cells].argmax(axis=0)  # the first of equals
        return self.place(cells, genomes, challengers, best[cells])

    def place(
        self,
        cells: Indices,
        genomes: Population,
        challengers: Indices,
        confidences: NDArray[np.float64],
    ) -> Takeovers:
        """Give row `challengers[k]` of genomes the cell `cells[k]`, whoever holds it.

        cells: distinct, ascending; all cells if the archive is empty.
        """
        takeovers = Takeovers(cells, challengers, confidences, self.confidences[cells])
        if self._elites is not None:
            self._elites.replace(cells, genomes, challengers)
        elif len(cells) == len(self):
            self._elites = genomes.take(challengers)
        else:
            raise ValueError(f"the first batch must fill all {len(self)} cells, not {len(cells)}")
        self.confidences[cells] = confidences
        self.holders[cells] = NOBODY
        return takeovers
