"""What goes wrong between a genome and its confidences: the run says why, and nothing is lost."""

from typing import Any

import pytest
import torch
from django.test import Client
from pytest_django import Settings

from classifiers.base import BadOutput, FloatArray, Images
from classifiers.wrapped import NetworkClassifier
from evolution.models import Run
from evolution.services import evolving, runs
from evolution.services.evolving import Budget
from evolution.services.runs import Order

pytestmark = pytest.mark.django_db
Status = Run.Status


def start(generations: int = 4) -> Run:
    return runs.start(Order("mnist-cppn-paper", "lenet-a", seed=2, generations=generations))[0]


def evolve(run: Run, seconds: float = 600) -> None:
    evolving.evolve_slice(run.pk, run.generation, Budget(seconds))
    run.refresh_from_db()


def troubled(monkeypatch: pytest.MonkeyPatch, trouble: Any) -> None:
    """Let a network's answers go through `trouble(classifier, images, answers)`."""
    judge = NetworkClassifier.confidences

    def confidences(self: NetworkClassifier, images: Images) -> FloatArray:
        answer: FloatArray = trouble(self, images, lambda: judge(self, images))
        return answer

    monkeypatch.setattr(NetworkClassifier, "confidences", confidences)


def test_a_device_that_is_not_there_fails_the_run_with_its_name(settings: Settings) -> None:
    settings.DEVICE = "cuda:9"
    run = start()
    evolve(run)
    assert run.status == Status.FAILED
    assert "FOOLBREEDER_DEVICE: expected" in run.error
    assert "'cuda:9'" in run.error


def test_a_network_that_changed_since_the_run_began_is_not_the_same() -> None:
    run = start()
    evolve(run, seconds=0)
    Run.objects.update(classifier_version="0" * 12)
    evolve(run)
    assert run.status == Status.FAILED
    assert "lenet-a: expected version 000000000000, with which the run began, got" in run.error
    assert run.generation == 1


def test_a_network_that_says_nonsense_fails_the_run_and_keeps_what_was_committed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = start()
    evolve(run, seconds=0)
    held = list(run.elites.holders().order_by("cell").values_list("confidence", flat=True))

    def nonsense(classifier: NetworkClassifier, images: Images, answers: Any) -> FloatArray:
        raise BadOutput("lenet-a: expected finite confidences, got NaN or infinity")

    troubled(monkeypatch, nonsense)
    evolve(run)
    assert run.status == Status.FAILED
    assert "expected finite confidences, got NaN" in run.error
    assert run.generation == 1
    kept = run.elites.holders().order_by("cell").values_list("confidence", flat=True)
    assert list(kept) == held


def test_a_network_whose_weights_turned_to_nan_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    run = start()

    probabilities = NetworkClassifier._probabilities
    monkeypatch.setattr(
        NetworkClassifier,
        "_probabilities",
        lambda self, answer: probabilities(self, answer) * torch.nan,
    )
    evolve(run)
    assert run.status == Status.FAILED
    assert "NaN or infinity" in run.error


def test_too_little_memory_halves_the_batch_and_the_run_says_so(
    monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    def short(classifier: NetworkClassifier, images: Images, answers: Any) -> FloatArray:
        if classifier.chunk > 15:
            raise torch.OutOfMemoryError("CUDA out of memory")
        found: FloatArray = answers()
        return found

    troubled(monkeypatch, short)
    run = start(generations=2)
    while run.is_active:
        evolve(run, seconds=0)
    assert run.status == Status.FINISHED
    assert "In generation 0: Out of memory: batches of 12 pictures instead of 25." in run.notice
    assert run.notice.count("Out of memory") == 2  # once a halving, not once a slice
    assert run.chunk == 12  # with which the next slice begins
    assert "batches of 12 pictures" in client.get(f"/runs/{run.pk}/").content.decode()
