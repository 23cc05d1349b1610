"""SqueezeNet with one label more, "fooling": its last layer trained again, all others as they were.

Nguyen, Yosinski & Clune 2015, §3.8 and §C.2, train their second network from random weights, with
all of ImageNet, for days. Here the last convolution alone learns, with what it sees of each picture
computed once: minutes on a processor.
"""

import copy
import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import safetensors.torch
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from classifiers import retraining, views
from classifiers.base import TrainingFailed
from classifiers.labels import imagenet
from classifiers.networks.squeezenet import SqueezeNet
from classifiers.prepared import Prepared
from classifiers.shipped import SQUEEZENET
from classifiers.threads import cpu_threads

LABELS = (*imagenet().names, retraining.FOOLING)
FOOLING_LABEL = len(LABELS) - 1
SHAPE = (512, 14, 14)  # of what the last layer sees of a picture
BYTES = 2 * math.prod(SHAPE)  # of that, as it is stored
AT_ONCE = 64  # pictures whose labels are asked for together

Maps = npt.NDArray[np.float16]  # (N, 512, 14, 14)
Indices = npt.NDArray[np.int64]
Squares = npt.NDArray[np.uint8]  # (B, S, S, 3)
Progress = Callable[[], object]
"""Called every second or so. What it raises ends the work."""


@dataclass(frozen=True)
class Solver:
    """Stochastic gradient descent. Momentum and decay are the paper's (§C.2), the rate is low."""

    iterations: int = 300
    batch: int = 64
    rate: float = 0.001
    """A tenth of what the paper's training begins with, since the layer is trained already."""
    momentum: float = 0.9
    decay: float = 5e-4


@dataclass(frozen=True, eq=False)
class Samples:
    """rows: (N,) of the maps; labels: (N,), of LABELS. A row may come several times."""

    rows: Indices
    labels: Indices

    def __len__(self) -> int:
        return len(self.rows)

    def joined(self, other: "Samples") -> "Samples":
        return Samples(
            np.concatenate([self.rows, other.rows]), np.concatenate([self.labels, other.labels])
        )


def seen(network: SqueezeNet, batches: Iterable[Squares], into: Maps) -> int:
    """Compute what the last layer sees of pictures, in half precision; return how many there were.

    batches: (B, S, S, 3) bytes, each picture seen whole. into: (N, 512, 14, 14), filled from its
    beginning.
    """

    class _Body(torch.nn.Module):
        def forward(self, images: Tensor) -> Tensor:
            return network.maps(images)

    body, count = Prepared(_Body(), SQUEEZENET.preprocessing), 0
    with torch.inference_mode():
        for squares in batches:
            pictures = torch.from_numpy(squares).permute(0, 3, 1, 2)
            shown = views.resized(pictures, SQUEEZENET.input_size).float() / 255
            answer = body(shown.contiguous(memory_format=torch.channels_last))
            assert isinstance(answer, Tensor)  # Prepared passes any answer on
            into[count : count + len(squares)] = answer.numpy().astype(np.float16)
            count += len(squares)
    return count


def refit(
    network: SqueezeNet, maps: Maps, samples: Samples, seed: int, solver: Solver, progress: Progress
) -> SqueezeNet:
    """Return a copy whose last layer has learnt 1001 labels; the same seed gives the same one.

    Raises TrainingFailed.
    """
    if len(samples) < solver.batch:
        raise TrainingFailed(
            f"pictures: expected at least {solver.batch} to learn from, got {len(samples)}"
        )
    learnt = widened(network)
    layer = learnt.conv10.requires_grad_(requires_grad=True)
    optimiser = torch.optim.SGD(
        layer.parameters(), solver.rate, solver.momentum, weight_decay=solver.decay
    )
    rng = np.random.default_rng([seed, FOOLING_LABEL])
    with cpu_threads(1):  # so that the order of additions does not depend on the number of cores
        for iteration in range(solver.iterations):
            chosen = rng.choice(len(samples), solver.batch, replace=False)
            loss = cross_entropy(
                _logits(layer, maps[samples.rows[chosen]]),
                torch.from_numpy(samples.labels[chosen]),
            )
            if not math.isfinite(float(loss.detach())):
                raise TrainingFailed(f"loss: expected a finite number, got {loss} at {iteration}")
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            progress()
    learnt.requires_grad_(requires_grad=False)
    return learnt


def widened(network: SqueezeNet) -> SqueezeNet:
    """Copy a network of 1000 labels and give it another one, which it has yet to learn.

    The new filter is zero with a bias of one, so that the ReLU behind it lets gradients through.
    """
    weight = torch.zeros(len(LABELS), SHAPE[0], 1, 1)
    bias = torch.ones(len(LABELS))
    weight[:FOOLING_LABEL] = network.conv10.weight.detach()
    bias[:FOOLING_LABEL] = network.conv10.state_dict()["bias"]
    wider = copy.deepcopy(network)
    with torch.device("meta"):  # no random numbers: the weights are assigned below
        wider.conv10 = torch.nn.Conv2d(SHAPE[0], len(LABELS), 1)
    wider.conv10.load_state_dict({"weight": weight, "bias": bias}, assign=True)
    return wider.eval()


def guesses(network: SqueezeNet, maps: Maps, rows: Indices, progress: Progress) -> Indices:
    """The likeliest label of each picture: (len(rows),)."""
    found: list[Indices] = []
    with torch.inference_mode():
        for start in range(0, len(rows), AT_ONCE):
            some = maps[rows[start : start + AT_ONCE]]
            found.append(_logits(network.conv10, some).argmax(1).numpy())
            progress()
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def publish(network: SqueezeNet, folder: Path, name: str, title: str, description: str) -> None:
    """Put a network among an operator's own, where it is found at once. Raises BadDataset.

    The description comes last: a network without one is not listed.
    """
    retraining.check_name(name)
    folder.mkdir(parents=True, exist_ok=True)
    state = {key: value.contiguous() for key, value in network.state_dict().items()}
    (folder / f"{name}.safetensors").write_bytes(safetensors.torch.save(state))
    (folder / f"{name}.labels.txt").write_text("\n".join(LABELS) + "\n", encoding="utf-8")
    draft = folder / f"{name}.toml.part"
    draft.write_text(_description(name, title, description), encoding="utf-8")
    draft.replace(folder / f"{name}.toml")


def _logits(layer: torch.nn.Module, maps: Maps) -> Tensor:
    """As the end of SqueezeNet has them: (B, n_labels)."""
    logits: Tensor = torch.relu(layer(torch.from_numpy(maps.astype(np.float32)))).mean((2, 3))
    return logits


def _description(name: str, title: str, description: str) -> str:
    prepared = SQUEEZENET.preprocessing
    return (
        f"title = {json.dumps(title)}\ndescription = {json.dumps(description)}\n"
        f'dataset = "ImageNet"\narchitecture = "squeezenet"\nfile = "{name}.safetensors"\n'
        f'labels = "{name}.labels.txt"\nuntargeted = 1\n'
        f"input_size = {SQUEEZENET.input_size}\ncanvas = {SQUEEZENET.canvas}\n"
        f"batch = {SQUEEZENET.chunk}\n"
        f'output = "logits"\nlicence = {json.dumps(SQUEEZENET.weights.licence)}\n\n'
        f'[preprocessing]\ncolours = "{prepared.colours}"\nscale = {prepared.scale}\n'
        f"mean = {list(prepared.mean)}\nstd = [1.0, 1.0, 1.0]\n"
    )
