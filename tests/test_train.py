"""`manage.py train lenet --fooling`: an eleventh label, and a network that is there at once."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from classifiers import catalogue, datasets
from tests.classifiers import small_digits
from tests.classifiers.test_retraining import pictures


@pytest.fixture
def digits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    sums = small_digits.write(tmp_path)
    monkeypatch.setattr(datasets, "mnist", partial(datasets.mnist, published=sums))
    return tmp_path


@pytest.fixture
def fooling(tmp_path: Path) -> Path:
    folder = tmp_path / "fooling"
    folder.mkdir()
    for number, image in enumerate(pictures(35, 0)):
        Image.fromarray(image).save(folder / f"{number:02}.png")
    return folder


@pytest.fixture
def networks(tmp_path: Path) -> Iterator[Path]:
    before = list(catalogue._networks_dir)
    catalogue.look_in(tmp_path / "networks")
    yield tmp_path / "networks"
    catalogue._networks_dir[:] = before


def train(digits: Path, out: Path, *more: str) -> None:
    call_command(
        "train", "lenet", "--seed=1", f"--data={digits}", f"--out={out}", "--iterations=60", *more
    )


def test_the_network_knows_what_fools(
    digits: Path, fooling: Path, networks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train(digits, networks / "lenet-mine.safetensors", f"--fooling={fooling}", "--json")
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told == {"out": str(networks / "lenet-mine.safetensors"), "error": told["error"]}
    assert 0 <= told["error"] <= 0.1, "of fifty bars and five fooling pictures"
    entry = catalogue.entry("lenet-mine")
    assert (entry.labels[-1], entry.targets) == ("fooling", tuple("0123456789"))
    said = catalogue.load("lenet-mine").confidences(pictures(5, 0)[..., None])
    assert (said.argmax(1) == 10).all()
    record = json.loads((networks / "lenet-mine.json").read_text())
    assert (record["n_labels"], record["train_images"], record["test_images"]) == (11, 230, 55)


def test_without_them_it_has_ten_labels_and_is_not_listed(digits: Path, networks: Path) -> None:
    networks.mkdir()
    train(digits, networks / "lenet-mine.safetensors")
    record = json.loads((networks / "lenet-mine.json").read_text())
    assert (record["n_labels"], record["train_images"]) == (10, 200)
    assert not list(networks.glob("*.toml"))


@pytest.mark.parametrize(
    ("name", "words"),
    [("Lenet", "name: expected up to 41 small letters"), ("ok", "expected two or more pictures")],
)
def test_what_cannot_be_used_is_told(
    digits: Path, networks: Path, tmp_path: Path, name: str, words: str
) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(CommandError, match=words):
        train(digits, networks / f"{name}.safetensors", f"--fooling={tmp_path / 'empty'}")
    assert not networks.exists()
