"""Nodes and links that know each other by their historical markings, not by their places."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from evolution.genomes.affinities import STRUCTURE
from evolution.genomes.base import BadGenome
from evolution.genomes.cppn import MAX_EDGES, MAX_NODES

Mark: TypeAlias = tuple[int, int]  # (branch, id)


class Node(NamedTuple):
    """activation: index of NEAT_ACTIVATIONS. affinity: STRUCTURE or COLOUR."""

    mark: Mark
    activation: int
    bias: float = 0.0
    affinity: int = STRUCTURE


class Link(NamedTuple):
    """source, target: marks of nodes."""

    mark: Mark
    source: Mark
    target: Mark
    weight: float


def pairs(marks: NDArray[np.int64]) -> list[Mark]:
    """Turn (n, 2) marks into pairs, which can be keys."""
    return [(branch, number) for branch, number in marks.tolist()]


def named(marks: Iterable[Any]) -> str:
    """Spell marks for people: "3:17, 3:18"; of many, the first ones."""
    few = list(marks)
    spelt = ", ".join(f"{branch}:{number}" for branch, number in few[:8])
    return spelt + (f" and {len(few) - 8} more" if len(few) > 8 else "")


def check_counts(n_nodes: int, n_links: int) -> None:
    """Raise BadGenome for more nodes or links than are ever looked at."""
    if n_nodes > MAX_NODES or n_links > MAX_EDGES:
        raise BadGenome(
            f"a network has up to {MAX_NODES} nodes and {MAX_EDGES} links, not {n_nodes} and {n_links}"
        )


def numbers_of(nodes: Sequence[Node]) -> dict[Mark, int]:
    """Return where every node stands. Raises BadGenome if two have the same marking."""
    numbers = {node.mark: number for number, node in enumerate(nodes)}
    if len(numbers) != len(nodes):
        twice = [node.mark for number, node in enumerate(nodes) if numbers[node.mark] != number]
        raise BadGenome(f"two nodes have the same marking: {named(twice)}")
    return numbers


def link_ends(links: Iterable[Link], numbers: Mapping[Mark, int]) -> list[tuple[int, int]]:
    """Return the numbers of every link's source and target."""
    try:
        return [(numbers[link.source], numbers[link.target]) for link in links]
    except KeyError as missing:
        raise BadGenome(f"a link's end, {named(missing.args)}, is no node") from None


def node_arrays(
    nodes: Sequence[Node],
) -> tuple[NDArray[np.uint8], NDArray[np.float64], NDArray[np.int64], NDArray[np.uint8]]:
    """Return activations, biases, marks and affinities."""
    return (
        _array([node.activation for node in nodes], np.uint8),
        _array([node.bias for node in nodes], np.float64),
        _array([node.mark for node in nodes], np.int64).reshape(-1, 2),
        _array([node.affinity for node in nodes], np.uint8),
    )


def link_arrays(
    rows: Sequence[tuple[int, int, Link]],
) -> tuple[NDArray[np.uint16], NDArray[np.uint16], NDArray[np.float64], NDArray[np.int64]]:
    """Return sources, targets, weights and marks of links with the numbers of their ends."""
    return (
        _array([source for source, _, _ in rows], np.uint16),
        _array([target for _, target, _ in rows], np.uint16),
        _array([link.weight for _, _, link in rows], np.float64),
        _array([link.mark for _, _, link in rows], np.int64).reshape(-1, 2),
    )


def _array(values: Sequence[Any], dtype: type) -> NDArray[Any]:
    try:
        return np.array(values, dtype)
    except (TypeError, ValueError, OverflowError) as error:
        raise BadGenome(f"a number in the network is not one: {error}") from None
