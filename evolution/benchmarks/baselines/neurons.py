"""One genome at a time as linked neurons, each asking its sources for whole tensors.

So does PyTorch-NEAT (uber-research/PyTorch-NEAT, pytorch_neat/cppn.py): neurons are built anew for
every genome, remember their values, and every value has the shape of the picture.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from evolution.benchmarks.baselines.objects import ObjectGenome
from evolution.benchmarks.baselines.tensors import HLS, HSV
from evolution.genomes.fields import axis, normalised_axis

FUNCTIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "sine": torch.sin,
    "sigmoid": lambda total: 2 * torch.sigmoid(total) - 1,
    "gaussian": lambda total: torch.exp(-(total**2)),
    "linear": lambda total: torch.clamp(total, -3, 3) / 3,
}


class Neuron:
    """A node that computes its value when it is first asked for it."""

    def __init__(
        self, activation: str, sources: list["Neuron | Tensor"], weights: list[float]
    ) -> None:
        self._function = FUNCTIONS[activation]
        self._sources = sources
        self._weights = weights
        self._value: Tensor | None = None

    def value(self, shape: torch.Size) -> Tensor:
        if self._value is None:
            total = torch.zeros(shape)
            for weight, source in zip(self._weights, self._sources, strict=True):
                total = total + weight * (
                    source.value(shape) if isinstance(source, Neuron) else source
                )
            self._value = self._function(total)
        return self._value


def picture(genome: ObjectGenome, size: int) -> Tensor:
    """Draw a genome: (size, size, C) float32 in [0, 1], whole steps of 1/255."""
    with torch.inference_mode():
        inputs = _inputs(genome, size)
        channels = [
            (neuron.value(inputs[0].shape) * 255).trunc().abs()
            for neuron in _neurons(genome, inputs)
        ]
        if genome.expression.colour != "grey":
            channels = list((HSV if genome.expression.colour == "hsv" else HLS)(*channels))
        return torch.stack(channels, dim=-1) / 255


def _inputs(genome: ObjectGenome, size: int) -> list[Tensor]:
    x = torch.from_numpy(axis(genome.expression, size)).float()
    u = torch.from_numpy(normalised_axis(size)).float()
    columns, rows = x.expand(size, size), x[:, None].expand(size, size)
    return [columns, rows, torch.hypot(u[None, :], u[:, None]), torch.ones(size, size)]


def _neurons(genome: ObjectGenome, inputs: list[Tensor]) -> list[Neuron]:
    """Build the neurons on which pictures depend; return the outputs."""
    incoming: dict[int, list[tuple[int, float]]] = {node: [] for node in genome.nodes}
    for (source, target), edge in genome.edges.items():
        incoming[target].append((source, edge.weight))
    built: dict[int, Neuron | Tensor] = dict(enumerate(inputs))

    def build(node: int) -> Neuron | Tensor:
        if node not in built:
            sources = [build(source) for source, _ in incoming[node]]
            weights = [weight for _, weight in incoming[node]]
            built[node] = Neuron(genome.nodes[node].activation, sources, weights)
        return built[node]

    return [neuron for node in genome.outputs if isinstance(neuron := build(node), Neuron)]
