"""A folder of an operator's own networks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from classifiers import catalogue


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    before = list(catalogue._networks_dir)
    networks = tmp_path / "networks"
    networks.mkdir()
    catalogue.look_in(networks)
    yield networks
    catalogue._networks_dir[:] = before
