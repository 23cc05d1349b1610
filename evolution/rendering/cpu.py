"""Draw whole populations of CPPNs of any topology on one processor core, compiled.

What depends on one coordinate alone is computed along one line, all else in blocks of rows whose
values stay in the cache. Inner loops are plain arithmetic that the compiler turns into vector
instructions: the same operations in the same order as `phenotypes.py`, none fused or reordered,
so the bits agree.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evolution.genomes.base import Population
from evolution.genomes.cppn_population import CppnPopulation
from evolution.genomes.direct_population import DirectPopulation
from evolution.genomes.extents import PIXEL
from evolution.genomes.fields import axis, distance, normalised_axis
from evolution.genomes.kernels.cppn import NODES, Rows, row_of
from evolution.phenotypes import check_size
from evolution.rendering.blocks import LANES, Block, draw_block, spread_line
from evolution.rendering.lines import Lines, draw_lines
from evolution.rendering.pixels import COLOURS, express_pixels, show
from evolution.rendering.plans import make_plan, room_for_plan

PIXELS_AT_ONCE = 4096  # measured: fewer are slower, more are no faster
LINE_LANES = 32  # lines are padded like blocks
DISTANCE = 2  # the input that is computed at every pixel


class Canvas(NamedTuple):
    """What a picture is computed on.

    height: rows of a block. distance: (size * size,) the input d.
    values: (N, room); see `Block`.
    """

    height: int
    distance: NDArray[np.float32]
    lines: Lines
    values: NDArray[np.float32]


@njit(cache=True, nogil=True, error_model="numpy")
def _draw(rows: Rows, colour: int, canvas: Canvas, images: NDArray[np.uint8]) -> None:
    plan = room_for_plan(rows.activations.shape[1], rows.genes.shape[1])
    lines, values = canvas.lines, canvas.values
    _, size, _, n_outputs = images.shape
    for i in range(len(images)):
        network = row_of(rows, i)
        make_plan(network, n_outputs, plan)
        draw_lines(network, plan, lines)
        n_nodes, image = network.counts[NODES], images[i].reshape(size * size, n_outputs)
        for top in range(0, size, canvas.height):
            block = Block(top, min(top + canvas.height, size), size, values)
            start, end = top * size, block.end * size
            if plan.needed[DISTANCE]:
                values[DISTANCE, : end - start] = canvas.distance[start:end]
            draw_block(network, plan, lines, block)
            for node in range(n_nodes - n_outputs, n_nodes):
                if plan.extent[node] != PIXEL:
                    spread_line(lines, node, plan.extent[node], block)
            show(values, n_nodes - n_outputs, colour, image[start:end])


class CpuRenderer:
    """Draws on the processor core that calls it, without the interpreter lock."""

    def express(self, population: Population, size: int) -> NDArray[np.uint8]:
        """Return (B, size, size, C) pictures; see `Renderer`."""
        check_size(size)
        if isinstance(population, DirectPopulation):
            return express_pixels(population, size)
        if not isinstance(population, CppnPopulation):
            raise TypeError(f"population must be CPPNs or direct, not {type(population).__name__}")
        return _express_cppns(population, size)


def _express_cppns(population: CppnPopulation, size: int) -> NDArray[np.uint8]:
    expression = population.expression
    canvas = _canvas(population, size)
    images = np.empty((len(population), size, size, expression.n_outputs), np.uint8)
    _draw(population.rows, COLOURS.index(expression.colour), canvas, images)
    return images


def _canvas(population: CppnPopulation, size: int) -> Canvas:
    expression = population.expression
    n_nodes = int(population.rows.counts[:, NODES].max())
    n_blocks = -(-size * size // PIXELS_AT_ONCE)
    height = -(-size // n_blocks)
    along = np.zeros((n_nodes, _padded(size, LINE_LANES)))
    along[0, :size] = along[1, :size] = axis(expression, size)
    along[3] = 1.0
    room = _padded(height * size + LINE_LANES, LANES)
    return Canvas(
        height=height,
        distance=_distance(size),
        lines=Lines(
            along,
            np.empty_like(along),
            np.empty(along.shape, np.float32),
            wide=expression.coordinates == "raw",
        ),
        values=np.empty((n_nodes, room), np.float32),
    )


@lru_cache(4)
def _distance(size: int) -> NDArray[np.float32]:
    u = normalised_axis(size)
    return distance(u, u).astype(np.float32).ravel()


def _padded(length: int, lanes: int) -> int:
    return -(-length // lanes) * lanes
