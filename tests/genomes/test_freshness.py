"""Compiled kernels never outlive their sources."""

import os
from pathlib import Path

import pytest

from evolution.genomes.kernels.freshness import forget_stale


@pytest.mark.parametrize(("age", "survives"), [(-10, True), (10, False)])
def test_only_kernels_older_than_their_sources_are_forgotten(
    tmp_path: Path, age: int, survives: bool
) -> None:
    source, index = tmp_path / "kernel.py", tmp_path / "__pycache__" / "kernel.draw-1.nbi"
    index.parent.mkdir()
    source.touch()
    index.touch()
    now = source.stat().st_mtime
    os.utime(index, (now - age, now - age))
    forget_stale(tmp_path)
    assert index.exists() is survives
