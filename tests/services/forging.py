"""Exported runs as somebody may have altered them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evolution.errors import InvalidInput
from evolution.models import Elite, Individual, Prediction, Run
from evolution.services import exporting, importing


def sum_up(folder: Path) -> None:
    """Whoever forges a file also forges its checksum."""
    (folder / "SHA256SUMS").unlink(missing_ok=True)
    exporting.write_sums(folder)


def refusal(folder: Path) -> str:
    with pytest.raises(InvalidInput) as refused:
        importing.read(folder)
    for model in (Run, Individual, Elite, Prediction):
        assert not model.objects.exists()
    return str(refused.value)


def edit_facts(folder: Path, edit: Callable[[dict[str, Any]], object]) -> str:
    path = folder / "run.json"
    facts = json.loads(path.read_text())
    edit(facts)
    path.write_text(json.dumps(facts))
    sum_up(folder)
    return refusal(folder)


def edit_line(folder: Path, name: str, number: int, edit: Callable[[list[str]], object]) -> str:
    """Edit the values of a line of a CSV file; 0 is the head."""
    path = folder / name
    lines = path.read_text().splitlines()
    values = lines[number].split(",")
    edit(values)
    lines[number] = ",".join(values)
    path.write_text("\n".join(lines) + "\n")
    sum_up(folder)
    return refusal(folder)


def put(at: int, value: str) -> Callable[[list[str]], object]:
    return lambda values: values.__setitem__(at, value)
