"""Draw whole populations with torch, level by level, on any of its devices.

All nodes of a level, whichever network they belong to, are computed together. Edges are added in
their order, the first of every node, then the second, and so on: no atomic operations, so a
picture has the same bits as the one of `phenotypes.py`, on every device and in every run.
"""

from collections.abc import Iterator

import numpy as np
import torch

from evolution.genomes import activations, colours, elementary
from evolution.genomes.activations import Functions
from evolution.genomes.base import AnyColour, Expression, Indices, Population
from evolution.genomes.cppn_population import CppnPopulation
from evolution.genomes.direct_population import DirectPopulation
from evolution.genomes.elementary import DOUBLE, SINGLE, Primitives
from evolution.genomes.fields import axis, distance, normalised_axis
from evolution.genomes.kernels.cppn import NODES
from evolution.phenotypes import check_size
from evolution.rendering.levels import DISTANCE, Level, Schedule, schedule
from evolution.rendering.pixels import express_pixels

# Values of nodes held at once, in float32 numbers; temporaries take about as much again.
VALUES_ON_GPU = 2**28  # 1 GB
VALUES_ON_CPU = 2**23  # 32 MB


def _primitives(bits: torch.dtype, exponent_bit: int, sign_bit: int) -> Primitives:
    def as_exponent(x: torch.Tensor) -> torch.Tensor:
        return (x.view(bits) << exponent_bit).view(x.dtype)

    def with_sign_of(y: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        return (y.view(bits) ^ (x.view(bits) << sign_bit)).view(y.dtype)

    return Primitives(torch.clamp, as_exponent, with_sign_of)


_ALONG_LINES = activations.build(_primitives(torch.int64, 52, 63), DOUBLE)
_AT_PIXELS = activations.build(_primitives(torch.int32, 23, 31), SINGLE)
_WRAPPED = elementary.wrapping()
_HSV, _HLS = colours.build(torch.floor, torch.clamp)


class TorchRenderer:
    """Draws on a torch device: "cuda:0", or "cpu" where nothing can be compiled."""

    def __init__(self, device: str) -> None:
        self.device = torch.device(device)
        self.values_at_once = VALUES_ON_CPU if self.device.type == "cpu" else VALUES_ON_GPU

    def express(self, population: Population, size: int) -> torch.Tensor:
        """Return (B, size, size, C) pictures on the device; see `Renderer`."""
        check_size(size)
        if isinstance(population, DirectPopulation):
            return self._express_pixels(population, size)
        if not isinstance(population, CppnPopulation):
            raise TypeError(f"population must be CPPNs or direct, not {type(population).__name__}")
        n_nodes = population.rows.counts[:, NODES].astype(np.int64)
        height = min(size, max(1, self.values_at_once // (int(n_nodes.max()) * size)))
        room = max(self.values_at_once // (size * height), int(n_nodes.max()))
        with torch.inference_mode():
            return torch.cat(
                [
                    self._draw(population.take(chunk), size, height)
                    for chunk in _chunks(n_nodes, room)
                ]
            )

    def _express_pixels(self, population: DirectPopulation, size: int) -> torch.Tensor:
        if population.genes.shape[1] != size:
            return self._tensor(express_pixels(population, size))
        genes = self._tensor(population.genes).to(torch.float64)
        whole = torch.trunc(genes * 255.0).to(torch.float32)
        shown = _displayed(whole.flatten(1, 2).movedim(2, 1), population.colour)
        return shown.view(population.genes.shape)

    def _draw(self, population: CppnPopulation, size: int, height: int) -> torch.Tensor:
        """Draw networks that fit into memory together, `height` rows of pixels at a time."""
        expression = population.expression
        plan = schedule(population.rows, expression.n_outputs)
        lines = self._lines(plan, expression, size)
        u, outputs = normalised_axis(size), self._tensor(plan.outputs)
        blocks = []
        for top in range(0, size, height):
            rows = slice(top, min(top + height, size))
            values = self._starts(plan, lines, rows, expression)
            values[DISTANCE] = self._tensor(distance(u, u[rows]).astype(np.float32))
            values = values.flatten(1)
            for level in plan.pixels:
                self._add_up(level, values)
                self._activate(level, values, _AT_PIXELS)
            whole = torch.abs(torch.trunc(values[outputs] * 255.0))
            pixels = _displayed(whole, expression.colour)
            blocks.append(pixels.view(len(population), -1, size, expression.n_outputs))
        return torch.cat(blocks, dim=1)

    def _lines(self, plan: Schedule, expression: Expression, size: int) -> torch.Tensor:
        """Return (n_lines, size) lines in double precision, the shared ones first."""
        lines = torch.zeros((plan.n_lines, size), dtype=torch.float64, device=self.device)
        lines[:2] = self._tensor(np.stack([axis(expression, size), np.ones(size)]))
        for level in plan.lines:
            self._add_up(level, lines)
            self._activate(level, lines, _ALONG_LINES)
        for level in plan.sums:
            self._add_up(level, lines)
        turning = self._tensor(plan.turning)
        lines[turning] = _WRAPPED(lines[turning])
        return lines

    def _starts(
        self, plan: Schedule, lines: torch.Tensor, rows: slice, expression: Expression
    ) -> torch.Tensor:
        """Return (n_rows, height, size) values at pixels: what lines bring them."""
        along = lines[self._tensor(plan.along)][:, None, :]
        down = lines[self._tensor(plan.down)][:, rows, None]
        if expression.coordinates == "raw":
            return (along + down).to(torch.float32)
        return along.to(torch.float32) + down.to(torch.float32)

    def _add_up(self, level: Level, values: torch.Tensor) -> None:
        for step in level.passes:
            sums = values[step.start : step.start + len(step.sources)]
            weights = self._tensor(step.weights)[:, None].to(values.dtype)
            # Two operations: a fused one would round only once.
            sums += values[self._tensor(step.sources)] * weights

    def _activate(self, level: Level, values: torch.Tensor, functions: Functions) -> None:
        for activation, rows in level.rows_by_activation.items():
            where = self._tensor(rows)
            values[where] = functions[activation](values[where])

    def _tensor(self, array: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> torch.Tensor:
        return torch.from_numpy(array).to(self.device)


def _displayed(whole: torch.Tensor, colour: AnyColour) -> torch.Tensor:
    """Turn (B, n_outputs, n) whole numbers into (B, n, C) bytes."""
    if colour != "grey":
        convert = _HSV if colour == "hsv" else _HLS
        whole = torch.stack(convert(*whole.unbind(dim=1)), dim=1)
    return whole.to(torch.uint8).movedim(1, 2)


def _chunks(n_nodes: Indices, room: int) -> Iterator[Indices]:
    """Divide a population into runs of networks with up to `room` nodes. n_nodes: (B,)."""
    start = 0
    while start < len(n_nodes):
        n = max(1, int(np.searchsorted(np.cumsum(n_nodes[start:]), room, side="right")))
        yield np.arange(start, start + n)
        start += n
