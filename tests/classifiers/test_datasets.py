"""MNIST's files are read when they are whole and the published ones, and refused otherwise."""

import gzip
import hashlib
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from classifiers.base import BadDataset
from classifiers.datasets import MNIST_MD5, LabelledImages, mnist, parse_idx


def idx(array: npt.NDArray[np.uint8]) -> bytes:
    header = struct.pack(">HBB", 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.tobytes()


def small_files() -> dict[str, bytes]:
    rng = np.random.default_rng(5)
    files = {}
    for part, count in (("train", 6), ("t10k", 3)):
        files[f"{part}-images-idx3-ubyte"] = idx(rng.integers(0, 256, (count, 28, 28), np.uint8))
        files[f"{part}-labels-idx1-ubyte"] = idx(rng.integers(0, 10, count, np.uint8))
    return files


FILES = small_files()
MD5 = {name: hashlib.md5(content).hexdigest() for name, content in FILES.items()}
IMAGES = "train-images-idx3-ubyte"


def written(folder: Path, **changed: bytes) -> Path:
    for name, content in FILES.items():
        (folder / name).write_bytes(changed.get(name.replace("-", "_"), content))
    return folder


def plain(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)


def dotted(folder: Path, name: str, content: bytes) -> None:
    (folder / name.replace("-idx", ".idx")).write_bytes(content)


def compressed(folder: Path, name: str, content: bytes) -> None:
    (folder / f"{name}.gz").write_bytes(gzip.compress(content))


@pytest.mark.parametrize("write", [plain, dotted, compressed])
def test_reads_every_spelling(tmp_path: Path, write: Callable[[Path, str, bytes], None]) -> None:
    for name, content in FILES.items():
        write(tmp_path, name, content)
    data = mnist(tmp_path, MD5)
    assert data.train.images.shape == (6, 28, 28)
    assert data.train.images.dtype == np.uint8
    assert len(data.test) == 3
    assert data.test.labels.dtype == np.int64
    assert data.train.images.tobytes() == FILES[IMAGES][16:]
    assert data.sha256[IMAGES] == hashlib.sha256(FILES[IMAGES]).hexdigest()


def test_a_missing_file_is_named_with_its_spellings(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / IMAGES).unlink()
    with pytest.raises(BadDataset, match=rf"{IMAGES}, {IMAGES}\.gz, train-images\.idx3-ubyte"):
        mnist(tmp_path, MD5)


def test_files_other_than_the_published_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadDataset, match=f"expected content with MD5 {MNIST_MD5[IMAGES]}"):
        mnist(written(tmp_path))


def test_a_truncated_file_says_what_is_missing(tmp_path: Path) -> None:
    folder = written(tmp_path, train_images_idx3_ubyte=FILES[IMAGES][:1000])
    with pytest.raises(BadDataset, match=r"expected 4720 bytes .*, got 1000"):
        mnist(folder, MD5)


def test_a_truncated_gzip_file_is_refused(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / IMAGES).unlink()
    (tmp_path / f"{IMAGES}.gz").write_bytes(gzip.compress(FILES[IMAGES])[:-20])
    with pytest.raises(BadDataset, match="expected a whole, readable file"):
        mnist(tmp_path, MD5)


def test_a_file_that_is_no_gzip_is_refused(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / IMAGES).rename(tmp_path / f"{IMAGES}.gz")
    with pytest.raises(BadDataset, match="Not a gzipped file"):
        mnist(tmp_path, MD5)


def test_a_decompression_bomb_is_refused(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / IMAGES).unlink()
    (tmp_path / f"{IMAGES}.gz").write_bytes(gzip.compress(bytes(65 * 2**20), 1))
    with pytest.raises(BadDataset, match="expected at most 67108864 bytes"):
        mnist(tmp_path, MD5)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "expected an IDX header, got 0 bytes"),
        (b"<html>", "expected an IDX file of unsigned bytes"),
        (bytes([0, 0, 0x0D, 3]) + bytes(12), "got header 00000d03"),
        (bytes([0, 0, 8, 3]) + bytes(4), "expected a header of 16 bytes, got 8"),
        (idx(np.zeros((2, 3), np.uint8)) + b"x", r"expected 18 bytes for shape \(2, 3\), got 19"),
        (bytes([0, 0, 8, 3]) + b"\xff" * 12, "got 16"),
    ],
)
def test_malformed_idx_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(BadDataset, match=message):
        parse_idx(content, "file")


def test_images_and_labels_must_match() -> None:
    with pytest.raises(BadDataset, match=r"got \(2, 28, 28\) and \(3,\)"):
        LabelledImages(np.zeros((2, 28, 28), np.uint8), np.zeros(3, np.int64))
