"""Folders of labelled photographs as ImageNet's: one folder a label, with its pictures in it.

A folder's name is a WordNet id (n02123045), a label (tabby, giant_panda) or a label's index.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from classifiers import pictures
from classifiers.base import BadDataset
from classifiers.labels import LabelSet

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")
MOST_FOLDERS, MOST_PICTURES = 20_000, 2_000_000
MOST_NAMED = 5  # of names that a message lists


@dataclass(frozen=True)
class Labelled:
    """A picture file and the index of its label."""

    path: Path
    label: int


@dataclass(frozen=True)
class Found:
    """What a folder holds, in the order of its names.

    unknown: the names of folders with pictures that are no label.
    """

    pictures: tuple[Labelled, ...]
    unknown: tuple[str, ...]


def labelled(folder: Path, labels: LabelSet) -> Found:
    """List the pictures of a folder in ImageNet's layout. Raises BadDataset."""
    known = _names(labels)
    found: list[Labelled] = []
    unknown: list[str] = []
    for inner in _entries(folder, MOST_FOLDERS):
        if not inner.is_dir():
            continue
        files = files_of(inner, MOST_PICTURES - len(found))
        label = known.get(_plain(inner.name))
        if label is None:
            unknown += [inner.name] if files else []
        else:
            found += [Labelled(path, label) for path in files]
    if found:
        return Found(tuple(found), tuple(unknown))
    if unknown:
        names = ", ".join(unknown[:MOST_NAMED])
        raise BadDataset(
            f"{folder}: expected folders named by a WordNet id, a label or its index of "
            f"{labels.name}, got {names}"
        )
    raise BadDataset(
        f"{folder}: expected one folder a label with {', '.join(SUFFIXES)} pictures in it, got none"
    )


def check_has_labels(folder: Path, labels: LabelSet) -> None:
    """Look for one inner folder that is named as a label, without its pictures. Raises BadDataset."""
    known = _names(labels)
    inner = [path.name for path in _entries(folder, MOST_FOLDERS) if path.is_dir()]
    if not any(_plain(name) in known for name in inner):
        raise BadDataset(
            f"{folder}: expected folders named by a WordNet id, a label or its index of "
            f"{labels.name}, got {', '.join(inner[:MOST_NAMED]) or 'none'}"
        )


def state(folder: Path) -> str:
    """Digest what inner folders there are and when each last got or lost a file. Raises BadDataset.

    A picture whose content is replaced under its name is not noticed: none is read.
    """
    told = [(path.name, path.stat().st_mtime_ns) for path in _entries(folder, MOST_FOLDERS)]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def divided(
    found: Sequence[Labelled], share: float, most: int, seed: int
) -> tuple[list[Labelled], list[Labelled]]:
    """Draw up to so many pictures; return those to learn from, and a share of each label's kept.

    A label with one picture alone keeps none.
    """
    order = np.random.default_rng([seed, 0]).permutation(len(found))[:most]
    by_label: dict[int, list[Labelled]] = {}
    for one in (found[index] for index in order):
        by_label.setdefault(one.label, []).append(one)
    learnt: list[Labelled] = []
    kept: list[Labelled] = []
    for label in sorted(by_label):
        some = by_label[label]
        count = max(1, round(len(some) * share)) if len(some) > 1 else 0
        kept += some[:count]
        learnt += some[count:]
    return learnt, kept


def files_of(folder: Path, most: int = MOST_PICTURES) -> list[Path]:
    """List the picture files that lie directly in a folder, by name. Raises BadDataset."""
    entries = _entries(folder, most)
    return [path for path in entries if path.suffix.lower() in SUFFIXES and path.is_file()]


def square(path: Path, side: int, channels: int) -> npt.NDArray[np.uint8]:
    """Read the centred square of a picture, brought to a side: (side, side, channels) bytes.

    Raises BadPicture.
    """
    whole = pictures.read(path, channels) * np.float32(255)
    pixels: npt.NDArray[np.uint8] = np.rint(whole).astype(np.uint8)
    if len(pixels) != side:
        plain = Image.fromarray(pixels[:, :, 0] if channels == 1 else pixels)
        resized = plain.resize((side, side), Image.Resampling.BILINEAR)
        pixels = np.asarray(resized).reshape(side, side, channels)
    return pixels


def _entries(folder: Path, most: int) -> Sequence[Path]:
    try:
        found = list(_bounded(folder, most))
    except OSError as error:
        raise BadDataset(
            f"{folder}: expected a readable folder, got: {error.strerror or error}"
        ) from error
    return sorted(found)


def _bounded(folder: Path, most: int) -> Iterator[Path]:
    for count, path in enumerate(folder.iterdir(), start=1):
        if count > most:
            raise BadDataset(f"{folder}: expected at most {most:,} entries, got more")
        yield path


def _names(labels: LabelSet) -> dict[str, int]:
    """Every way to name a label; where two clash, a name beats an index."""
    known = {str(index): index for index in range(len(labels.names))}
    known |= {_plain(name): index for index, name in enumerate(labels.names)}
    known |= {wordnet_id: index for index, wordnet_id in enumerate(labels.wordnet_ids or ())}
    return known


def _plain(name: str) -> str:
    return " ".join(name.replace("_", " ").casefold().split())
