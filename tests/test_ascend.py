"""`manage.py ascend` finds pictures by gradient ascent, and goes on where it was stopped."""

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from classifiers import catalogue

USUAL = ("--classifier", "lenet-a", "--style", "none", "--iterations", "120")


def ascend(out: Path, *arguments: str) -> dict[str, Any]:
    written = StringIO()
    call_command("ascend", *USUAL, "--out", str(out), *arguments, "--json", stdout=written)
    told: dict[str, Any] = json.loads(written.getvalue())
    return told


def test_each_label_and_seed_has_its_files(tmp_path: Path) -> None:
    told = ascend(tmp_path / "new", "--labels", "3,7", "--seeds", "0-1")
    names = {
        f"{label}-{seed}.{end}"
        for label in (3, 7)
        for seed in (0, 1)
        for end in ("png", "csv", "json")
    }
    assert {path.name for path in (tmp_path / "new").iterdir()} == names
    assert (told["pictures"], len(told["found"])) == (4, 4)


def test_the_png_is_what_the_confidence_is_of(tmp_path: Path) -> None:
    (found,) = ascend(tmp_path, "--labels", "3")["found"]
    picture = np.array(Image.open(tmp_path / "3-0.png"))[None, :, :, None]
    assert catalogue.load("lenet-a").confidences(picture)[0, 3] == found["confidence"] > 0.9
    with (tmp_path / "3-0.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == found["iterations"] == 120
    assert float(rows[-1]["confidence"]) == pytest.approx(found["confidence_unrounded"])


def test_goes_on_with_what_is_missing(tmp_path: Path) -> None:
    whole = ascend(tmp_path, "--labels", "0-4", "--batch", "2")
    kept, lost = tmp_path / "0-0.png", tmp_path / "3-0.json"
    before = kept.stat().st_mtime_ns
    lost.unlink()
    assert ascend(tmp_path, "--labels", "0-4", "--batch", "2") == whole
    assert kept.stat().st_mtime_ns == before
    assert lost.is_file()


def test_refuses_a_folder_of_another_ascent(tmp_path: Path) -> None:
    ascend(tmp_path, "--labels", "3")
    with pytest.raises(CommandError, match=r"out: .* this ascent, got 3-0\.json"):
        ascend(tmp_path, "--labels", "3", "--stop-at", "0.5")


@pytest.mark.parametrize("labels", ["", "x", "5-3", "1,,2", "-1", "9999999999"])
def test_refuses_what_are_no_labels(tmp_path: Path, labels: str) -> None:
    with pytest.raises(CommandError, match="--labels: expected numbers"):
        ascend(tmp_path, f"--labels={labels}")


def test_refuses_labels_and_classifiers_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="label: expected 0 to 9, got 10"):
        ascend(tmp_path, "--labels", "10")
    with pytest.raises(CommandError, match="name: expected one of"):
        ascend(tmp_path, "--labels", "1", "--classifier", "nobody")
