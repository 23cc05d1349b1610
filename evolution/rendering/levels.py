"""The order in which a batch of networks is evaluated level by level.

Four kinds of sums are planned, all in the same way: those of nodes that depend on one coordinate at
most, which make up lines; what lines bring to nodes that depend on both, along the columns and
down the rows; and what the latter bring one another at every pixel.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evolution.genomes.base import Flags, Indices
from evolution.genomes.cppn import N_INPUTS, SINE, weights_of
from evolution.genomes.extents import PIXEL, ROW
from evolution.genomes.kernels.cppn import NODES, Rows
from evolution.rendering.surveys import ALONG, AT_PIXELS, DOWN, LINE, surveyed

AXIS, ONES, ZEROS = range(3)  # lines that all networks share: the inputs x and y, the bias, nothing
DISTANCE = 0  # the row of values at pixels that all networks share: the input d


class Pass(NamedTuple):
    """The k-th edges of the nodes of one level: `values[start:start + n] += weights * sources`."""

    start: int
    sources: Indices
    weights: NDArray[np.float64]


class Level(NamedTuple):
    """Rows start..end, their passes, and which of them have which activation."""

    start: int
    end: int
    passes: list[Pass]
    rows_by_activation: dict[int, Indices]


class Schedule(NamedTuple):
    """How to compute (n_lines, side) lines, and from them the values at pixels.

    lines: levels of nodes. sums: levels of what lines bring to pixels; whole turns are left out of
    those that are `turning`, since they lead to sines.
    along, down: the lines from which each of n_rows rows of values at pixels starts.
    pixels: levels of nodes. outputs: (B, n_outputs) their rows.
    """

    n_lines: int
    n_rows: int
    lines: list[Level]
    sums: list[Level]
    turning: Indices
    along: Indices
    down: Indices
    pixels: list[Level]
    outputs: Indices


def schedule(rows: Rows, n_outputs: int) -> Schedule:
    """Plan the evaluation of a batch of networks."""
    planner = _Planner(rows, n_outputs)
    lines = planner.sums(LINE, ZEROS + 1)
    along = planner.sums(ALONG, lines.end)
    down = planner.sums(DOWN, along.end)
    pixels = planner.sums(AT_PIXELS, DISTANCE + 1)
    line_of, pixel_of = planner.rows_of(lines), planner.rows_of(pixels)
    line_of[:, :N_INPUTS] = AXIS, AXIS, ZEROS, ONES
    pixel_of[:, 2] = DISTANCE

    # An output that is a line is spread over the pixels, as a row of its own.
    network, output = planner.outputs()
    is_line = planner.survey.extents[network, output] != PIXEL
    spread, goes_down = line_of[network, output], planner.survey.extents[network, output] == ROW
    pixel_of[network[is_line], output[is_line]] = pixels.end + np.arange(np.count_nonzero(is_line))
    return Schedule(
        n_lines=down.end,
        n_rows=pixels.end + int(np.count_nonzero(is_line)),
        lines=planner.levels(lines, line_of),
        sums=planner.levels(along, line_of) + planner.levels(down, line_of),
        turning=np.concatenate([along.rows_with(SINE), down.rows_with(SINE)]),
        along=np.concatenate(
            [[ZEROS], _starts(planner, along, pixels), np.where(goes_down, ZEROS, spread)[is_line]]
        ),
        down=np.concatenate(
            [[ZEROS], _starts(planner, down, pixels), np.where(goes_down, spread, ZEROS)[is_line]]
        ),
        pixels=planner.levels(pixels, pixel_of),
        outputs=pixel_of[network, output].reshape(-1, n_outputs),
    )


class _Sums(NamedTuple):
    """Sums of one kind, from row `start` on; within a level, those of more edges come first.

    So the k-th edges lead to a leading run of rows: they can be added without scattering, and
    always in the same order. network, node: which node each is of.
    """

    kind: int
    start: int
    network: Indices
    node: Indices
    levels: Indices
    activations: NDArray[np.uint8]

    @property
    def end(self) -> int:
        return self.start + len(self.node)

    def rows_with(self, activation: int) -> Indices:
        return self.start + np.flatnonzero(self.activations == activation)


class _Planner:
    def __init__(self, rows: Rows, n_outputs: int) -> None:
        self.rows = rows
        self.n_outputs = n_outputs
        self.survey = surveyed(rows, n_outputs)
        self.levels_of = {
            LINE: self.survey.levels,
            ALONG: np.ones_like(self.survey.levels),
            DOWN: np.ones_like(self.survey.levels),
            AT_PIXELS: self.survey.levels,
        }

    def outputs(self) -> tuple[Indices, Indices]:
        """Return (B * n_outputs,) networks and nodes of the outputs."""
        n_nodes = self.rows.counts[:, NODES, None].astype(np.int64)
        nodes = n_nodes - self.n_outputs + np.arange(self.n_outputs)
        return np.repeat(np.arange(len(nodes)), self.n_outputs), nodes.ravel()

    def sums(self, kind: int, start: int) -> _Sums:
        degrees, levels = self.survey.degrees[kind], self.levels_of[kind]
        network, node = np.nonzero(self._has_sum(kind))
        order = np.lexsort((-degrees[network, node], levels[network, node]))
        network, node = network[order], node[order]
        activations = self.rows.activations[network, node]
        return _Sums(kind, start, network, node, levels[network, node], activations)

    def _has_sum(self, kind: int) -> Flags:
        at_pixels: Flags = self.survey.extents == PIXEL
        needed: Flags = self.survey.levels > 0
        if kind == LINE:
            return needed & ~at_pixels
        if kind == AT_PIXELS:
            return needed & at_pixels
        has_edges: Flags = self.survey.degrees[kind] > 0
        return has_edges

    def rows_of(self, sums: _Sums) -> Indices:
        """Return the (B, N) rows of the sums of nodes; ZEROS for those that have none."""
        rows = np.full(self.survey.levels.shape, ZEROS, dtype=np.int64)
        rows[sums.network, sums.node] = sums.start + np.arange(len(sums.node))
        return rows

    def levels(self, sums: _Sums, source_of: Indices) -> list[Level]:
        """Plan sums. source_of: (B, N) the row of each node that an edge may come from."""
        edges = self._edges(sums, source_of)
        last = int(sums.levels.max(initial=0))
        return [_level(level, sums, edges) for level in range(1, last + 1)]

    def _edges(self, sums: _Sums, source_of: Indices) -> "_Edges":
        network, edge = np.nonzero(self.survey.kinds == sums.kind)
        targets = self.rows.targets[network, edge]
        levels = self.levels_of[sums.kind][network, targets]
        ranks = self.survey.ranks[network, edge]
        order = np.lexsort((self.rows_of(sums)[network, targets], ranks, levels))
        sources = source_of[network, self.rows.sources[network, edge]]
        weights = weights_of(self.rows.genes[network, edge])
        return _Edges(levels[order], ranks[order], sources[order], weights[order])


class _Edges(NamedTuple):
    """Sorted by the level of their targets, their rank, and their targets' rows."""

    levels: Indices
    ranks: Indices
    sources: Indices
    weights: NDArray[np.float64]


def _starts(planner: _Planner, sums: _Sums, pixels: _Sums) -> Indices:
    starts: Indices = planner.rows_of(sums)[pixels.network, pixels.node]
    return starts


def _level(level: int, sums: _Sums, edges: _Edges) -> Level:
    first, last = np.searchsorted(sums.levels, (level, level + 1))
    start = sums.start + int(first)
    begin, end = np.searchsorted(edges.levels, (level, level + 1))
    bounds = begin + np.flatnonzero(np.diff(edges.ranks[begin:end], prepend=-1, append=-1))
    passes = [
        Pass(start, edges.sources[a:b], edges.weights[a:b]) for a, b in pairwise(bounds.tolist())
    ]
    of_level = sums.activations[first:last]
    rows = {int(kind): start + np.flatnonzero(of_level == kind) for kind in np.unique(of_level)}
    return Level(start, sums.start + int(last), passes, rows)
