"""A network with a label that evolution leaves alone: runs against it, exported and imported."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from classifiers import catalogue, retraining
from evolution.errors import InvalidInput
from evolution.exhibits import naming
from evolution.models import Prediction
from evolution.services import exporting, importing, runs
from evolution.services.runs import Order
from tests.classifiers.test_retraining import fooling
from tests.classifiers.test_training import DATA
from tests.services.test_evolving import evolve

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "lenet-retrained-1-2"


@pytest.fixture
def retrained(tmp_path: Path) -> Iterator[Path]:
    before = list(catalogue._networks_dir)
    catalogue.look_in(tmp_path / "networks")
    trained = retraining.retrain(DATA, fooling(), 1, iterations=30)
    retraining.publish(trained, tmp_path / "networks", NAME, "Retrained")
    yield tmp_path / "networks"
    catalogue._networks_dir[:] = before


def test_cells_stand_for_digits_alone(retrained: Path) -> None:
    (run,) = runs.start(Order("mnist-cppn-paper", NAME, seed=3, generations=3))
    evolve(run, seconds=0)
    evolve(run)  # restored
    assert run.status == "finished", run.error
    assert set(run.elites.holders().values_list("cell", flat=True)) == set(range(10))
    said = {label for one in Prediction.objects.all() for label, _ in one.top}
    assert 10 in said, "what it says of fooling is stored all the same"
    assert naming.label(NAME, 10) == "fooling"


def test_nobody_may_aim_at_fooling(retrained: Path) -> None:
    with pytest.raises(InvalidInput, match="target: expected 0 to 9, got 10"):
        runs.start(Order("mnist-cppn-single", NAME, seed=3, target=10))


def test_travels_also_to_where_the_network_is_not(retrained: Path, tmp_path: Path) -> None:
    (run,) = runs.start(Order("mnist-cppn-paper", NAME, seed=3, generations=3))
    evolve(run, seconds=0)
    runs.pause(run.pk)
    exporting.export(run.pk, tmp_path / "out")
    (retrained / f"{NAME}.toml").unlink()
    assert naming.labels(NAME) == ()
    run = importing.read(tmp_path / "out", again=True)
    assert run.elites.holders().count() == 10
