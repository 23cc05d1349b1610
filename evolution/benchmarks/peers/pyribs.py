"""pyribs: children are rows of (solution, objective, measures), one for each cell they compete in."""

from typing import Any

import numpy as np

from classifiers.base import FloatArray
from evolution.benchmarks.interleaved import Work
from evolution.benchmarks.peers import is_there


def adding(batch: FloatArray) -> dict[str, Work]:
    """Offer a batch, (children, cells): to it as it is, and after our own choice of the best.

    Solutions are the numbers of the children. Nothing where pyribs is not installed.
    """
    if not is_there("pyribs"):
        return {}
    children, cells = batch.shape
    archive = full_archive(batch)
    numbers = np.repeat(np.arange(children, dtype=np.float32), cells)[:, None]
    measures = np.tile(np.arange(cells) + 0.5, children)[:, None]
    every_cell = np.arange(cells) + 0.5

    def offer_all() -> None:
        archive.add(numbers, batch.ravel(), measures)

    def offer_best() -> None:
        best = batch.argmax(axis=0)
        archive.add(best[:, None], batch[best, np.arange(cells)], every_cell[:, None])

    return {"pyribs": offer_all, "pyribs, best rows only": offer_best}


def full_archive(batch: FloatArray) -> Any:
    """Return an archive in which every cell is held by the best of the batch."""
    from ribs.archives import GridArchive

    cells = batch.shape[1]
    archive = GridArchive(solution_dim=1, dims=(cells,), ranges=[(0, cells)])
    best = batch.argmax(axis=0)
    archive.add(best[:, None], batch.max(axis=0), np.arange(cells)[:, None] + 0.5)
    return archive
