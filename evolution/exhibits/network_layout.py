"""Where the nodes and links of a feed-forward network are drawn: layered, from left to right.

After Sugiyama, Tagawa & Toda 1981: links that pass layers get a waypoint in each, the order within
the layers is improved by barycentres, then positions are pulled towards their neighbours.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

SWEEPS = 8
PULLS = 6


@dataclass(frozen=True)
class Layout:
    """layers: of every node. heights: y of the centre of every node. routes: per link, the y of its
    waypoints, one for each layer between its ends. height: of the whole, in the unit of the sizes.
    """

    layers: list[int]
    heights: list[float]
    routes: list[list[float]]
    height: float


def layout(
    n_nodes: int,
    links: Sequence[tuple[int, int]],
    ends: tuple[int, Collection[int]],
    sizes: tuple[float, float],
) -> Layout:
    """Place a network whose links lead from lower to higher node numbers.

    ends: how many nodes are inputs, the first ones, and which are outputs. Inputs fill the first
    layer; outputs stand in the last one, but where links lead out of them.
    sizes: height of a node and of a waypoint, space included.
    """
    layers = _layers(n_nodes, links, ends)
    chains, of_layer = _chains(layers, links)
    columns = _columns(of_layer)
    size = [sizes[0] if item < n_nodes else sizes[1] for item in range(len(of_layer))]
    left, right = _neighbours(chains, len(of_layer))
    _untangle(columns, left, right)
    y = _positions(columns, size, left, right)
    top = min(y[item] - size[item] / 2 for item in range(len(y)))
    bottom = max(y[item] + size[item] / 2 for item in range(len(y)))
    routes = [[y[item] - top for item in chain[1:-1]] for chain in chains]
    return Layout(layers, [value - top for value in y[:n_nodes]], routes, bottom - top)


def _layers(
    n_nodes: int, links: Sequence[tuple[int, int]], ends: tuple[int, Collection[int]]
) -> list[int]:
    """The longest way from an input; a node that nothing leads to stands in the first hidden layer."""
    n_inputs, outputs = ends
    layers = [0 if node < n_inputs else 1 for node in range(n_nodes)]
    for source, target in sorted(links, key=lambda link: link[1]):
        layers[target] = max(layers[target], layers[source] + 1)
    last = max(layers)
    ending = set(outputs) - {source for source, _ in links}
    return [last if node in ending else layers[node] for node in range(n_nodes)]


def _chains(
    layers: Sequence[int], links: Sequence[tuple[int, int]]
) -> tuple[list[list[int]], list[int]]:
    """Every link as a chain of items, one a layer, and the layer of every item (nodes first)."""
    of_layer = list(layers)
    chains = []
    for source, target in links:
        between = range(layers[source] + 1, layers[target])
        waypoints = list(range(len(of_layer), len(of_layer) + len(between)))
        of_layer.extend(between)
        chains.append([source, *waypoints, target])
    return chains, of_layer


def _columns(of_layer: Sequence[int]) -> list[list[int]]:
    columns: list[list[int]] = [[] for _ in range(max(of_layer) + 1)]
    for item, layer in enumerate(of_layer):
        columns[layer].append(item)
    return columns


def _neighbours(chains: list[list[int]], n_items: int) -> tuple[list[list[int]], list[list[int]]]:
    left: list[list[int]] = [[] for _ in range(n_items)]
    right: list[list[int]] = [[] for _ in range(n_items)]
    for chain in chains:
        for source, target in pairwise(chain):
            left[target].append(source)
            right[source].append(target)
    return left, right


def _untangle(columns: list[list[int]], left: list[list[int]], right: list[list[int]]) -> None:
    """Order every layer by the mean place of its neighbours, rightwards and leftwards in turn."""
    for sweep in range(SWEEPS):
        forwards = sweep % 2 == 0
        place = {
            item: (rank + 0.5) / len(column)
            for column in columns
            for rank, item in enumerate(column)
        }
        # Inputs keep their customary order.
        for column in columns[1:] if forwards else columns[-2:0:-1]:
            near = left if forwards else right
            wish = {
                item: _mean([place[other] for other in near[item]], place[item]) for item in column
            }
            column.sort(key=wish.__getitem__)
            place |= {item: (rank + 0.5) / len(column) for rank, item in enumerate(column)}


def _positions(
    columns: list[list[int]], size: list[float], left: list[list[int]], right: list[list[int]]
) -> list[float]:
    y = [0.0] * len(size)
    for column in columns:
        _spread(column, y, size, [0.0] * len(column))
    for _ in range(PULLS):
        for column in columns:
            wishes = [
                _mean([y[other] for other in left[item] + right[item]], y[item]) for item in column
            ]
            _spread(column, y, size, wishes)
    return y


def _spread(column: list[int], y: list[float], size: list[float], wishes: list[float]) -> None:
    """Give the items of a column the places nearest to their wishes that keep order and distance."""
    if not column:
        return
    offsets = [0.0]
    for upper, lower in pairwise(column):
        offsets.append(offsets[-1] + (size[upper] + size[lower]) / 2)
    # Pool adjacent violators: what wishes for less room than it needs moves as one block.
    blocks: list[tuple[float, int]] = []
    for wish, offset in zip(wishes, offsets, strict=True):
        total, count = wish - offset, 1
        while blocks and blocks[-1][0] / blocks[-1][1] >= total / count:
            before = blocks.pop()
            total, count = total + before[0], count + before[1]
        blocks.append((total, count))
    bases = [total / count for total, count in blocks for _ in range(count)]
    for item, base, offset in zip(column, bases, offsets, strict=True):
        y[item] = base + offset


def _mean(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
