"""docs/adding-a-classifier.md, followed as a newcomer would: train, export, describe, check, fool."""

import contextlib
import json
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional

from classifiers.descriptions import ARCHITECTURES
from classifiers.networks.squeezenet import SqueezeNet
from evolution.models import Run
from tests.containers import ROOT
from tests.processes import Processes

DOCUMENT = (ROOT / "docs" / "adding-a-classifier.md").read_text()
TOML = re.findall(r"```toml\n(.*?)```", DOCUMENT, re.DOTALL)[0]
CODE = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
SIDE, MEAN, STD = 32, 0.5, 0.25


def drawn(count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Discs, squares and stripes in colours: pictures (count, 3, 32, 32) in [0, 1], labels."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 3, count)
    rows, columns = np.mgrid[:SIDE, :SIDE]
    pictures = np.empty((count, 3, SIDE, SIDE), np.float32)
    for index, label in enumerate(labels):
        y, x, radius = rng.integers(10, 22), rng.integers(10, 22), rng.integers(5, 10)
        shape = [
            (rows - y) ** 2 + (columns - x) ** 2 < radius**2,
            np.maximum(abs(rows - y), abs(columns - x)) < radius,
            (columns // rng.integers(2, 5)) % 2 == 0,
        ][label]
        paint, paper = 0.5 + rng.random((3, 1, 1)) / 2, rng.random((3, 1, 1)) / 3
        pictures[index] = np.where(shape, paint, paper)
    return torch.from_numpy(pictures), torch.from_numpy(labels)


def train(network: nn.Module, steps: int, rate: float) -> float:
    """Returns the share of new pictures that it gets right."""
    pictures, labels = drawn(1500, seed=1)
    optimiser = torch.optim.Adam(network.parameters(), rate)
    for step in range(steps):
        picked = torch.arange(step * 50, step * 50 + 50) % len(pictures)
        loss = functional.cross_entropy(network((pictures[picked] - MEAN) / STD), labels[picked])
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    network.eval()
    pictures, labels = drawn(300, seed=2)
    with torch.inference_mode():
        answers = network((pictures - MEAN) / STD).argmax(1)
    return float((answers == labels).float().mean())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    networks = tmp_path / "networks"
    networks.mkdir()
    return networks


@pytest.fixture
def newcomer(folder: Path, processes: Processes) -> Processes:
    processes.environment["FOOLBREEDER_NETWORKS"] = str(folder)
    return processes


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the exporter to ONNX
@pytest.mark.django_db(transaction=True)
def test_a_network_is_trained_exported_described_checked_and_fooled(
    folder: Path, newcomer: Processes
) -> None:
    torch.manual_seed(0)
    network = nn.Sequential(
        nn.Conv2d(3, 16, 5, stride=2),
        nn.ReLU(),
        nn.Conv2d(16, 32, 3, stride=2),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(32 * 6 * 6, 3),
    )
    assert train(network, steps=200, rate=3e-3) > 0.85
    as_program, as_onnx, as_weights = CODE
    names: dict[str, object] = {"network": network}
    with contextlib.chdir(folder):
        exec(as_program, names)
        exec(as_onnx, names)
        exec(as_weights, {"network": SqueezeNet(n_labels=3)})  # it needs a known architecture
    (folder / "my-net.toml").write_text(TOML)
    (folder / "my-onnx.toml").write_text(TOML.replace("my-net.pt2", "my-net.onnx"))
    toml = TOML.replace("my-net.pt2", "my-net.safetensors")
    (folder / "my-weights.toml").write_text(f'architecture = "squeezenet"\n{toml}')

    for name in ("my-net", "my-onnx", "my-weights"):
        checked = newcomer.run("manage.py", "check_classifier", name)
        assert checked.returncode == 0, checked.stdout + checked.stderr
        assert "WRONG" not in checked.stdout

    picture, labels = drawn(1, seed=3)
    shades = (picture[0].permute(1, 2, 0) * 255).round().byte().numpy()
    Image.fromarray(shades).save(folder / "shape.png")
    arguments = ["--classifier", "my-net", "--classifier", "my-onnx", "--json"]
    asked = newcomer.run("manage.py", "classify", str(folder / "shape.png"), *arguments)
    first, second = (told["predictions"] for told in json.loads(asked.stdout))
    assert first[0]["index"] == int(labels[0])
    assert first[0]["confidence"] == pytest.approx(second[0]["confidence"], abs=1e-5)

    fooled = newcomer.run(
        "manage.py", "evolve", "imagenet-cppn-fast", "--classifier", "my-net",
        "--generations", "2", "--json",
    )  # fmt: skip
    assert fooled.returncode == 0, fooled.stderr
    run = Run.objects.get()
    assert (run.status, run.classifier, run.generation) == (Run.Status.FINISHED, "my-net", 3)
    assert run.elites.holders().count() == 3
    assert set(json.loads(fooled.stdout)["confidences"]) == {"disc", "square", "stripes"}


def test_the_document_explains_every_key() -> None:
    example = tomllib.loads(TOML)
    rows = re.findall(r"^\| (`[^|]+`) \|", DOCUMENT, re.MULTILINE)
    explained = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    left_out_of_it = {"architecture", "untargeted"}
    assert explained == {*example, *example["preprocessing"], *left_out_of_it} - {"preprocessing"}


def test_the_document_names_every_architecture() -> None:
    (row,) = re.findall(r"^\| `architecture` \|.*$", DOCUMENT, re.MULTILINE)
    assert {name for name in ARCHITECTURES if f"`{name}`" not in row} == set()
