"""PyTorch-NEAT (uber-research): node objects that hand on tensors. Needs neat-python as well."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from evolution.benchmarks.baselines import neurons
from evolution.benchmarks.interleaved import Work
from evolution.benchmarks.peers import is_there, neat_python
from evolution.genomes.colours import displayed
from evolution.genomes.cppn import CppnGenome
from evolution.genomes.fields import axis, distance, normalised_axis

LEAVES = ("x", "y", "d", "bias")


def drawing(genomes: Sequence[CppnGenome], size: int) -> dict[str, Work]:
    """Draw genomes one by one; nothing where one of the two packages is missing."""
    if not (is_there("PyTorch-NEAT") and is_there("neat-python")):
        return {}
    _learn_activations()
    config = neat_python.configuration(genomes[0].n_outputs)
    packed = [(genome, neat_python.gene_objects(genome, config)) for genome in genomes]
    return {"PyTorch-NEAT": lambda: [_picture(*each, config, size) for each in packed]}


def picture(genome: CppnGenome, size: int) -> NDArray[np.uint8]:
    """Draw a genome: (size, size, C) bytes."""
    _learn_activations()
    config = neat_python.configuration(genome.n_outputs)
    return _picture(genome, neat_python.gene_objects(genome, config), config, size)


def _picture(genome: CppnGenome, objects: Any, config: Any, size: int) -> NDArray[np.uint8]:
    from pytorch_neat.cppn import create_cppn

    names = [f"output {number}" for number in range(genome.n_outputs)]
    nodes = create_cppn(objects, SimpleNamespace(genome_config=config), LEAVES, names)
    with torch.inference_mode():
        values = [node(input_dict=_inputs(genome, size)) for node in nodes]
        stacked = (torch.stack(values, dim=-1) * 255).trunc().abs().to(torch.uint8)
    return displayed(stacked.numpy(), genome.expression.colour)


def _inputs(genome: CppnGenome, size: int) -> dict[str, Tensor]:
    x, u = axis(genome.expression, size), normalised_axis(size)
    shape = (size, size)
    fields = (
        np.broadcast_to(x, shape),
        np.broadcast_to(x[:, None], shape),
        distance(u, u),
        np.ones(shape),
    )
    return {
        name: torch.from_numpy(field.astype(np.float32))
        for name, field in zip(LEAVES, fields, strict=True)
    }


def _learn_activations() -> None:
    """Give it our activations under neat-python's names: pictures shall be the same."""
    from pytorch_neat.activations import str_to_activation

    for ours, theirs in neat_python.NAMES.items():
        str_to_activation[theirs] = neurons.FUNCTIONS[ours]
