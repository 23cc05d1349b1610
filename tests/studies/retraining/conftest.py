"""A small data set, and a folder of networks that studies publish into."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from classifiers import catalogue, datasets
from tests.classifiers import small_digits


@pytest.fixture
def digits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "digits"
    folder.mkdir()
    monkeypatch.setattr(datasets, "MNIST_MD5", small_digits.write(folder))
    return folder


@pytest.fixture
def networks(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    before = list(catalogue._networks_dir)
    settings.NETWORKS_DIR = tmp_path / "networks"
    catalogue.look_in(settings.NETWORKS_DIR)
    yield settings.NETWORKS_DIR
    catalogue._networks_dir[:] = before
