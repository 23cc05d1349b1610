"""AlexNet and GoogLeNet: their weights are torchvision's, which every user fetches alone."""

import hashlib
import io
from dataclasses import replace
from pathlib import Path
from pkgutil import resolve_name

import numpy as np
import pytest
import torch
from torch import Tensor

from classifiers import catalogue, shipped
from classifiers.base import BadWeights, NotInstalled
from classifiers.entries import Entry
from classifiers.shipped import ALEXNET, GOOGLENET

both = pytest.mark.parametrize("entry", [ALEXNET, GOOGLENET], ids=lambda entry: entry.name)


def content_for(entry: Entry, **more: Tensor) -> bytes:
    """A file as torchvision writes it, with random weights."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        state = resolve_name(entry.builder)().state_dict()
    file = io.BytesIO()
    torch.save({**state, **{name.replace("__", "."): value for name, value in more.items()}}, file)
    return file.getvalue()


def install(folder: Path, entry: Entry, content: bytes, monkeypatch: pytest.MonkeyPatch) -> Entry:
    """Put a file where it belongs, and let the catalogue expect it."""
    (folder / entry.weights.file).write_bytes(content)
    prefix = hashlib.sha256(content).hexdigest()[:8]
    known = replace(entry, weights=replace(entry.weights, sha256=prefix))
    others = tuple(other for other in shipped.ENTRIES if other.name != entry.name)
    monkeypatch.setattr(shipped, "ENTRIES", (*others, known))
    return known


@both
def test_without_its_file_it_says_what_to_do(entry: Entry, folder: Path) -> None:
    words = catalogue.what_is_missing(entry)
    assert words.startswith(
        f"{entry.title} is not installed: put torchvision's {entry.weights.file}"
    )
    assert "FOOLBREEDER_NETWORKS" in words
    assert entry not in catalogue.entries()
    assert entry in catalogue.known()
    with pytest.raises(NotInstalled, match=f"{entry.name}: {entry.title} is not installed: put"):
        catalogue.load(entry.name)


@both
def test_another_file_of_that_name_is_refused(entry: Entry, folder: Path) -> None:
    (folder / entry.weights.file).write_bytes(b"something else")
    with pytest.raises(BadWeights, match=f"with SHA-256 {entry.weights.sha256}, got 14 bytes"):
        catalogue.load(entry.name)


@both
def test_with_its_file_it_answers(
    entry: Entry, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads = {"aux1__fc2__bias": torch.zeros(3)} if entry.ignored else {}
    known = install(folder, entry, content_for(entry, **heads), monkeypatch)
    assert known in catalogue.entries()
    picture = np.random.default_rng(0).integers(0, 256, (1, 224, 224, 3)) / np.float32(255)
    answers = catalogue.load(entry.name, chunk=1).confidences(picture.astype(np.float32))
    assert answers.shape == (1, 1000)
    with torch.random.fork_rng(), torch.inference_mode():
        torch.manual_seed(0)
        network = resolve_name(entry.builder)().eval()
        planes = torch.from_numpy(picture.astype(np.float32)).permute(0, 3, 1, 2)
        if entry is ALEXNET:
            mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
            planes = (planes - mean.view(1, 3, 1, 1)) / std.view(1, 3, 1, 1)
        else:
            planes = planes * 2 - 1
        np.testing.assert_allclose(answers, network(planes).softmax(1).numpy(), atol=1e-6)


def test_a_weight_too_many_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = content_for(GOOGLENET, aux3__fc2__bias=torch.zeros(3))
    install(folder, GOOGLENET, content, monkeypatch)
    with pytest.raises(BadWeights, match=r"Unexpected key\(s\) in state_dict: .aux3\.fc2\.bias"):
        catalogue.load("googlenet")


def test_a_pickle_in_its_place_is_not_run(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = tmp_path / "trace"

    class Payload:
        def __reduce__(self) -> tuple[object, tuple[Path]]:
            return Path.touch, (trace,)

    file = io.BytesIO()
    torch.save({"fc.weight": Payload()}, file)
    torch.load(io.BytesIO(file.getvalue()), weights_only=False)
    assert trace.exists()  # so the payload works
    trace.unlink()
    install(folder, GOOGLENET, file.getvalue(), monkeypatch)
    with pytest.raises(BadWeights, match="expected weights for"):
        catalogue.load("googlenet")
    assert not trace.exists()
