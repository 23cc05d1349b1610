"""Converted networks in a folder of ours, so that a worker does not convert at every start.

The folder belongs to the site and to nobody else: a file is compared with the checksum that was
written with it, which finds damage, not malice.
"""

import hashlib
import logging
import os
import tempfile
from contextlib import suppress
from pathlib import Path

log = logging.getLogger(__name__)

SUFFIX = ".openvino"

_folders: list[Path] = []  # none or one


def keep_in(folder: Path) -> None:
    """Name the folder in which converted networks are kept; without one, none are."""
    _folders[:] = [folder]


def read(name: str, identity: str) -> bytes | None:
    """Return what was kept under a name and an identity, or None if it is not there, or damaged."""
    for folder in _folders:
        path = _path(folder, name, identity)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            log.warning("%s cannot be read, so %s is converted again: %s", path, name, error)
            return None
        seal, kept = content[: len(_seal(b"", ""))], content[len(_seal(b"", "")) :]
        if seal == _seal(kept, identity):
            return kept
        log.warning("%s is damaged, so %s is converted again", path, name)
    return None


def write(name: str, identity: str, content: bytes) -> None:
    """Keep content, whole or not at all, in place of all that was kept under the same name."""
    for folder in _folders:
        path = _path(folder, name, identity)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _put(path, _seal(content, identity) + content)
            for other in folder.glob(f"{name}-*{SUFFIX}"):
                if other != path and len(other.name) == len(path.name):
                    other.unlink(missing_ok=True)
        except OSError as error:
            log.warning("%s cannot be kept: %s", path, error)


def _put(path: Path, content: bytes) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix="unfinished-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(name).replace(path)  # another process sees the old file or the new one
    except OSError:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _path(folder: Path, name: str, identity: str) -> Path:
    return folder / f"{name}-{identity[:16]}{SUFFIX}"


def _seal(content: bytes, identity: str) -> bytes:
    return hashlib.sha256(identity.encode() + content).digest()
