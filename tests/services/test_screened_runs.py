"""Runs whose children are judged roughly first: what they store is the precise network's word."""

from typing import Any

import numpy as np
import pytest
import torch

from classifiers import catalogue
from classifiers.base import Classifier, FloatArray, Images
from classifiers.places import Place
from evolution import evaluation
from evolution.algorithms.settings import Preset
from evolution.errors import InvalidInput
from evolution.models import Prediction, Run
from evolution.services import evolving, predicting, runs
from evolution.services.evolving import Budget
from evolution.services.runs import Order
from tests.services.test_evolving import story

pytestmark = pytest.mark.django_db
GENERATIONS = 12


class Rough:
    """A network whose answers are rounded to bfloat16, as a stand-in that every machine has."""

    def __init__(self, network: Classifier) -> None:
        self.network = network

    def __getattr__(self, name: str) -> Any:
        return getattr(self.network, name)

    def confidences(self, images: Images) -> FloatArray:
        said = torch.from_numpy(self.network.confidences(images))
        return said.to(torch.bfloat16).float().numpy()


@pytest.fixture(autouse=True)
def _rounded(monkeypatch: pytest.MonkeyPatch) -> None:
    network = evaluation.network

    def rounded(name: str, place: Place, preset: Preset, chunk: int | None = None) -> Any:
        if place.precision == "float32":
            return network(name, place, preset, chunk)
        return Rough(catalogue.load(name, crops=preset.crops, chunk=chunk))

    monkeypatch.setattr(evaluation, "network", rounded)


def start(**fields: Any) -> Run:
    order = Order("mnist-cppn-paper", "lenet-a", seed=6, generations=GENERATIONS, **fields)
    return runs.start(order)[0]


def evolve(run: Run, seconds: float = 600) -> object:
    following = evolving.evolve_slice(run.pk, run.generation, Budget(seconds))
    run.refresh_from_db()
    return following


def test_every_stored_confidence_is_what_float32_says_of_the_genome() -> None:
    run = start(screening="bfloat16")
    evolve(run)
    assert run.status == Run.Status.FINISHED, run.error
    assert 0 < run.rescored < GENERATIONS * 200
    network = catalogue.load("lenet-a")
    for elite in run.elites.select_related("individual"):
        picture = predicting.picture(bytes(elite.individual.genome or b""), 28)
        (said,) = network.confidences(picture[np.newaxis])
        assert elite.confidence == pytest.approx(float(said[elite.label]), abs=1e-5)
        top = dict(Prediction.objects.get(individual=elite.individual).top)
        assert top[elite.label] == pytest.approx(elite.confidence, abs=1e-5)


def test_many_slices_end_bit_identical_to_one() -> None:
    whole, sliced = start(screening="bfloat16"), start(screening="bfloat16")
    evolve(whole)
    while evolve(sliced, seconds=0):
        pass
    assert sliced.status == whole.status == Run.Status.FINISHED
    assert story(sliced) == story(whole)
    assert sliced.rescored == whole.rescored


def test_a_run_without_screening_judges_nothing_twice() -> None:
    run = start()
    evolve(run)
    assert run.rescored == 0


def test_a_single_target_is_refused() -> None:
    with pytest.raises(InvalidInput, match="screening: expected none: mnist-cppn-single keeps"):
        runs.start(Order("mnist-cppn-single", "lenet-a", screening="bfloat16"))


def test_an_unknown_precision_is_refused() -> None:
    with pytest.raises(InvalidInput, match="expected bfloat16, or none, got 'int8'"):
        runs.start(Order("mnist-cppn-paper", "lenet-a", screening="int8"))
