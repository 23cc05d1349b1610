"""The networks that an operator brings: one description (NAME.toml) each in a folder.

Listing them is cheap: a description is read again when it, its labels or its weights change.
Importing this module does not import torch.
"""

import hashlib
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from classifiers import descriptions, shipped
from classifiers.base import ClassifierError
from classifiers.descriptions import BadDescription
from classifiers.entries import Entry, Weights

LARGEST_WEIGHTS = 2_000_000_000  # bytes
MOST_NETWORKS = 200

log = logging.getLogger(__name__)
State = tuple[tuple[str, int, int], ...]
"""Path, time of the last change, and size of every file that an entry was made from."""


@dataclass(frozen=True)
class _Kept:
    state: State
    entry: Entry | None
    reason: str


_kept: dict[Path, _Kept] = {}
_hashes: dict[tuple[str, int, int], str] = {}
_lock = threading.Lock()


def entries(folder: Path) -> tuple[Entry, ...]:
    """List the networks of a folder whose descriptions can be used, by name."""
    return tuple(kept.entry for _, kept in _all(folder) if kept.entry is not None)


def find(folder: Path, name: str) -> Entry | None:
    """Return one network of a folder; None if it is not there or cannot be used."""
    path = folder / f"{name}.toml"
    if not descriptions.NAME.fullmatch(name) or not path.is_file():
        return None
    return _known(path).entry


def broken(folder: Path) -> tuple[tuple[str, str], ...]:
    """List the names of those that cannot, each with the reason."""
    return tuple((name, kept.reason) for name, kept in _all(folder) if kept.entry is None)


def _all(folder: Path) -> Iterator[tuple[str, _Kept]]:
    for path in sorted(folder.glob("*.toml"))[:MOST_NETWORKS] if folder.is_dir() else ():
        yield path.stem, _known(path)


def _known(path: Path) -> _Kept:
    with _lock:
        kept = _kept.get(path)
        if kept is None or kept.state != _state([Path(name) for name, _, _ in kept.state]):
            kept = _kept[path] = _read(path)
    return kept


def _read(path: Path) -> _Kept:
    """Read a description; a broken one is kept with its reason, and told to the log, once."""
    files = [path, *_mentioned(path)]
    state = _state(files)
    try:
        return _Kept(state, _entry(path), "")
    except (ClassifierError, OSError) as error:
        log.warning("%s is left out: %s", path.stem, error)
        return _Kept(state, None, str(error))


def _entry(path: Path) -> Entry:
    name, folder = path.stem, path.parent
    if any(name == known.name for known in shipped.ENTRIES):
        raise BadDescription(
            f"{path.name}: the name: expected a new one, got {name!r} of a shipped"
        )
    content = descriptions.limited(path, descriptions.LARGEST_TOML)
    keys, file = descriptions.read(name, content, folder)
    weights = Weights(file, _sha256(path.name, folder / file), "", folder=folder)
    return descriptions.entry(name, keys, weights, content)


def _sha256(description: str, path: Path) -> str:
    """The SHA-256 of a file's content, computed once for each of its states."""
    if not path.is_file():
        raise BadDescription(f"{description}: file: expected {path.name} beside it, got no file")
    ((_, _, size),) = state = _state([path])
    if size > LARGEST_WEIGHTS:
        raise BadDescription(
            f"{path.name}: expected at most {LARGEST_WEIGHTS:,} bytes, got {size:,}"
        )
    if state[0] not in _hashes:
        with path.open("rb") as file:
            _hashes[state[0]] = hashlib.file_digest(file, "sha256").hexdigest()
    return _hashes[state[0]]


def _mentioned(path: Path) -> list[Path]:
    """The files beside a description that its text names, whether or not they are there."""
    try:
        text = descriptions.limited(path, descriptions.LARGEST_TOML).decode(errors="replace")
    except (ClassifierError, OSError):
        return []
    words = {word for word in text.replace("'", '"').split('"') if "." in word}
    fitting = (word for word in words if descriptions.FILE_NAME.fullmatch(word))
    return [path.with_name(word) for word in sorted(fitting)]


def _state(files: list[Path]) -> State:
    return tuple(_state_of(file) for file in files)


def _state_of(file: Path) -> tuple[str, int, int]:
    try:
        found = file.stat()
    except OSError:
        return str(file), 0, -1
    return str(file), found.st_mtime_ns, found.st_size
