"""An order of a network's nodes in which links lead forwards only, and what stands in its way."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple


class Order(NamedTuple):
    """nodes: every source before its targets. closing: the numbers of the links that close a cycle,
    without which that is so. cycle: the nodes of the first one found, in its direction.
    """

    nodes: list[int]
    closing: list[int]
    cycle: list[int]


def ordered(n_nodes: int, links: Sequence[tuple[int, int]], starts: Iterable[int]) -> Order:
    """Walk from every start against the links, in their order, and note a node when all before it are.

    links: pairs of source and target. Nodes that are in order already, all of them starts, keep it.
    """
    incoming: list[list[tuple[int, int]]] = [[] for _ in range(n_nodes)]
    for number, (source, target) in enumerate(links):
        incoming[target].append((number, source))
    order = Order([], [], [])
    seen, on_path = [False] * n_nodes, [False] * n_nodes
    for start in starts:
        if not seen[start]:
            _walk(start, incoming, (seen, on_path), order)
    return order


def _walk(
    start: int,
    incoming: list[list[tuple[int, int]]],
    state: tuple[list[bool], list[bool]],
    order: Order,
) -> None:
    """Depth first, with a path of its own: a long chain of nodes must not overflow the stack."""
    seen, on_path = state
    path: list[tuple[int, Iterator[tuple[int, int]]]] = [(start, iter(incoming[start]))]
    seen[start] = on_path[start] = True
    while path:
        node, ways = path[-1]
        for number, source in ways:
            if on_path[source]:
                order.closing.append(number)
                if not order.cycle:
                    nodes = [node for node, _ in path]
                    order.cycle.extend(nodes[nodes.index(source) :][::-1])
            elif not seen[source]:
                seen[source] = on_path[source] = True
                path.append((source, iter(incoming[source])))
                break
        else:
            on_path[node] = False
            order.nodes.append(node)
            path.pop()
