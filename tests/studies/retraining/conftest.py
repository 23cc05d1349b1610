"""A data set that is learnt in a second, and a folder of networks that studies publish into."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import pytest_django

from classifiers import catalogue, datasets
from tests.classifiers.test_datasets import idx
from tests.classifiers.test_training import DATA


@pytest.fixture
def digits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of IDX files with 200 bars to learn from and 50 to test with."""
    folder = tmp_path / "digits"
    folder.mkdir()
    sums = {}
    for part, images in (("train", DATA.train), ("t10k", DATA.test)):
        files = {
            f"{part}-images-idx3-ubyte": idx(images.images),
            f"{part}-labels-idx1-ubyte": idx(images.labels.astype(np.uint8)),
        }
        for name, content in files.items():
            (folder / name).write_bytes(content)
            sums[name] = hashlib.md5(content).hexdigest()
    monkeypatch.setattr(datasets, "MNIST_MD5", sums)
    return folder


@pytest.fixture
def networks(tmp_path: Path, settings: pytest_django.DjangoSettingsWrapper) -> Iterator[Path]:
    before = list(catalogue._networks_dir)
    settings.NETWORKS_DIR = tmp_path / "networks"
    catalogue.look_in(settings.NETWORKS_DIR)
    yield settings.NETWORKS_DIR
    catalogue._networks_dir[:] = before
