"""A folder of photographs, divided into those to learn from and those to measure with."""

import os
from collections import Counter
from pathlib import Path

import pytest

from classifiers import folders
from classifiers.base import BadDataset
from classifiers.folders import Labelled
from classifiers.labels import imagenet


def found(counts: list[int]) -> list[Labelled]:
    return [
        Labelled(Path(f"{label}/{number}"), label)
        for label, count in enumerate(counts)
        for number in range(count)
    ]


def test_every_label_keeps_its_share() -> None:
    some = found([10, 5, 2, 1])
    learnt, kept = folders.divided(some, 0.2, 100, seed=1)
    assert Counter(one.label for one in kept) == {0: 2, 1: 1, 2: 1}
    assert sorted((*learnt, *kept), key=some.index) == some
    assert folders.divided(some, 0.2, 100, seed=1) == (learnt, kept)
    assert folders.divided(some, 0.2, 100, seed=2) != (learnt, kept)


def test_no_more_are_taken_than_wanted() -> None:
    learnt, kept = folders.divided(found([50, 50]), 0.5, 20, seed=3)
    assert len(learnt) + len(kept) == 20
    assert len({one.label for one in learnt}) == 2


def test_a_folder_that_got_a_picture_is_in_another_state(tmp_path: Path) -> None:
    inner = tmp_path / "n01443537"
    inner.mkdir()
    os.utime(inner, (1, 1))
    before = folders.state(tmp_path)
    assert folders.state(tmp_path) == before
    (inner / "one.png").write_bytes(b"")
    assert folders.state(tmp_path) != before


def test_a_folder_without_labels_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadDataset, match=r"got none"):
        folders.check_has_labels(tmp_path, imagenet())
    (tmp_path / "holidays").mkdir()
    with pytest.raises(BadDataset, match=r"its index of imagenet, got holidays"):
        folders.check_has_labels(tmp_path, imagenet())
    (tmp_path / "goldfish").mkdir()
    folders.check_has_labels(tmp_path, imagenet())
