"""The network of a CPPN as a drawing: every node shows the pattern that it draws."""

import base64
import math
from collections import Counter
from dataclasses import dataclass
from typing import Literal

import numpy as np

from evolution import phenotypes
from evolution.exhibits.network_layout import Layout, layout
from evolution.genomes import codec
from evolution.genomes.cppn import N_INPUTS
from evolution.genomes.fields import Network
from evolution.genomes.neat import NEAT_ACTIVATIONS

Format = Literal["webp", "png"]

MOST_NODES = 400  # more than that is neither readable nor small
BOX, PITCH, ROW, LANE, EDGE = 52, 136, 92, 18, 10  # pixels
LABEL = 30  # pixels below a box for its name
FINAL = 96  # side of the finished picture, right of the outputs
PATTERN = 48  # pixels of a node's pattern
SPRITE_COLUMNS = 20


@dataclass(frozen=True)
class Node:
    """x, y: left upper corner of its box. sprite_x, sprite_y: that of its pattern in the sprite."""

    x: float
    y: float
    name: str
    title: str
    is_end: bool
    is_output: bool
    sprite_x: int
    sprite_y: int

    @property
    def text_x(self) -> float:
        return self.x + BOX / 2

    @property
    def text_y(self) -> float:
        return self.y + BOX + 14


@dataclass(frozen=True)
class Link:
    path: str
    weight: float
    width: float
    title: str

    @property
    def is_negative(self) -> bool:
        return self.weight < 0


@dataclass(frozen=True)
class Diagram:
    width: float
    height: float
    nodes: list[Node]
    links: list[Link]
    ends: str
    final_x: float
    final_y: float
    sprite: str
    sprite_width: int
    sprite_height: int
    n_hidden: int
    box: int = BOX
    pattern: int = PATTERN
    final: int = FINAL


def diagram(genome: Network, pattern_format: Format = "webp") -> Diagram | None:
    """The drawing as plain data; None for a network with more than MOST_NODES nodes."""
    if genome.n_nodes > MOST_NODES:
        return None
    pairs = list(zip(genome.sources.tolist(), genome.targets.tolist(), strict=True))
    placed = layout(genome.n_nodes, pairs, (N_INPUTS, genome.outputs), (ROW, LANE))
    names = codec.node_names(genome)
    final_x = EDGE + PITCH * (max(placed.layers) + 1) - 20
    final_y = (
        float(np.mean([placed.heights[number] for number in genome.outputs]))
        + EDGE
        - ROW / 2
        + BOX / 2
    )
    image = _sprite(genome)
    return Diagram(
        width=final_x + FINAL + EDGE,
        height=max(placed.height, FINAL) + 2 * EDGE,
        nodes=[_node(genome, placed, number, name) for number, name in enumerate(names)],
        links=_links(genome, placed, pairs, names),
        ends=_ends(genome, placed, final_x, final_y),
        final_x=final_x,
        final_y=final_y - FINAL / 2,
        sprite=data_address(image, pattern_format),
        sprite_width=image.shape[1],
        sprite_height=image.shape[0],
        n_hidden=genome.n_nodes - N_INPUTS - genome.n_outputs,
    )


def data_address(image: phenotypes.Picture, file_format: Format) -> str:
    """Put a whole picture into an address."""
    content = {"webp": phenotypes.webp, "png": phenotypes.png}[file_format](image)
    return f"data:image/{file_format};base64," + base64.b64encode(content).decode()


def _node(genome: Network, placed: Layout, number: int, name: str) -> Node:
    row, column = divmod(number, SPRITE_COLUMNS)
    kind = NEAT_ACTIVATIONS[genome.activations[number]]
    is_input, is_output = number < N_INPUTS, number in genome.outputs
    full = name if is_input else f"{name}, {kind}"
    return Node(
        x=_left(placed, number),
        y=round(_middle(placed, number) - BOX / 2, 1),
        name=full if is_input or is_output else kind,
        title=full,
        is_end=is_input or is_output,
        is_output=is_output,
        sprite_x=column * PATTERN,
        sprite_y=row * PATTERN,
    )


def _links(
    genome: Network, placed: Layout, pairs: list[tuple[int, int]], names: list[str]
) -> list[Link]:
    """Thin ones last, so that no wide one hides them."""
    links = []
    twins: Counter[tuple[int, int]] = Counter()
    for (source, target), weight, route in zip(
        pairs, genome.weights.tolist(), placed.routes, strict=True
    ):
        twin = twins[source, target]
        twins[source, target] += 1
        aside = 7.0 * math.ceil(twin / 2) * (1 if twin % 2 else -1)
        title = f"{names[source]} to {names[target]}: {weight:+.2f}"
        path = _path(placed, (source, target), route, aside)
        links.append(Link(path, weight, round(0.8 + 0.42 * abs(weight), 2), title))
    return sorted(links, key=lambda link: -link.width)


def _path(placed: Layout, ends: tuple[int, int], route: list[float], aside: float) -> str:
    """Horizontal through every waypoint, S-curves between; `aside` parts parallel links."""
    source, target = ends
    x, y = _left(placed, source) + BOX, _middle(placed, source) + aside
    path = f"M{x:g} {y:.1f}"
    layer = placed.layers[source]
    for way in route:
        layer += 1
        column = EDGE + PITCH * layer
        path += _curve(x, y, column, way + EDGE) + f"H{column + BOX:g}"
        x, y = column + BOX, way + EDGE
    return path + _curve(x, y, _left(placed, target), _middle(placed, target) + aside)


def _ends(genome: Network, placed: Layout, x: float, y: float) -> str:
    paths = []
    for number in genome.outputs:
        right, middle = _left(placed, number) + BOX, _middle(placed, number)
        paths.append(f"M{right:g} {middle:.1f}" + _curve(right, middle, x, y))
    return "".join(paths)


def _curve(x: float, y: float, to_x: float, to_y: float) -> str:
    half = (x + to_x) / 2
    return f"C{half:g} {y:.1f} {half:g} {to_y:.1f} {to_x:g} {to_y:.1f}"


def _left(placed: Layout, number: int) -> float:
    return EDGE + PITCH * placed.layers[number]


def _middle(placed: Layout, number: int) -> float:
    # The box stands at the top of its row, its name below it.
    return placed.heights[number] + EDGE - ROW / 2 + BOX / 2


def _sprite(genome: Network) -> phenotypes.Picture:
    """All patterns in one picture, SPRITE_COLUMNS a row."""
    patterns = phenotypes.node_patterns(genome, PATTERN)
    rows = math.ceil(len(patterns) / SPRITE_COLUMNS)
    sprite = np.zeros((rows * PATTERN, min(len(patterns), SPRITE_COLUMNS) * PATTERN, 1), np.uint8)
    for number, pattern in enumerate(patterns):
        row, column = divmod(number, SPRITE_COLUMNS)
        place = sprite[row * PATTERN :, column * PATTERN :]
        place[:PATTERN, :PATTERN] = pattern.reshape(PATTERN, PATTERN, 1)
    return sprite
