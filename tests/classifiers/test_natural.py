"""Labelled folders are found by any name of a label; what a network says of them is summed up."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from classifiers import catalogue, folders, labels, natural
from classifiers.base import BadDataset
from classifiers.datasets import LabelledImages
from evolution.controls import clean
from tests.classifiers.sample import real_digits


def imagenet_folder(root: Path) -> Path:
    for inner, picture in (("n02510455", "panda"), ("Espresso", "espresso"), ("883", "fig")):
        (root / inner).mkdir(parents=True)
        shutil.copy(clean.PICTURES / f"{picture}.webp", root / inner)
    return root


def test_folders_are_named_by_wordnet_id_label_or_index(tmp_path: Path) -> None:
    root = imagenet_folder(tmp_path)
    (root / "no such thing").mkdir()
    shutil.copy(clean.PICTURES / "fig.webp", root / "no such thing")
    (root / "empty").mkdir()
    (root / "notes.txt").write_text("not a folder")
    found = folders.labelled(root, labels.imagenet())
    names = {file.path.stem: labels.imagenet().names[file.label] for file in found.pictures}
    assert names == {"panda": "giant panda", "espresso": "espresso", "fig": "vase"}
    assert found.unknown == ("no such thing",)


def test_a_name_of_a_label_beats_an_index() -> None:
    shifted = labels.LabelSet("shifted", ("1", "0"), wordnet_ids=None, groups=None)
    assert folders._names(shifted) == {"1": 0, "0": 1}


def test_folders_without_labelled_pictures_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadDataset, match=r"expected one folder a label with \.png"):
        folders.labelled(tmp_path, labels.DIGITS)
    with pytest.raises(BadDataset, match="expected a readable folder, got: No such file"):
        folders.labelled(tmp_path / "gone", labels.DIGITS)
    root = imagenet_folder(tmp_path / "x")
    with pytest.raises(BadDataset, match="its index of digits, got 883, Espresso, n02510455"):
        folders.labelled(root, labels.DIGITS)


def test_too_many_entries_are_refused(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.png").touch()
    with pytest.raises(BadDataset, match="expected at most 2 entries, got more"):
        folders.files_of(tmp_path, 2)


def test_photographs_are_answered_and_damaged_ones_named(tmp_path: Path) -> None:
    root = imagenet_folder(tmp_path)
    (root / "Espresso" / "broken.png").write_bytes(b"no picture")
    Image.new("L", (5000, 4000)).save(root / "883" / "bomb.png")
    found = folders.labelled(root, labels.imagenet())
    steps: list[tuple[int, int]] = []
    answers = natural.of_files(
        catalogue.load("squeezenet"), found.pictures, lambda *step: steps.append(step)
    )
    assert steps == [(5, 5)]
    assert (len(answers.labels), answers.damaged) == (3, 2)
    assert any(re.search("broken.png: expected a PNG", reason) for reason in answers.reasons)
    assert any("bomb.png: expected at most" in reason for reason in answers.reasons)
    right = dict(zip(answers.labels.tolist(), answers.right.tolist(), strict=True))
    assert right[labels.imagenet().names.index("giant panda")]
    assert not right[883]  # a fig is no vase
    assert answers.medians.right > 0.5


def test_nothing_readable_is_refused(tmp_path: Path) -> None:
    (tmp_path / "0").mkdir()
    (tmp_path / "0" / "a.png").write_bytes(b"")
    found = folders.labelled(tmp_path, labels.DIGITS)
    with pytest.raises(BadDataset, match=r"expected one that can be read, got .*a\.png"):
        natural.of_files(catalogue.load("lenet-a"), found.pictures)


def test_digits_are_summed_up_by_right_and_wrong() -> None:
    images, truth = real_digits()
    pixels = np.rint(images[..., 0] * 255).astype(np.uint8)
    answers = natural.of_images(catalogue.load("lenet-a"), LabelledImages(pixels, truth))
    assert answers.error <= 0.03
    assert answers.medians.right > 0.99
    none_right = natural.of_images(
        catalogue.load("lenet-a"), LabelledImages(pixels[:20], np.full(20, 9))
    )
    assert np.isnan(none_right.medians.right)
    assert none_right.medians.wrong == none_right.medians.all


def test_a_picture_is_brought_to_the_side() -> None:
    assert folders.square(clean.PICTURES / "fig.webp", 64, 3).shape == (64, 64, 3)
    assert folders.square(clean.PICTURES / "fig.webp", 64, 1).shape == (64, 64, 1)
