"""What tests of several services start from."""

from pathlib import Path

import pytest

from evolution.services import exporting, runs
from tests.services.test_evolving import evolve, start


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Of a small finished run that is not stored any more."""
    run = start()
    evolve(run)
    exporting.export(run.pk, tmp_path / "run")
    runs.delete([run.pk])
    return tmp_path / "run"
