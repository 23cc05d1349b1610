"""The encoding of pictures bred by hand: a CPPN whose nodes and links carry historical markings.

A marking is a pair (branch, id), given once, when a mutation makes the node or link; genes with the
same marking have the same origin, so networks of different shapes can be mated (Stanley &
Miikkulainen 2002). Picbreeder numbers them so (Secretan et al. 2011).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from evolution.genomes.acyclic import ordered
from evolution.genomes.affinities import COLOUR, affinities_of
from evolution.genomes.base import BadGenome, Expression
from evolution.genomes.cppn import (
    ACTIVATIONS,
    MAX_EDGES,
    MAX_NODES,
    N_INPUTS,
    WEIGHT_LIMIT,
    CppnGenome,
)
from evolution.genomes.markings import (
    Link,
    Mark,
    Node,
    check_counts,
    link_arrays,
    link_ends,
    named,
    node_arrays,
    numbers_of,
    pairs,
)

NEAT_ACTIVATIONS = (*ACTIVATIONS, "identity", "cosine", "bipolar gaussian")
IDENTITY, COSINE, BIPOLAR_GAUSSIAN = range(len(ACTIVATIONS), len(NEAT_ACTIVATIONS))
PICBREEDER_WEIGHT_LIMIT = 3.0  # what weights of Picbreeder lie within
LARGEST_WEIGHT = 1000.0  # what is read; breeding keeps to `weight_limit`


@dataclass(frozen=True, eq=False)
class NeatGenome:
    """Nodes are numbered in topological order, the inputs x, y, d and bias first.

    activations: (n_nodes,) uint8, index of NEAT_ACTIVATIONS; of inputs, identity.
    biases: (n_nodes,) float64 in [-1000, 1000], added to the sum of what comes in; of inputs, 0.
    marks: (n_nodes, 2) int64, branch and id, no two alike.
    affinities: (n_nodes,) uint8, the part of the network: STRUCTURE or COLOUR.
    outputs: the numbers of the nodes that are shown, in the order of the channels. Links may lead
        out of them.
    sources, targets: (n_links,) uint16, ascending by target, source < target; parallel links add
        up; nothing leads into an input.
    weights: (n_links,) float64 in [-1000, 1000].
    link_marks: (n_links, 2) int64, branch and id, no two alike.
    All arrays are read-only. Raises BadGenome.
    """

    encoding: ClassVar[str] = "neat"

    expression: Expression
    activations: NDArray[np.uint8]
    biases: NDArray[np.float64]
    marks: NDArray[np.int64]
    affinities: NDArray[np.uint8]
    outputs: tuple[int, ...]
    sources: NDArray[np.uint16]
    targets: NDArray[np.uint16]
    weights: NDArray[np.float64]
    link_marks: NDArray[np.int64]

    def __post_init__(self) -> None:
        self._check_shapes()
        self._check_nodes()
        self._check_links()
        for array in self._arrays:
            array.flags.writeable = False

    @property
    def _arrays(self) -> tuple[NDArray[np.generic], ...]:
        of_nodes = self.activations, self.biases, self.marks, self.affinities
        return *of_nodes, self.sources, self.targets, self.weights, self.link_marks

    def _check_shapes(self) -> None:
        smallest = N_INPUTS + self.n_outputs
        if not smallest <= self.n_nodes <= MAX_NODES:
            raise BadGenome(
                f"a network must have {smallest}..{MAX_NODES} nodes, not {self.n_nodes}"
            )
        if self.n_links > MAX_EDGES:
            raise BadGenome(f"a network may have {MAX_EDGES} links, not {self.n_links}")
        of_nodes, of_links = (self.n_nodes,), (self.n_links,)
        shapes = (of_nodes, of_nodes, (*of_nodes, 2), of_nodes, *[of_links] * 3, (*of_links, 2))
        for (name, dtype), array, shape in zip(_DTYPES, self._arrays, shapes, strict=True):
            if array.dtype != dtype or array.shape != shape:
                raise BadGenome(
                    f"{name} must be {shape} {dtype.name}, not {array.shape} {array.dtype}"
                )

    def _check_nodes(self) -> None:
        if self.activations.max() >= len(NEAT_ACTIVATIONS):
            raise BadGenome(f"activations must be below {len(NEAT_ACTIVATIONS)}")
        if (self.activations[:N_INPUTS] != IDENTITY).any() or self.biases[:N_INPUTS].any():
            raise BadGenome("inputs must have the activation identity and no bias")
        if self.affinities.max() > COLOUR:
            raise BadGenome(f"affinities must be 0..{COLOUR}")
        if not (np.abs(self.biases) <= LARGEST_WEIGHT).all():
            raise BadGenome(f"biases must lie in {-LARGEST_WEIGHT:g}..{LARGEST_WEIGHT:g}")
        _check_unique(self.marks, "nodes")
        outputs = self.outputs
        if len(outputs) != self.n_outputs or len(set(outputs)) != self.n_outputs:
            raise BadGenome(f"there must be {self.n_outputs} outputs, all different: {outputs}")
        if not all(type(n) is int and N_INPUTS <= n < self.n_nodes for n in outputs):
            raise BadGenome(f"outputs must be nodes {N_INPUTS}..{self.n_nodes - 1}: {outputs}")

    def _check_links(self) -> None:
        if not self.n_links:
            return
        if self.targets.max() >= self.n_nodes or self.targets.min() < N_INPUTS:
            raise BadGenome("a link must lead to a hidden node or an output")
        if (self.sources >= self.targets).any():
            raise BadGenome("a link leads backwards: nodes must be in topological order")
        if (self.targets[1:] < self.targets[:-1]).any():
            raise BadGenome("links must be ordered by their targets")
        if not (np.abs(self.weights) <= LARGEST_WEIGHT).all():
            raise BadGenome(f"weights must lie in {-LARGEST_WEIGHT:g}..{LARGEST_WEIGHT:g}")
        _check_unique(self.link_marks, "links")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, NeatGenome):
            return NotImplemented
        return (self.expression, self.outputs) == (other.expression, other.outputs) and all(
            map(np.array_equal, self._arrays, other._arrays)
        )

    def __hash__(self) -> int:
        # Adding 0 makes -0.0, which equals it, 0.0.
        numbers = self.marks, self.activations, self.link_marks, self.weights + 0.0
        return hash((self.expression, self.outputs, *(array.tobytes() for array in numbers)))

    @property
    def n_nodes(self) -> int:
        return len(self.activations)

    @property
    def n_links(self) -> int:
        return len(self.weights)

    @property
    def n_outputs(self) -> int:
        return self.expression.n_outputs

    @property
    def weight_limit(self) -> float:
        """What breeding keeps weights within, either side of 0."""
        of_picbreeder = self.expression.coordinates in ("site", "fer")
        return PICBREEDER_WEIGHT_LIMIT if of_picbreeder else WEIGHT_LIMIT

    def node_list(self) -> list[Node]:
        """The nodes in their order, inputs first: what `assembled` takes."""
        columns = (self.activations, self.biases, self.affinities)
        rows = zip(pairs(self.marks), *(column.tolist() for column in columns), strict=True)
        return [Node(*row) for row in rows]

    def link_list(self) -> list[Link]:
        """The links in their order: what `assembled` takes."""
        marks = pairs(self.marks)
        ends = zip(self.sources.tolist(), self.targets.tolist(), strict=True)
        rows = zip(pairs(self.link_marks), ends, self.weights.tolist(), strict=True)
        return [Link(mark, marks[a], marks[b], weight) for mark, (a, b), weight in rows]

    def output_marks(self) -> tuple[Mark, ...]:
        """The marks of the outputs in the order of the channels: what `assembled` takes."""
        marks = pairs(self.marks)
        return tuple(marks[number] for number in self.outputs)

    @classmethod
    def assembled(
        cls,
        expression: Expression,
        nodes: Sequence[Node],
        links: Sequence[Link],
        outputs: Iterable[Mark],
    ) -> Self:
        """Build a genome from nodes and links that know each other by their marks.

        nodes: the inputs x, y, d and bias first, then the others in any order. They are sorted
            topologically; what is in order already keeps it.
        links: in any order; those into one node keep theirs. outputs: marks, in channel order.
        `assembled(g.expression, g.node_list(), g.link_list(), g.output_marks()) == g`.
        Takes well under a millisecond for 40 nodes. Raises BadGenome; of a cycle it names the nodes.
        """
        check_counts(len(nodes), len(links))
        numbers = numbers_of(nodes)
        ends = link_ends(links, numbers)
        if any(target < N_INPUTS for _, target in ends):
            raise BadGenome("a link must lead to a hidden node or an output")
        order = ordered(len(nodes), ends, range(len(nodes)))
        if order.cycle:
            raise BadGenome(f"there is a cycle: {named([nodes[n].mark for n in order.cycle])}")
        sorted_nodes = [nodes[number] for number in order.nodes]
        place = {node.mark: at for at, node in enumerate(sorted_nodes)}
        rows = [(place[link.source], place[link.target], link) for link in links]
        rows.sort(key=lambda row: row[1])
        try:
            shown = tuple(place[mark] for mark in outputs)
        except KeyError as missing:
            raise BadGenome(f"output {named(missing.args)} is no node") from None
        return cls(expression, *node_arrays(sorted_nodes), shown, *link_arrays(rows))

    @classmethod
    def of(cls, cppn: CppnGenome, branch: int) -> Self:
        """Give the network of a run markings, all of this branch; it draws the same picture."""
        activations = cppn.activations.copy()
        activations[:N_INPUTS] = IDENTITY
        ids = np.arange(cppn.n_nodes + cppn.n_edges)
        marks = np.stack([np.full_like(ids, branch), ids], axis=1)
        outputs = tuple(range(cppn.first_output, cppn.n_nodes))
        ends = list(zip(cppn.sources.tolist(), cppn.targets.tolist(), strict=True))
        return cls(
            cppn.expression,
            activations,
            np.zeros(cppn.n_nodes),
            marks[: cppn.n_nodes].copy(),
            np.array(affinities_of(cppn.n_nodes, ends, outputs, cppn.expression.colour), np.uint8),
            outputs,
            cppn.sources,
            cppn.targets,
            cppn.weights,
            marks[cppn.n_nodes :].copy(),
        )


_DTYPES = tuple(
    (name, np.dtype(dtype))
    for name, dtype in (
        ("activations", np.uint8),
        ("biases", np.float64),
        ("marks", np.int64),
        ("affinities", np.uint8),
        ("sources", np.uint16),
        ("targets", np.uint16),
        ("weights", np.float64),
        ("link_marks", np.int64),
    )
)


def _check_unique(marks: NDArray[np.int64], what: str) -> None:
    if len(set(pairs(marks))) != len(marks):
        raise BadGenome(f"two {what} have the same marking")
