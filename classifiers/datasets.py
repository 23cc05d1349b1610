"""MNIST from its four IDX files, accepted only when their content is the published one.

Format: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits". A file is a
big-endian header (two zero bytes, the element type, the number of axes, one uint32 length an
axis) and then the elements.
"""

import gzip
import hashlib
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from classifiers.base import BadDataset

# MD5 of the decompressed content: how a file was compressed is its distributor's choice.
MNIST_MD5: Mapping[str, str] = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}

_UNSIGNED_BYTE = 0x08
# Larger than the largest of the four (47 MB); stops a decompression bomb.
_MAX_BYTES = 64 * 2**20


@dataclass(frozen=True)
class LabelledImages:
    """Images (N, H, W) uint8 and their labels (N,) int64."""

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64]

    def __post_init__(self) -> None:
        if self.images.ndim != 3 or self.labels.shape != self.images.shape[:1]:
            raise BadDataset(
                "images and labels: expected (N, H, W) and (N,), "
                f"got {self.images.shape} and {self.labels.shape}"
            )

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class DigitData:
    """Training and test digits, with the SHA-256 of the content of each file they came from."""

    train: LabelledImages
    test: LabelledImages
    sha256: Mapping[str, str]


def mnist(folder: Path, published: Mapping[str, str] = MNIST_MD5) -> DigitData:
    """Read the four IDX files of a folder, plain or .gz, in either spelling of their names.

    published: the MD5 of the content of each file; another data set in the same format
    (Fashion-MNIST) passes its own. Raises BadDataset.
    """
    contents = {name: _content(folder, name, md5) for name, md5 in published.items()}
    arrays = {name: parse_idx(content, name) for name, content in contents.items()}
    return DigitData(
        train=_labelled(arrays, "train"),
        test=_labelled(arrays, "t10k"),
        sha256={name: hashlib.sha256(content).hexdigest() for name, content in contents.items()},
    )


def check_is_there(folder: Path, published: Mapping[str, str] = MNIST_MD5) -> None:
    """Look for the four files without reading them. Raises BadDataset."""
    for name in published:
        _find(folder, name)


def parse_idx(content: bytes, name: str) -> npt.NDArray[np.uint8]:
    """Decode one IDX file of unsigned bytes; name is only for messages. Raises BadDataset."""
    if len(content) < 4:
        raise BadDataset(f"{name}: expected an IDX header, got {len(content)} bytes")
    zeros, kind, axes = struct.unpack(">HBB", content[:4])
    if zeros != 0 or kind != _UNSIGNED_BYTE or not 1 <= axes <= 3:
        raise BadDataset(
            f"{name}: expected an IDX file of unsigned bytes, got header {content[:4].hex()}"
        )
    start = 4 + 4 * axes
    if len(content) < start:
        raise BadDataset(f"{name}: expected a header of {start} bytes, got {len(content)}")
    shape = struct.unpack(f">{axes}I", content[4:start])
    expected = start + int(np.prod(shape, dtype=object))
    if len(content) != expected:
        raise BadDataset(f"{name}: expected {expected} bytes for shape {shape}, got {len(content)}")
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)


def _labelled(arrays: Mapping[str, npt.NDArray[np.uint8]], part: str) -> LabelledImages:
    labels = arrays[f"{part}-labels-idx1-ubyte"].astype(np.int64)
    return LabelledImages(arrays[f"{part}-images-idx3-ubyte"], labels)


def _content(folder: Path, name: str, md5: str) -> bytes:
    path = _find(folder, name)
    content = _read(path)
    found = hashlib.md5(content, usedforsecurity=False).hexdigest()
    if found != md5:
        parse_idx(content, str(path))  # a truncated file deserves the more precise message
        raise BadDataset(f"{path}: expected content with MD5 {md5}, got {found}")
    return content


def _find(folder: Path, name: str) -> Path:
    spellings = (name, name.replace("-idx", ".idx"))
    candidates = [folder / f"{spelling}{end}" for spelling in spellings for end in ("", ".gz")]
    for path in candidates:
        if path.is_file():
            return path
    wanted = ", ".join(path.name for path in candidates)
    raise BadDataset(f"folder {folder}: expected one of {wanted}, found none")


def _read(path: Path) -> bytes:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
    except (EOFError, OSError, zlib.error) as error:
        raise BadDataset(f"{path}: expected a whole, readable file, got: {error}") from error
    if len(content) > _MAX_BYTES:
        raise BadDataset(f"{path}: expected at most {_MAX_BYTES} bytes, got more")
    return content
