"""What of a family is shown: lines without forks are folded, and branches until a page is full."""

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass

MOST = 2000  # pictures of one tree
ENOUGH = 40  # pictures; beyond them branches stay folded until somebody opens them

Children = Mapping[int, Sequence[int]]


@dataclass(frozen=True)
class Wish:
    """What is asked of the page. root: the ancestor to begin with.

    folded, opened: whose children are hidden, or shown however many they are.
    """

    root: int | None = None
    every_step: bool = False
    folded: frozenset[int] = frozenset()
    opened: frozenset[int] = frozenset()
    everything: bool = False


def sizes(children: Children, root: int) -> dict[int, int]:
    """How many descend from each."""
    found: dict[int, int] = {}
    for node in reversed(breadth_first(children, root)):
        found[node] = sum(1 + found[child] for child in children.get(node, ()))
    return found


def without_chains(
    children: Children, root: int, kept: Set[int]
) -> tuple[dict[int, list[int]], dict[int, int]]:
    """Leave out whoever has one child and is not to be kept.

    Returns the children that are left, and how many were left out before each.
    """
    left: dict[int, list[int]] = {}
    between: dict[int, int] = {}
    waiting = [root]
    while waiting:
        node = waiting.pop()
        for child in children.get(node, ()):
            end, steps = child, 0
            while end not in kept and len(children.get(end, ())) == 1:
                end, steps = children[end][0], steps + 1
            left.setdefault(node, []).append(end)
            if steps:
                between[end] = steps
            waiting.append(end)
    return left, between


def unfolded(
    children: Children, root: int, line: Collection[int], wish: Wish
) -> dict[int, list[int]]:
    """The children that are shown: of the line always, of others as long as the page has room.

    Whoever is nearer to the root comes first. A node of the line that has too many children shows
    those of the line, and of the others the largest families for which there is room.
    """
    large = sizes(children, root)
    on_line = set(line) & large.keys() | {root}
    room = MOST if wish.everything else ENOUGH
    count, shown, order = len(on_line), {}, [root]
    for node in order:  # grows
        if node in wish.folded or not children.get(node):
            continue
        others = [child for child in children[node] if child not in on_line]
        free = (MOST if node in wish.opened else room) - count
        if len(others) > free:
            if node not in on_line and node not in wish.opened:
                continue
            others.sort(key=lambda child: (-large[child], child))
        chosen = set(others[: max(0, free)])
        count += len(chosen)
        shown[node] = [child for child in children[node] if child in chosen or child in on_line]
        order += shown[node]
    return {node: below for node, below in shown.items() if below}


def breadth_first(children: Children, root: int) -> list[int]:
    order = [root]
    for node in order:  # grows
        order += children.get(node, ())
    return order
