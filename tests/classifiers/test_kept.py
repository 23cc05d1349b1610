"""Converted networks are kept whole, checked before use, and made anew when damaged."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from classifiers.engines import kept

IDENTITY = "0123456789abcdef" * 4
OTHER = "fedcba9876543210" * 4


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    before = list(kept._folders)
    kept.keep_in(tmp_path / "converted")
    yield tmp_path / "converted"
    kept._folders[:] = before


def test_what_was_kept_is_read_again(folder: Path) -> None:
    assert kept.read("net", IDENTITY) is None
    kept.write("net", IDENTITY, b"numbers")
    assert kept.read("net", IDENTITY) == b"numbers"
    assert kept.read("other", IDENTITY) is None
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_network_that_changed_is_another_one(folder: Path) -> None:
    kept.write("net", IDENTITY, b"numbers")
    assert kept.read("net", OTHER) is None
    kept.write("net", OTHER, b"other numbers")
    assert kept.read("net", OTHER) == b"other numbers"
    assert len(list(folder.iterdir())) == 1  # nobody asks for the old ones again


def test_networks_whose_names_begin_alike_are_kept_apart(folder: Path) -> None:
    kept.write("net-2", IDENTITY, b"two")
    kept.write("net", IDENTITY, b"one")
    assert kept.read("net-2", IDENTITY) == b"two"


@pytest.mark.parametrize("damage", ["cut", "changed", "empty", "of another"])
def test_a_damaged_file_is_not_used(
    folder: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    kept.write("net", IDENTITY, b"numbers")
    (path,) = folder.iterdir()
    content = path.read_bytes()
    if damage == "of another":
        kept.write("net", IDENTITY[:16] + OTHER, b"numbers")
    else:
        path.write_bytes(
            {"cut": content[:-1], "changed": content[:-1] + b"S", "empty": b""}[damage]
        )
    assert kept.read("net", IDENTITY) is None
    assert "damaged" in caplog.text
    kept.write("net", IDENTITY, b"numbers")
    assert kept.read("net", IDENTITY) == b"numbers"


def test_without_a_folder_nothing_is_kept(folder: Path) -> None:
    kept._folders.clear()
    kept.write("net", IDENTITY, b"numbers")
    assert kept.read("net", IDENTITY) is None
    assert not folder.exists()


def test_a_folder_that_cannot_be_written_to_is_told_and_done_without(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder.write_text("a file, and no folder")
    kept.write("net", IDENTITY, b"numbers")
    assert "cannot be kept" in caplog.text
    assert kept.read("net", IDENTITY) is None


def test_others_see_the_whole_file_or_none(folder: Path) -> None:
    content = bytes(1_000_000)
    kept.write("net", IDENTITY, content)
    seen: set[int | None] = set()
    ended = threading.Event()

    def look() -> None:
        while not ended.is_set():
            found = kept.read("net", IDENTITY)
            seen.add(None if found is None else len(found))

    reader = threading.Thread(target=look)
    reader.start()
    for _ in range(20):
        kept.write("net", IDENTITY, content)
    ended.set()
    reader.join()
    assert seen == {len(content)}
    assert [path.name for path in folder.iterdir()] == [f"net-{IDENTITY[:16]}.openvino"]
