"""Draw whole populations with torch, level by level, on any of its devices.

All nodes of a level, whichever network they belong to, are computed together. Edges are added in
their order, the first of every node, then the second, and so on: no atomic operations, so a
picture has the same bits as the one of `phenotypes.py`, on every device and in every run.
"""

from collections.abc import Iterator

import numpy as np
import torch

from evolution.genomes import activations, colours
from evolution.genomes.activations import EXPONENT_BIT, SIGN_BIT
from evolution.genomes.base import Colour, Indices, Population
from evolution.genomes.cppn import N_INPUTS
from evolution.genomes.cppn_population import CppnPopulation
from evolution.genomes.direct_population import DirectPopulation
from evolution.genomes.kernels.cppn import NODES
from evolution.phenotypes import axis, check_size, distance, normalised_axis
from evolution.rendering.levels import Level, schedule
from evolution.rendering.pixels import express_pixels

# Values of nodes held at once, in float64 numbers; temporaries take about as much again.
VALUES_ON_GPU = 2**27  # 1 GB
VALUES_ON_CPU = 2**22  # 32 MB


def _as_exponent(x: torch.Tensor) -> torch.Tensor:
    return (x.view(torch.int64) << EXPONENT_BIT).view(torch.float64)


def _with_sign_of(y: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    return (y.view(torch.int64) ^ (x.view(torch.int64) << SIGN_BIT)).view(torch.float64)


_FUNCTIONS = activations.build(activations.Primitives(torch.clamp, _as_exponent, _with_sign_of))
_HSV, _HLS = colours.build(torch.floor, torch.clamp)


class TorchRenderer:
    """Draws on a torch device: "cuda:0", or "cpu" where nothing can be compiled."""

    def __init__(self, device: str) -> None:
        self.device = torch.device(device)
        self.values_at_once = VALUES_ON_CPU if self.device.type == "cpu" else VALUES_ON_GPU
        # A GPU divides by 255 by multiplying with its inverse, which is not the same number.
        steps = np.arange(256, dtype=np.float32) / np.float32(255)
        self._shades = torch.from_numpy(steps).to(self.device)

    def express(self, population: Population, size: int) -> torch.Tensor:
        """Return (B, size, size, C) float32 pictures on the device; see `Renderer`."""
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
        shown = self._displayed(genes.flatten(1, 2).movedim(2, 1), population.colour)
        return shown.view(population.genes.shape)

    def _draw(self, population: CppnPopulation, size: int, height: int) -> torch.Tensor:
        """Draw networks that fit into memory together, `height` rows of pixels at a time."""
        plan = schedule(population.rows, population.expression.n_outputs)
        x, u = axis(population.expression, size), normalised_axis(size)
        outputs = self._tensor(plan.outputs)
        blocks = []
        for top in range(0, size, height):
            rows = slice(top, min(top + height, size))
            shape = (len(x[rows]), size)
            inputs = [
                np.broadcast_to(values, shape).ravel()
                for values in (x[None, :], x[rows, None], distance(u, u[rows]), np.ones((1, 1)))
            ]
            values = torch.empty(
                (plan.n_rows, shape[0] * size), dtype=torch.float64, device=self.device
            )
            values[:N_INPUTS] = self._tensor(np.stack(inputs))
            for level in plan.levels:
                self._evaluate(level, values)
            pixels = self._displayed(values[outputs], population.expression.colour)
            blocks.append(pixels.view(len(population), *shape, -1))
        return torch.cat(blocks, dim=1)

    def _evaluate(self, level: Level, values: torch.Tensor) -> None:
        values[level.start : level.end] = 0.0
        for step in level.passes:
            sums = values[step.start : step.start + len(step.sources)]
            weights = self._tensor(step.weights)[:, None]
            # Two operations: a fused one would round only once.
            sums += values[self._tensor(step.sources)] * weights
        for activation, rows in level.rows_by_activation.items():
            where = self._tensor(rows)
            values[where] = _FUNCTIONS[activation](values[where])

    def _displayed(self, outputs: torch.Tensor, colour: Colour) -> torch.Tensor:
        """Turn (B, n_outputs, n) outputs into (B, n, C) shades."""
        channels = torch.abs(torch.trunc(outputs * 255.0))
        if colour != "grey":
            convert = _HSV if colour == "hsv" else _HLS
            channels = torch.stack(convert(*channels.unbind(dim=1)), dim=1)
        return self._shades[channels.to(torch.int64)].movedim(1, 2)

    def _tensor(self, array: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> torch.Tensor:
        return torch.from_numpy(array).to(self.device)


def _chunks(n_nodes: Indices, room: int) -> Iterator[Indices]:
    """Divide a population into runs of networks with up to `room` nodes. n_nodes: (B,)."""
    start = 0
    while start < len(n_nodes):
        n = max(1, int(np.searchsorted(np.cumsum(n_nodes[start:]), room, side="right")))
        yield np.arange(start, start + n)
        start += n
