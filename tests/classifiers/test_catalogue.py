"""The catalogue is honest about its files, and cheap to import."""

import json
import subprocess
import sys

import pytest

from classifiers.base import UnknownClassifier
from classifiers.catalogue import entries, entry, fitting
from classifiers.entries import Entry
from classifiers.places import WEIGHTS_DIR

LENETS = [found for found in entries() if found.name.startswith("lenet-")]


def test_importing_the_catalogue_does_not_import_torch() -> None:
    code = "import sys, classifiers.catalogue as c; c.entries(); print('torch' in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "False"


def test_entries_are_found_by_their_unique_names() -> None:
    names = [found.name for found in entries()]
    assert len(set(names)) == len(names)
    assert [entry(name) for name in names] == list(entries())


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownClassifier, match=r"expected one of lenet-a, .*got 'lenet-z'"):
        entry("lenet-z")


def test_grey_and_colour_pictures_are_for_different_networks() -> None:
    assert [found.title for found in fitting((28, 28, 1))] == ["LeNet A", "LeNet B"]
    assert [found.name for found in fitting((256, 256, 3))] == [
        "squeezenet",
        "efficientnet-lite0",
        "efficientnet-lite1",
        "efficientnet-lite2",
    ]
    assert fitting((27, 28, 1)) == ()


@pytest.mark.parametrize("lenet", LENETS, ids=lambda found: found.name)
def test_the_record_beside_the_weights_agrees_with_the_entry(lenet: Entry) -> None:
    record = json.loads((WEIGHTS_DIR / lenet.weights.file).with_suffix(".json").read_text())
    assert record["weights"] == lenet.weights.file
    assert record["weights_sha256"] == lenet.weights.sha256
    assert record["parameters"] == lenet.parameters
    assert record["test_error"] == lenet.accuracy.measured_error
    assert f"(seed {record['seed']})" in lenet.description
    assert record["iterations"] == 10_000
    # The paper's own net got 0.94% wrong; ours must be in its class to stand in for it.
    assert record["test_error"] <= 0.01


def test_the_two_lenets_are_different_networks() -> None:
    assert len({lenet.weights.sha256 for lenet in LENETS}) == len(LENETS) == 2
