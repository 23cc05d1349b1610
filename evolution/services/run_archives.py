"""An exported run as one ZIP file: packed the same way each time, unpacked within limits."""

import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from evolution.errors import InvalidInput
from evolution.services import run_folders

ENDING = ".zip"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the date of every file, so that equal folders give equal archives
MOST_BYTES = 8_000_000_000  # of all files together, unpacked
MOST_FILES = run_folders.MOST_FILES
AT_ONCE = 1 << 20
# What zipfile raises for files that are no archives, are damaged, encrypted, or packed otherwise.
DAMAGED = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError)


def pack(folder: Path, file: Path) -> None:
    """Write a folder into a ZIP file that is there whole or not at all. Raises OSError."""
    unfinished = file.with_name(f".{file.name}.unfinished")
    try:
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for path in sorted(path for path in folder.rglob("*") if path.is_file()):
                told = zipfile.ZipInfo(path.relative_to(folder).as_posix(), EPOCH)
                told.compress_type = zipfile.ZIP_DEFLATED
                told.external_attr = 0o644 << 16
                with path.open("rb") as source, archive.open(told, "w") as target:
                    shutil.copyfileobj(source, target, AT_ONCE)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def unpacked(file: Path) -> Iterator[Path]:
    """A folder with what an archive holds, as long as the context lasts. Raises InvalidInput."""
    with tempfile.TemporaryDirectory(prefix="foolbreeder-run-") as folder:
        try:
            with zipfile.ZipFile(file) as archive:
                _unpack(archive, Path(folder))
        except DAMAGED as error:
            raise InvalidInput("file", f"expected a ZIP file of export_run: {error}") from None
        yield Path(folder)


def _unpack(archive: zipfile.ZipFile, folder: Path) -> None:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > MOST_FILES:
        raise InvalidInput("file", f"expected at most {MOST_FILES:,} files, got {len(members):,}")
    if len({member.filename for member in members}) < len(members):
        raise InvalidInput("file", "expected every name once, got one twice")
    left = MOST_BYTES
    for member in members:
        target = folder / member.filename
        if not target.resolve().is_relative_to(folder.resolve()) or "\\" in member.filename:
            raise InvalidInput("file", f"expected names within it, got {member.filename[:80]!r}")
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as source, target.open("xb") as sink:
            left = _copy(source, sink, left)


def _copy(source: IO[bytes], sink: IO[bytes], left: int) -> int:
    """Copy to the end, and return how many bytes may still come. What a header says is not believed."""
    while content := source.read(AT_ONCE):
        left -= len(content)
        if left < 0:
            raise InvalidInput("file", f"expected at most {MOST_BYTES:,} bytes, got more")
        sink.write(content)
    return left
