"""A generation as the ledger notes it, and what of it is stored."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.base import FloatArray
from evolution.archives import NOBODY
from evolution.genomes import codec
from evolution.genomes.base import Indices, Population
from evolution.services import predicting, rows
from evolution.services.portraits import Portraitist


@dataclass(frozen=True)
class Page:
    """What has to be kept of one generation until there is time to write it down.

    winners, rows: (W,) the genomes that took a cell, and their places in the batch.
    numbers, parents, mates: (W,) of the ledger; NOBODY: there is none.
    said: (W, n_labels) what the classifier said of them.
    cells, holders, confidences: (T,) who took which cell.
    archive: (n_cells,) all confidences afterwards.
    """

    generation: int
    winners: Population
    rows: Indices
    numbers: Indices
    parents: Indices
    mates: Indices
    said: FloatArray
    cells: Indices
    holders: Indices
    confidences: NDArray[np.float64]
    archive: NDArray[np.float64]
    evaluations: int
    elapsed: float
    noted_at: datetime


@dataclass(slots=True)
class Birth:
    """An individual to be stored. number, parent, mate: of the ledger."""

    number: int
    generation: int
    position: int
    parent: int | None
    mate: int | None
    encoding: str
    genome: bytes | None
    portrait: bytes | None
    top: list[tuple[int, float]]


@dataclass(slots=True)
class Reign:
    """A cell taken. holder: a number of the ledger; taken_at: as a value of a row."""

    cell: int
    holder: int
    confidence: float
    since: int
    taken_at: Any
    until: int | None = None


def births(page: Page, portraitist: Portraitist) -> list[Birth]:
    tops = predicting.tops(page.said)
    portraits = portraitist.portraits(page.winners)
    found = []
    for row, (number, position, parent, mate) in enumerate(
        zip(
            page.numbers.tolist(),
            page.rows.tolist(),
            page.parents.tolist(),
            page.mates.tolist(),
            strict=True,
        )
    ):
        found.append(
            Birth(
                number,
                page.generation,
                position,
                None if parent == NOBODY else parent,
                None if NOBODY in (parent, mate) else mate,
                page.winners.encoding,
                codec.encode(page.winners[row]),
                portraits[row],
                tops[row],
            )
        )
    return found


def reigns(page: Page) -> list[Reign]:
    taken_at = rows.moment(page.noted_at)
    return [
        Reign(cell, holder, confidence, page.generation, taken_at)
        for cell, holder, confidence in zip(
            page.cells.tolist(), page.holders.tolist(), page.confidences.tolist(), strict=True
        )
    ]


def statistics(page: Page) -> tuple[Any, ...]:
    """generation, median, mean, minimum, maximum, takeovers, evaluations, elapsed."""
    ordered = np.sort(page.archive)
    median = (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
    return (
        page.generation,
        float(median),
        float(page.archive.mean()),
        float(ordered[0]),
        float(ordered[-1]),
        len(page.cells),
        page.evaluations,
        page.elapsed,
    )
