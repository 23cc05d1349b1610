"""What computes a run's network is remembered, and a change of it is told."""

import pytest

from classifiers.wrapped import NetworkClassifier
from evolution.models import Run
from evolution.services import evolving, runs
from evolution.services.evolving import Budget
from evolution.services.runs import Order

pytestmark = pytest.mark.django_db


def start() -> Run:
    return runs.start(Order("mnist-cppn-paper", "lenet-a", seed=2, generations=4))[0]


def evolve(run: Run, seconds: float = 0) -> None:
    evolving.evolve_slice(run.pk, run.generation, Budget(seconds))
    run.refresh_from_db()


def computed_by(monkeypatch: pytest.MonkeyPatch, engine: str, notice: str = "") -> None:
    monkeypatch.setattr(NetworkClassifier, "engine", engine)
    monkeypatch.setattr(NetworkClassifier, "notice", notice)


def test_the_first_slice_writes_down_engine_and_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    computed_by(monkeypatch, "abacus 1.0, float32")
    run = start()
    evolve(run)
    assert (run.engine, run.chunk, run.notice) == ("abacus 1.0, float32", 50, "")


def test_the_batch_of_the_first_slice_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    run = start()
    evolve(run)
    Run.objects.filter(pk=run.pk).update(chunk=25)  # as if the catalogue had said so then
    evolve(run)
    assert (run.chunk, run.notice) == (25, "")


def test_another_engine_is_told_once_and_has_its_own_batch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    computed_by(monkeypatch, "abacus 1.0, float32")
    run = start()
    evolve(run)
    Run.objects.filter(pk=run.pk).update(chunk=25)
    computed_by(monkeypatch, "slide rule 2.0, float32")
    evolve(run)
    evolve(run)
    assert (run.engine, run.chunk) == ("slide rule 2.0, float32", 50)
    assert run.notice.count("Judged by slide rule 2.0, float32 from here on") == 1
    assert "abacus 1.0, float32 before" in run.notice


def test_why_another_engine_is_used_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    computed_by(monkeypatch, "abacus 1.0, float32", "The slide rule is broken.")
    run = start()
    evolve(run)
    evolve(run)
    assert run.notice.count("The slide rule is broken.") == 1
