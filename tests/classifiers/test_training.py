"""Training repeats from its seed, follows Caffe's recipe, and learns."""

import hashlib
import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch

from classifiers.base import TrainingFailed
from classifiers.datasets import DigitData, LabelledImages
from classifiers.networks.lenet import initialised_lenet
from classifiers.threads import cpu_threads
from classifiers.training import Training, error_rate, learning_rate, save, train_lenet


def bars(count: int, n_labels: int = 10) -> LabelledImages:
    """Easy images: a bright bar whose row tells the label, on noise."""
    rng = np.random.default_rng(count)
    images = rng.integers(0, 60, (count, 28, 28), np.uint8)
    labels = np.arange(count) % n_labels
    for image, label in zip(images, labels, strict=True):
        image[2 * label + 2 : 2 * label + 5] = 255
    return LabelledImages(images, labels.astype(np.int64))


DATA = DigitData(bars(200), bars(50), {"bars": "no file"})


def short(seed: int = 3, iterations: int = 5) -> Training:
    return train_lenet(DATA, seed, iterations=iterations, batch=8)


def bits(training: Training) -> str:
    state = {name: value.contiguous() for name, value in training.network.state_dict().items()}
    return hashlib.sha256(safetensors.torch.save(state)).hexdigest()


def test_the_same_seed_gives_the_same_bits_whatever_torchs_own_seed() -> None:
    before = torch.get_rng_state()
    first = short()
    assert torch.equal(torch.get_rng_state(), before)
    with torch.random.fork_rng():
        torch.manual_seed(99)
        second = short()
    assert bits(first) == bits(second)
    assert first.record.train_loss == second.record.train_loss
    assert bits(first) != bits(short(seed=4))


def test_learns() -> None:
    training = short(iterations=60)
    untrained = error_rate(initialised_lenet(np.random.default_rng(3)), DATA.test)
    assert training.record.test_error == error_rate(training.network, DATA.test) <= 0.05
    assert untrained > 0.5


def test_the_learning_rate_decays_as_in_caffe() -> None:
    assert learning_rate(0) == 0.01
    assert learning_rate(10_000) == pytest.approx(0.00595, abs=5e-6)


def test_weights_start_as_caffes_xavier_and_biases_at_zero() -> None:
    network = initialised_lenet(np.random.default_rng(0))
    assert sum(parameter.numel() for parameter in network.parameters()) == 431_080
    for name, parameter in network.named_parameters():
        if name.endswith("bias"):
            assert not parameter.any()
            continue
        bound = math.sqrt(3 / math.prod(parameter.shape[1:]))
        assert 0.95 * bound < float(parameter.detach().abs().max()) <= bound
        # A uniform distribution on ±bound has standard deviation bound / sqrt(3).
        assert float(parameter.detach().std()) == pytest.approx(bound / math.sqrt(3), rel=0.1)


def test_one_step_is_caffes() -> None:
    """After one step from zero momentum, w' = w - lr * multiplier * (gradient + decay * w)."""
    data = DigitData(bars(8), bars(8), {})
    trained = dict(train_lenet(data, 1, iterations=1, batch=8).network.named_parameters())
    start = initialised_lenet(np.random.default_rng(1))
    images = torch.from_numpy(data.train.images.astype(np.float32) / 256).unsqueeze(1)
    loss = torch.nn.functional.cross_entropy(start(images), torch.from_numpy(data.train.labels))
    loss.backward()  # type: ignore[no-untyped-call]
    for name, parameter in start.named_parameters():
        assert parameter.grad is not None
        rate = 0.02 if name.endswith("bias") else 0.01
        expected = parameter.detach() - rate * (parameter.grad + 5e-4 * parameter.detach())
        torch.testing.assert_close(trained[name].detach(), expected, atol=1e-6, rtol=1e-4)


def test_room_for_a_fooling_class() -> None:
    data = DigitData(bars(220, n_labels=11), bars(50), {})
    training = train_lenet(data, 1, iterations=2, batch=8, n_labels=11)
    assert training.network.fc2.out_features == training.record.n_labels == 11
    assert training.record.parameters == 431_080 + 501


def test_reports_progress_and_curves() -> None:
    calls: list[tuple[int, int, float]] = []

    def note(done: int, total: int, loss: float) -> None:
        calls.append((done, total, loss))

    record = train_lenet(DATA, 1, iterations=250, batch=4, progress=note).record
    assert [(done, total) for done, total, _ in calls] == [(100, 250), (200, 250), (250, 250)]
    assert [(done, loss) for done, _, loss in calls] == record.train_loss
    assert [iteration for iteration, _ in record.test_errors] == [250]
    assert record.train_loss[0][1] > record.train_loss[-1][1]


def test_leaves_the_number_of_threads_as_it_was() -> None:
    with cpu_threads(2):
        short()
        assert torch.get_num_threads() == 2


def test_saves_weights_and_record(tmp_path: Path) -> None:
    training = short()
    path = tmp_path / "net.safetensors"
    sha256 = save(training, path)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    saved = safetensors.torch.load_file(path)
    for name, value in training.network.state_dict().items():
        assert torch.equal(saved[name], value)
    record = json.loads((tmp_path / "net.json").read_text())
    assert record["weights"] == "net.safetensors"
    assert record["weights_sha256"] == sha256
    assert record["seed"] == 3
    assert record["data_sha256"] == {"bars": "no file"}
    assert record["solver"]["base_lr"] == 0.01


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: train_lenet(DATA, 1, iterations=0), "iterations: expected at least 1, got 0"),
        (lambda: train_lenet(DATA, 1, batch=0), "batch: expected 1 to 200, got 0"),
        (lambda: train_lenet(DATA, 1, batch=201), "batch: expected 1 to 200, got 201"),
        (lambda: train_lenet(DATA, 1, n_labels=9), "n_labels: expected more than label 9, got 9"),
    ],
)
def test_impossible_requests_are_refused(wrong: Callable[[], Training], message: str) -> None:
    with pytest.raises(TrainingFailed, match=message):
        wrong()


def test_a_diverging_loss_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("classifiers.training.BASE_LR", 1e6)
    with pytest.raises(TrainingFailed, match="loss: expected a finite number"):
        short(iterations=50)
