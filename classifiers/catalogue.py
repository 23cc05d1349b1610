"""Every classifier that can be asked for by name. Importing this module does not import torch.

A network that ships with the project is an Entry of `shipped.py`, its architecture in
classifiers/networks/ and its weights; nothing else has to change. An operator's own networks are
described by files in a folder (`own.py`). Names joined by "+" are an ensemble.
"""

import functools
import hashlib
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from classifiers import own, shipped
from classifiers.base import BadWeights, NotInstalled, UnknownClassifier
from classifiers.entries import CHUNK_ON_GPU, JOINT, AnyEntry, Ensemble, Entry, Shape
from classifiers.places import HERE, WEIGHTS_DIR, Crops, Place

if TYPE_CHECKING:
    from torch import nn

    from classifiers.base import Classifier
    from classifiers.wrapped import NetworkClassifier

MOST_MEMBERS = 8  # of an ensemble
MOST_SHARED = 8  # classifiers that a process keeps; an engine's copies take up to 200 MB a thread

_networks_dir: list[Path] = []  # none or one: the operator's own networks and weights files


def look_in(folder: Path) -> None:
    """Name the folder of networks and weights files that an operator brings."""
    _networks_dir[:] = [folder]


def entries() -> tuple[Entry, ...]:
    """List the single networks that can be loaded, in the order in which pages show them."""
    return tuple(entry for entry in known() if not what_is_missing(entry))


def known() -> tuple[Entry, ...]:
    """List all single networks, those included that want a file first."""
    return shipped.ENTRIES + tuple(
        entry for folder in _networks_dir for entry in own.entries(folder)
    )


def broken() -> tuple[tuple[str, str], ...]:
    """List (name, reason) of the operator's networks whose descriptions cannot be used."""
    return tuple(found for folder in _networks_dir for found in own.broken(folder))


def entry(name: str) -> AnyEntry:
    """Look one classifier up, or an ensemble. Raises UnknownClassifier, ClassifierError."""
    if JOINT not in name:
        return _single(name)
    members = tuple(_single(member) for member in name.split(JOINT)[: MOST_MEMBERS + 1])
    if len(members) > MOST_MEMBERS:
        raise UnknownClassifier(f"name: expected at most {MOST_MEMBERS} members, got {name[:80]!r}")
    return Ensemble(members)


def _single(name: str) -> Entry:
    for found in shipped.ENTRIES:
        if found.name == name:
            return found
    for folder in _networks_dir:
        if brought := own.find(folder, name):
            return brought
    for told, reason in broken():
        if told == name:
            raise UnknownClassifier(f"name: {name} cannot be used: {reason}")
    names = ", ".join(found.name for found in known())
    raise UnknownClassifier(f"name: expected one of {names}; got {name[:80]!r}")


def fitting(image_shape: Shape) -> tuple[Entry, ...]:
    """List the networks that can be shown images of this (height, width, channels)."""
    return tuple(entry for entry in entries() if entry.accepts(image_shape))


def onlookers(image_shape: Shape) -> tuple[Entry, ...]:
    """List the networks that can look at a picture that was bred against none of them.

    A grey picture can be shown to networks that know colours as well: all three channels alike.
    """
    height, width, channels = image_shape
    coloured = fitting((height, width, 3)) if channels == 1 else ()
    return (*fitting(image_shape), *coloured)


def what_is_missing(entry: AnyEntry, weights_dir: Path = WEIGHTS_DIR) -> str:
    """Say what a person has to do before a classifier can be loaded; empty if nothing."""
    return " ".join(
        f"{member.title} is not installed: {member.weights.fetch or 'its weights file is gone.'}"
        for member in entry.members
        if not _weights_path(member, weights_dir).is_file()
    )


def load(
    name: str, place: Place = HERE, *, crops: Crops = "whole", chunk: int | None = None
) -> "Classifier":
    """Return a classifier with verified weights; imports torch.

    crops: what it looks at: the "whole" picture, or "ten" crops whose confidences are averaged.
    chunk: how many views go through a network at once; None leaves it to the catalogue.
    Raises UnknownClassifier, NotInstalled, BadWeights.
    """
    return _loaded(entry(name), place, crops, chunk)


def _loaded(found: AnyEntry, place: Place, crops: Crops, chunk: int | None) -> "Classifier":
    members = [_wrapped(member, place, crops, chunk) for member in found.members]
    if isinstance(found, Entry):
        return members[0]
    from classifiers.ensembles import MeanClassifier

    return MeanClassifier(found, members)


def shared(
    name: str, place: Place = HERE, *, crops: Crops = "whole", chunk: int | None = None
) -> "Classifier":
    """Return this process's one copy of a classifier, kept while it is among the last asked for.

    An operator's network whose files have changed is another one.
    """
    return _shared(entry(name), place, crops, chunk)


_shared = functools.lru_cache(MOST_SHARED)(_loaded)


def _wrapped(entry: Entry, place: Place, crops: Crops, chunk: int | None) -> "NetworkClassifier":
    from classifiers.wrapped import NetworkClassifier

    if chunk is None:
        chunk = default_chunk(entry.name, place.device)
    network = _network(entry, place.device, place.weights_dir)
    if batch := getattr(network, "batch", None):  # a program for batches of one size
        chunk = int(batch)
    return NetworkClassifier(network, entry, place, crops=crops, chunk=chunk)


@functools.cache
def _network(entry: Entry, device: str, weights_dir: Path) -> "nn.Module":
    """Networks hold no state between questions, so one copy on a device serves all who ask."""
    content = verified_weights(entry, weights_dir)
    from classifiers.loading import network

    return network(entry, content, device)


def default_chunk(name: str, device: str) -> int:
    """How many views go through a classifier's networks at once, where nothing else is said."""
    found = entry(name)
    return found.chunk if device == "cpu" else max(found.chunk, CHUNK_ON_GPU)


def verified_weights(entry: Entry, weights_dir: Path = WEIGHTS_DIR) -> bytes:
    """Read a weights file and compare it with the catalogue, before anything parses it.

    Raises NotInstalled, BadWeights.
    """
    path = _weights_path(entry, weights_dir)
    if not path.is_file() and entry.weights.fetch:
        raise NotInstalled(f"{entry.name}: {what_is_missing(entry, weights_dir)}")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadWeights(f"{entry.name}: expected weights at {path}, got: {error}") from error
    found = hashlib.sha256(content).hexdigest()
    if not found.startswith(entry.weights.sha256):
        raise BadWeights(
            f"{entry.name}: expected {path} with SHA-256 {entry.weights.sha256}, "
            f"got {len(content)} bytes with {found}"
        )
    return content


@functools.cache
def _package_folder(package: str) -> Path | None:
    """The folder of an installed package, which is not imported: it may do anything."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent


def _weights_path(entry: Entry, weights_dir: Path) -> Path:
    if entry.weights.folder is not None:
        return entry.weights.folder / entry.weights.file
    if entry.weights.fetch:
        return _networks_dir[0] / entry.weights.file if _networks_dir else Path(entry.weights.file)
    if entry.weights.package is None:
        return weights_dir / entry.weights.file
    folder = _package_folder(entry.weights.package)
    return (folder or Path(entry.weights.package)) / entry.weights.file
