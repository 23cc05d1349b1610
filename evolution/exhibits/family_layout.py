"""Where the pictures of a family tree stand: the oldest at the left, every leaf in a row of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """column: steps from the root; row: 0 at the top, between those of the children."""

    column: int
    row: float


def layout(children: Mapping[int, Sequence[int]], root: int) -> dict[int, Place]:
    """Place a tree in linear time. children: of every node that has some.

    A node stands in the middle of its first and last child. The rows of one subtree are never
    those of another, so no two nodes of a column are nearer than one row.
    """
    rows: dict[int, float] = {}
    columns = {root: 0}
    order = [root]
    for node in order:  # grows: breadth first
        for child in children.get(node, ()):
            columns[child] = columns[node] + 1
            order.append(child)
    for row, leaf in enumerate(_leaves(children, root)):
        rows[leaf] = float(row)
    for node in reversed(order):
        if below := children.get(node):
            rows[node] = (rows[below[0]] + rows[below[-1]]) / 2
    return {node: Place(columns[node], rows[node]) for node in order}


def _leaves(children: Mapping[int, Sequence[int]], root: int) -> list[int]:
    """From the top to the bottom; without recursion, since a line may have thousands of steps."""
    leaves, waiting = [], [root]
    while waiting:
        node = waiting.pop()
        below = children.get(node)
        if below:
            waiting.extend(reversed(below))
        else:
            leaves.append(node)
    return leaves
