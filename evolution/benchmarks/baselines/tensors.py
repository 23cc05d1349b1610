"""One genome at a time in torch, node after node, without gradients."""

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from evolution.genomes import colours
from evolution.genomes.cppn import N_INPUTS, CppnGenome
from evolution.genomes.extents import needed_nodes
from evolution.genomes.fields import axis, normalised_axis

# 2 sigmoid(x) - 1 and not tanh(x / 2), which takes torch eight times as long on a processor.
FUNCTIONS: tuple[Callable[[Tensor], Tensor], ...] = (
    torch.Tensor.sin_,
    lambda total: total.sigmoid_().mul_(2).sub_(1),
    lambda total: total.square_().neg_().exp_(),
    lambda total: total.clamp_(-3, 3).mul_(1 / 3),
)
HSV, HLS = colours.build(torch.floor, torch.clamp)


def picture(genome: CppnGenome, size: int) -> NDArray[np.uint8]:
    """Draw a genome: (size, size, C) bytes, C = 1 grey, or 3 red, green, blue."""
    with torch.inference_mode():
        values = _node_values(genome, size)[genome.first_output :]
        channels = [value.expand(size, size).mul(255).trunc_().abs_() for value in values]
        if genome.expression.colour != "grey":
            channels = list((HSV if genome.expression.colour == "hsv" else HLS)(*channels))
        return torch.stack(channels, dim=-1).to(torch.uint8).numpy()


def _node_values(genome: CppnGenome, size: int) -> list[Tensor]:
    x = torch.from_numpy(axis(genome.expression, size)).float()
    u = torch.from_numpy(normalised_axis(size)).float()
    values = [x[None, :], x[:, None], torch.hypot(u[None, :], u[:, None]), torch.ones(1, 1)]
    values += [torch.zeros(1, 1)] * (genome.n_nodes - N_INPUTS)
    weights, sources = genome.weights.tolist(), genome.sources.tolist()
    starts = np.searchsorted(genome.targets, np.arange(genome.n_nodes + 1)).tolist()
    for node in (np.flatnonzero(needed_nodes(genome)[N_INPUTS:]) + N_INPUTS).tolist():
        total = torch.zeros(1, 1)
        for edge in range(starts[node], starts[node + 1]):
            total = torch.add(total, values[sources[edge]], alpha=weights[edge])
        values[node] = FUNCTIONS[genome.activations[node]](total)
    return values
