"""The size of a batch is found by trying, and no further than it pays."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
import torch

from classifiers import batching
from classifiers.base import FloatArray, Images


class Full(Exception): ...


def card(speed: Callable[[int], float], room: int) -> tuple[Callable[[int], float], list[int]]:
    """A device with a speed for each size of a batch, and room for `room` views."""
    tried: list[int] = []

    def views_per_second(batch: int) -> float:
        tried.append(batch)
        if batch > room:
            raise Full
        return speed(batch)

    return views_per_second, tried


def test_the_batch_grows_while_that_pays() -> None:
    # A pass takes 1 ms and a view 10 µs: 512 views bring 10% more than 256, 1024 only 4.7%.
    measure, tried = card(lambda batch: batch / (1e-3 + 1e-5 * batch), room=10_000)
    assert batching.best_batch(measure, Full) == 1024
    assert tried == [16, 32, 64, 128, 256, 512, 1024, 2048]


def test_it_ends_where_memory_does() -> None:
    measure, tried = card(float, room=300)
    assert batching.best_batch(measure, Full) == 256
    assert tried[-1] == 512


def test_it_ends_at_the_limit() -> None:
    measure, tried = card(float, room=10_000)
    assert batching.best_batch(measure, Full, limit=100) == 64
    assert max(tried) == 64


def test_a_device_that_becomes_slower_keeps_the_small_batch() -> None:
    measure, _ = card(lambda batch: 1000 / batch, room=10_000)
    assert batching.best_batch(measure, Full) == 16


def test_the_first_size_has_to_fit() -> None:
    measure, _ = card(float, room=8)
    with pytest.raises(Full):
        batching.best_batch(measure, Full)


class Roomy:
    """A stand-in for a network with room for 40 views, whose passes all take as long."""

    name, version, channels, device, forward_seconds = "roomy", "1", 1, "cuda", 0.0
    labels: Sequence[str] = ("dark", "bright")
    engine, notice = "none, float32", ""

    def __init__(self, chunk: int) -> None:
        self.chunk = chunk

    def confidences(self, images: Images) -> FloatArray:
        assert tuple(images.shape) == (self.chunk, 12, 12, 1)
        if self.chunk > 40:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return np.zeros((len(images), 2), np.float32)

    def with_chunk(self, chunk: int) -> "Roomy":
        return Roomy(chunk)


def test_a_classifier_is_fitted_to_its_device(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(1000))
    monkeypatch.setattr("time.perf_counter", lambda: next(clock))
    assert batching.fitted(Roomy(1), 12).chunk == 32
    assert batching.fitted(Roomy(1), 12, limit=4).chunk == 4
