"""Train LeNet as Caffe's MNIST example does, repeatably from a seed.

Source: Caffe, examples/mnist/lenet_solver.prototxt; Nguyen, Yosinski & Clune 2015, §C.1.
Stochastic gradient descent with momentum 0.9 and weight decay 0.0005 on weights and biases,
inverse learning-rate decay, biases at twice the rate, bytes scaled by 1/256, no mean.
"""

import hashlib
import json
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import safetensors.torch
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from classifiers.base import TrainingFailed
from classifiers.datasets import DigitData, LabelledImages
from classifiers.networks.lenet import LeNet, initialised_lenet
from classifiers.threads import cpu_threads

BASE_LR = 0.01
LR_GAMMA = 1e-4
LR_POWER = 0.75
BIAS_LR_MULTIPLIER = 2.0
MOMENTUM = 0.9
WEIGHT_DECAY = 5e-4
INPUT_SCALE = 1 / 256

LOSS_EVERY = 100
TEST_EVERY = 1000

Progress = Callable[[int, int, float], None]
"""Called with (iterations done, iterations in all, mean loss since the last call)."""


@dataclass(frozen=True)
class TrainingRecord:
    """How a network was made and how good it became; written beside its weights."""

    network: str
    n_labels: int
    parameters: int
    seed: int
    iterations: int
    batch: int
    solver: dict[str, float | str]
    input_scale: float
    data_sha256: dict[str, str]
    train_images: int
    test_images: int
    test_error: float
    """Share of the test images that are misclassified, 0 to 1."""
    train_loss: list[tuple[int, float]]
    """(iteration, mean cross-entropy of the iterations since the point before)."""
    test_errors: list[tuple[int, float]]
    torch_version: str
    numpy_version: str
    cpu_capability: str
    threads: int
    seconds: float


@dataclass(frozen=True)
class Training:
    """A trained network and its record."""

    network: LeNet
    record: TrainingRecord


def train_lenet(
    data: DigitData,
    seed: int,
    *,
    iterations: int = 10_000,
    batch: int = 64,
    n_labels: int = 10,
    progress: Progress | None = None,
) -> Training:
    """Train one LeNet; the same arguments on the same machine give the same bits.

    Runs on one CPU thread, so that the order of additions does not depend on the number of
    cores. n_labels above ten makes room for further classes (a class of fooling images): their
    examples come in data like all others. Raises TrainingFailed.
    """
    _check(data, iterations=iterations, batch=batch, n_labels=n_labels)
    started = time.perf_counter()
    rng = np.random.default_rng(seed)
    network = initialised_lenet(rng, n_labels)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    curves = _Curves(iterations, progress)
    with cpu_threads(1):
        optimiser = _optimiser(network)
        batches = _batches(data.train, batch, rng)
        for iteration in range(iterations):
            _set_learning_rate(optimiser, iteration)
            curves.note_loss(iteration + 1, _step(network, optimiser, *next(batches)))
            if (iteration + 1) % TEST_EVERY == 0 or iteration + 1 == iterations:
                curves.test_errors.append((iteration + 1, error_rate(network, data.test)))
    seconds = time.perf_counter() - started
    record = _record(data, network, curves, seed=seed, batch=batch, seconds=seconds)
    return Training(network.eval(), record)


def error_rate(network: LeNet, digits: LabelledImages) -> float:
    """Return the share of the digits that the network gets wrong, 0 to 1."""
    network.eval()
    wrong = 0
    with torch.inference_mode():
        for start in range(0, len(digits), 1000):
            part = slice(start, start + 1000)
            guesses = network(_network_input(digits.images[part])).argmax(1).numpy()
            wrong += int((guesses != digits.labels[part]).sum())
    network.train()
    return wrong / len(digits)


def learning_rate(iteration: int) -> float:
    """Caffe's "inv" policy at a 0-based iteration: 0.01 at first, 0.00595 at 10,000."""
    return float(BASE_LR * (1 + LR_GAMMA * iteration) ** -LR_POWER)


def save(training: Training, path: Path) -> str:
    """Write the weights (safetensors) and, beside them, the record (.json).

    Returns the SHA-256 of the weights file, which the record carries too.
    """
    state = {name: tensor.contiguous() for name, tensor in training.network.state_dict().items()}
    content = safetensors.torch.save(state)
    sha256 = hashlib.sha256(content).hexdigest()
    record = {"weights": path.name, "weights_sha256": sha256, **asdict(training.record)}
    path.write_bytes(content)
    lines = ",\n".join(f" {json.dumps(key)}: {json.dumps(value)}" for key, value in record.items())
    path.with_suffix(".json").write_text(f"{{\n{lines}\n}}\n")
    return sha256


class _Curves:
    """Collects what is measured along the way."""

    def __init__(self, iterations: int, progress: Progress | None) -> None:
        self.iterations = iterations
        self.progress = progress
        self.train_loss: list[tuple[int, float]] = []
        self.test_errors: list[tuple[int, float]] = []
        self._recent: list[float] = []

    def note_loss(self, iteration: int, loss: float) -> None:
        if not math.isfinite(loss):
            raise TrainingFailed(f"loss: expected a finite number, got {loss} at {iteration}")
        self._recent.append(loss)
        if iteration % LOSS_EVERY == 0 or iteration == self.iterations:
            mean = sum(self._recent) / len(self._recent)
            self._recent.clear()
            self.train_loss.append((iteration, mean))
            if self.progress is not None:
                self.progress(iteration, self.iterations, mean)


def _check(data: DigitData, *, iterations: int, batch: int, n_labels: int) -> None:
    if iterations < 1:
        raise TrainingFailed(f"iterations: expected at least 1, got {iterations}")
    if not 1 <= batch <= len(data.train):
        raise TrainingFailed(f"batch: expected 1 to {len(data.train)}, got {batch}")
    highest = int(max(data.train.labels.max(), data.test.labels.max()))
    if highest >= n_labels:
        raise TrainingFailed(f"n_labels: expected more than label {highest}, got {n_labels}")


def _batches(
    digits: LabelledImages, batch: int, rng: np.random.Generator
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield batches for ever: every epoch in a new order, without its incomplete last batch."""
    while True:
        order = rng.permutation(len(digits))
        for start in range(0, len(order) - batch + 1, batch):
            chosen = order[start : start + batch]
            yield _network_input(digits.images[chosen]), torch.from_numpy(digits.labels[chosen])


def _network_input(images: npt.NDArray[np.uint8]) -> Tensor:
    """Bytes (B, H, W) to the network's (B, 1, H, W)."""
    return torch.from_numpy(images.astype(np.float32) * np.float32(INPUT_SCALE)).unsqueeze(1)


def _step(
    network: LeNet, optimiser: torch.optim.Optimizer, images: Tensor, labels: Tensor
) -> float:
    loss = cross_entropy(network(images), labels)
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimiser.step()
    return float(loss.detach())


def _optimiser(network: LeNet) -> torch.optim.SGD:
    named = list(network.named_parameters())
    groups = [
        {"params": [p for name, p in named if name.endswith("weight")], "multiplier": 1.0},
        {
            "params": [p for name, p in named if name.endswith("bias")],
            "multiplier": BIAS_LR_MULTIPLIER,
        },
    ]
    return torch.optim.SGD(groups, lr=BASE_LR, momentum=MOMENTUM, weight_decay=WEIGHT_DECAY)


def _set_learning_rate(optimiser: torch.optim.Optimizer, iteration: int) -> None:
    for group in optimiser.param_groups:
        group["lr"] = learning_rate(iteration) * group["multiplier"]


def _record(
    data: DigitData, network: LeNet, curves: _Curves, *, seed: int, batch: int, seconds: float
) -> TrainingRecord:
    return TrainingRecord(
        network="lenet",
        n_labels=network.fc2.out_features,
        parameters=sum(p.numel() for p in network.parameters()),
        seed=seed,
        iterations=curves.iterations,
        batch=batch,
        solver={
            "type": "SGD",
            "momentum": MOMENTUM,
            "weight_decay": WEIGHT_DECAY,
            "lr_policy": "inv: base_lr * (1 + gamma * iteration) ** -power",
            "base_lr": BASE_LR,
            "gamma": LR_GAMMA,
            "power": LR_POWER,
            "bias_lr_multiplier": BIAS_LR_MULTIPLIER,
        },
        input_scale=INPUT_SCALE,
        data_sha256=dict(data.sha256),
        train_images=len(data.train),
        test_images=len(data.test),
        test_error=curves.test_errors[-1][1],
        train_loss=curves.train_loss,
        test_errors=curves.test_errors,
        torch_version=str(torch.__version__),
        numpy_version=np.__version__,
        cpu_capability=torch.backends.cpu.get_cpu_capability(),
        threads=1,
        seconds=round(seconds, 1),
    )
