"""The CPPN encoding: a feed-forward network that maps a pixel's position to its value."""

from dataclasses import dataclass
from typing import ClassVar, Self, get_args

import numpy as np
from numpy.typing import NDArray

from evolution.genomes.base import BadGenome, Coordinates, Expression
from evolution.genomes.rates import CppnRates

INPUTS = ("x", "y", "d", "bias")  # fooling: phen/phen_grayscale_image.hpp
N_INPUTS = len(INPUTS)
ACTIVATIONS = ("sine", "sigmoid", "gaussian", "linear")  # fooling: af_cppn.hpp
N_ACTIVATIONS = len(ACTIVATIONS)
SINE, SIGMOID, GAUSSIAN, LINEAR = range(N_ACTIVATIONS)
WEIGHT_LIMIT = 10.0  # weights lie in [-10, 10]; fooling: parameters::min and ::max

# No network that evolved for 5000 generations comes near; they keep hostile files small.
MAX_NODES = 4096
MAX_EDGES = 16384


@dataclass(frozen=True, eq=False)
class CppnGenome:
    """Nodes are numbered in topological order: inputs, hidden nodes, outputs.

    activations: (n_nodes,) uint8, index of ACTIVATIONS; inputs have one that is never used.
    sources, targets: (n_edges,) uint16, ascending by target, source < target; parallel edges add
        up; nothing leads into an input or out of an output.
    genes: (n_edges,) float32 in [0, 1]; weight = gene * 20 - 10.
    All arrays are read-only.
    """

    encoding: ClassVar[str] = "cppn"

    expression: Expression
    activations: NDArray[np.uint8]
    sources: NDArray[np.uint16]
    targets: NDArray[np.uint16]
    genes: NDArray[np.float32]

    def __post_init__(self) -> None:
        # Every colour but ink and hsb goes with these.
        if self.expression.coordinates not in get_args(Coordinates):
            raise BadGenome(f"coordinates must be {' or '.join(get_args(Coordinates))}")
        self._check_arrays()
        self._check_edges()
        for array in (self.activations, self.sources, self.targets, self.genes):
            array.flags.writeable = False

    def _check_arrays(self) -> None:
        for name, dtype in (
            ("activations", np.uint8),
            ("sources", np.uint16),
            ("targets", np.uint16),
            ("genes", np.float32),
        ):
            array = getattr(self, name)
            if array.ndim != 1 or array.dtype != dtype:
                raise BadGenome(f"{name} must be a list of {np.dtype(dtype)}")
        smallest = N_INPUTS + self.n_outputs
        if not smallest <= self.n_nodes <= MAX_NODES:
            raise BadGenome(
                f"a network must have {smallest}..{MAX_NODES} nodes, not {self.n_nodes}"
            )
        if self.n_edges > MAX_EDGES:
            raise BadGenome(f"a network may have {MAX_EDGES} edges, not {self.n_edges}")
        if not len(self.sources) == len(self.targets) == len(self.genes):
            raise BadGenome("sources, targets and genes must be equally many")
        if self.activations.max() >= N_ACTIVATIONS:
            raise BadGenome(f"activations must be below {N_ACTIVATIONS}")

    def _check_edges(self) -> None:
        if not self.n_edges:
            return
        if self.targets.max() >= self.n_nodes or self.targets.min() < N_INPUTS:
            raise BadGenome("an edge must lead to a hidden node or an output")
        if self.sources.max() >= self.first_output:
            raise BadGenome("an edge must start at an input or a hidden node")
        if (self.sources >= self.targets).any():
            raise BadGenome("an edge leads backwards: nodes must be in topological order")
        if (self.targets[1:] < self.targets[:-1]).any():
            raise BadGenome("edges must be ordered by their targets")
        if not ((self.genes >= 0) & (self.genes <= 1)).all():
            raise BadGenome("genes must lie in 0..1")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CppnGenome):
            return NotImplemented
        return (
            self.expression == other.expression
            and np.array_equal(self.activations, other.activations)
            and np.array_equal(self.sources, other.sources)
            and np.array_equal(self.targets, other.targets)
            and np.array_equal(self.genes, other.genes)
        )

    def __hash__(self) -> int:
        return hash((self.expression, self.activations.tobytes(), self.genes.tobytes()))

    @property
    def n_nodes(self) -> int:
        return len(self.activations)

    @property
    def n_edges(self) -> int:
        return len(self.genes)

    @property
    def n_outputs(self) -> int:
        return self.expression.n_outputs

    @property
    def first_output(self) -> int:
        return self.n_nodes - self.n_outputs

    @property
    def outputs(self) -> tuple[int, ...]:
        """The numbers of the output nodes in the order of the channels."""
        return tuple(range(self.first_output, self.n_nodes))

    @property
    def weights(self) -> NDArray[np.float64]:
        """The weight of each edge, in [-10, 10]."""
        return weights_of(self.genes)

    @classmethod
    def random(cls, rng: np.random.Generator, expression: Expression) -> Self:
        """Connect every input to every output; random weights and activations, no hidden nodes."""
        n_nodes = N_INPUTS + expression.n_outputs
        activations = (rng.random(n_nodes) * N_ACTIVATIONS).astype(np.uint8)
        genes = rng.random(N_INPUTS * expression.n_outputs).astype(np.float32)
        sources = np.tile(np.arange(N_INPUTS, dtype=np.uint16), expression.n_outputs)
        targets = np.repeat(np.arange(N_INPUTS, n_nodes, dtype=np.uint16), N_INPUTS)
        return cls(expression, activations, sources, targets, genes)

    def mutated(self, rng: np.random.Generator, rates: CppnRates) -> Self:
        # Imported here because the operators work on this class.
        from evolution.genomes.rewiring import rewired

        return rewired(self, rng, rates)

    def crossed(
        self,
        other: Self,  # noqa: ARG002
        rng: np.random.Generator,  # noqa: ARG002
        rates: CppnRates,  # noqa: ARG002
    ) -> tuple[Self, Self] | None:
        """Return None: networks are never recombined.

        Nor are they in the published code (fooling: gen_dnn_ff.hpp), where crossover clones.
        """
        return None


def weights_of(genes: NDArray[np.float32]) -> NDArray[np.float64]:
    """Turn genes in [0, 1] into weights in [-10, 10]."""
    return genes.astype(np.float64) * (2 * WEIGHT_LIMIT) - WEIGHT_LIMIT
