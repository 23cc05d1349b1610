"""Weights files that are not what the catalogue says are refused before they are used."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
import safetensors.torch
import torch

from classifiers.base import BadWeights
from classifiers.catalogue import load
from classifiers.entries import Entry
from classifiers.loading import network
from classifiers.places import WEIGHTS_DIR, Place
from classifiers.shipped import ENTRIES

LENET, OTHER = (
    next(entry for entry in ENTRIES if entry.name == name) for name in ("lenet-a", "lenet-b")
)


def expecting(content: bytes) -> Entry:
    return replace(
        LENET, weights=replace(LENET.weights, sha256=hashlib.sha256(content).hexdigest())
    )


def test_an_untouched_copy_loads(tmp_path: Path) -> None:
    (tmp_path / LENET.weights.file).write_bytes((WEIGHTS_DIR / LENET.weights.file).read_bytes())
    assert load("lenet-a", Place(weights_dir=tmp_path)).version == LENET.version


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadWeights, match=r"lenet-a: expected weights at .*lenet-a\.safetensors"):
        load("lenet-a", Place(weights_dir=tmp_path))


@pytest.mark.parametrize("kept", [0, 7, 1000, -1])
def test_a_truncated_file_is_refused(tmp_path: Path, kept: int) -> None:
    content = (WEIGHTS_DIR / LENET.weights.file).read_bytes()[:kept]
    (tmp_path / LENET.weights.file).write_bytes(content)
    with pytest.raises(
        BadWeights, match=f"expected .*{LENET.weights.sha256}, got {len(content)} bytes"
    ):
        load("lenet-a", Place(weights_dir=tmp_path))


def test_one_flipped_bit_is_refused(tmp_path: Path) -> None:
    content = bytearray((WEIGHTS_DIR / LENET.weights.file).read_bytes())
    content[-1] ^= 1
    (tmp_path / LENET.weights.file).write_bytes(content)
    with pytest.raises(BadWeights, match=hashlib.sha256(content).hexdigest()):
        load("lenet-a", Place(weights_dir=tmp_path))


def test_another_networks_file_is_refused(tmp_path: Path) -> None:
    content = (WEIGHTS_DIR / OTHER.weights.file).read_bytes()
    (tmp_path / LENET.weights.file).write_bytes(content)
    with pytest.raises(BadWeights, match=OTHER.weights.sha256):
        load("lenet-a", Place(weights_dir=tmp_path))


@pytest.mark.parametrize(
    "content",
    [
        b"not safetensors",
        safetensors.torch.save({"conv1.weight": torch.zeros(20, 1, 5, 5)}),
        safetensors.torch.save(
            {
                **safetensors.torch.load((WEIGHTS_DIR / LENET.weights.file).read_bytes()),
                "fc2.weight": torch.zeros(11, 500),
            }
        ),
    ],
    ids=["not safetensors", "layers missing", "wrong shape"],
)
def test_weights_that_do_not_fit_the_network_are_refused(content: bytes) -> None:
    with pytest.raises(
        BadWeights, match=r"expected weights for classifiers\.networks\.lenet:LeNet"
    ):
        network(expecting(content), content, "cpu")
