"""`manage.py check_classifier` tells, line by line, whether a network can be fooled here."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import torch
from django.core.management import CommandError, call_command
from torch import Tensor, nn

from classifiers import catalogue, contract
from tests.classifiers.brought import TOML, Shapes, bring, exported, onnx, shapes

PROMISES = [
    "description is valid",
    "files are there, with the right hash",
    "loads",
    "one output a label",
    "confidences sum to 1",
    "confidences are finite",
    "an answer does not depend on the batch",
    "answers are the same each time",
    "eval mode",
    "accepts pictures of 256 pixels",
    "accepts ten crops",
    "speed",
]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(catalogue, "_networks_dir", [tmp_path])
    monkeypatch.setattr(contract, "SECONDS", 0.01)
    return tmp_path


def check(*arguments: str) -> str:
    out = StringIO()
    call_command("check_classifier", *arguments, stdout=out)
    return out.getvalue()


def wrong(name: str) -> list[dict[str, Any]]:
    out = StringIO()
    with pytest.raises(CommandError, match=f"{name}: 1 of .* checks failed"):
        call_command("check_classifier", name, "--json", stdout=out)
    found: list[dict[str, Any]] = json.loads(out.getvalue())
    return [finding for finding in found if not finding["kept"]]


@pytest.mark.parametrize("name", ["lenet-a", "lenet-a+lenet-b", "squeezenet"])
def test_shipped_networks_keep_every_promise(name: str) -> None:
    found = json.loads(check(name, "--json"))
    assert [finding["promise"] for finding in found] == PROMISES
    assert all(finding["kept"] for finding in found)


@pytest.mark.parametrize(("suffix", "export"), [(".pt2", exported), (".onnx", onnx)])
def test_so_do_programs_and_it_is_said_in_words(folder: Path, suffix: str, export: Any) -> None:
    told = check(bring(folder, f"shapes{suffix}", export(shapes())))
    lines = told.splitlines()
    assert [line[7:].partition(":")[0] for line in lines[: len(PROMISES)]] == PROMISES
    assert all(line.startswith("ok ") for line in lines[: len(PROMISES)])
    assert f"shapes{suffix} (" in lines[1]
    assert "3 outputs for 3 labels" in lines[3]
    assert "pictures/s on this machine" in lines[11]
    assert lines[-1] == "shapes can be fooled: evolve PRESET --classifier shapes"


def test_a_wrong_description(folder: Path) -> None:
    (finding,) = wrong(bring(folder, "shapes.pt2", b"", TOML.replace("title", "titel")))
    assert finding["promise"] == "description is valid"
    assert "shapes.toml: title: expected a text" in finding["seen"]
    assert "docs/adding-a-classifier.md" in finding["advice"]


def test_a_name_that_nobody_knows() -> None:
    (finding,) = wrong("vgg")
    assert "expected one of lenet-a, lenet-b, squeezenet" in finding["seen"]


def test_a_file_that_is_not_there_yet() -> None:
    (finding,) = wrong("alexnet")
    assert finding["promise"] == "files are there, with the right hash"
    assert "put torchvision's alexnet-owt-7be5be79.pth into the folder" in finding["seen"]


def test_a_file_that_does_not_load(folder: Path) -> None:
    (finding,) = wrong(bring(folder, "shapes.pt2", b"no program"))
    assert finding["promise"] == "loads"


def test_labels_of_another_number(folder: Path) -> None:
    (finding,) = wrong(bring(folder, "shapes.onnx", onnx(shapes()), TOML.replace('"disc", ', "")))
    assert finding["promise"] == "one output a label"
    assert "got (4, 3)" in finding["seen"]


class Mixing(nn.Module):
    """Lets the pictures of a batch see each other, as normalisation in training mode does."""

    def __init__(self) -> None:
        super().__init__()
        self.network: Shapes = shapes()

    def forward(self, images: Tensor) -> Tensor:
        logits: Tensor = self.network(images - images.mean(0, keepdim=True))
        return logits


def test_answers_that_depend_on_the_batch(folder: Path) -> None:
    (finding,) = wrong(bring(folder, "mixing.onnx", onnx(Mixing())))
    assert finding["promise"] == "an answer does not depend on the batch"
    assert "network.eval()" in finding["advice"]


class Guessing(Mixing):
    def forward(self, images: Tensor) -> Tensor:
        logits: Tensor = self.network(images)
        return logits + torch.randn_like(logits)


def test_answers_that_change(folder: Path) -> None:
    name = bring(folder, "guessing.onnx", onnx(Guessing()))
    with pytest.raises(CommandError, match="guessing: 2 of 12 checks failed"):
        check(name)


def test_without_a_name_all_are_listed(folder: Path) -> None:
    bring(folder, "shapes.pt2", b"")
    bring(folder, "broken.pt2", b"", TOML.replace("title", "titel"))
    told = dict(line.split(maxsplit=1) for line in check().splitlines() if line)
    assert told["squeezenet"] == told["shapes"] == "installed"
    assert told["alexnet"].startswith("AlexNet is not installed: put torchvision's alexnet")
    assert told["broken"].startswith("broken: broken.toml: title: expected a text")
    rows = {row["classifier"]: row["state"] for row in json.loads(check("--json"))}
    assert rows["broken"] == told["broken"]
