"""Keeps compiled kernels from outliving the sources that they were compiled from."""

from contextlib import suppress
from pathlib import Path

_KERNELS = Path(__file__).parent


def forget_stale(folder: Path) -> None:
    """Delete the compiled kernels in a package's cache that are older than any of their sources.

    numba compares a kernel only with the file it stands in, but constants and functions of other
    files are compiled into it as well.
    """
    sources = [path for place in (_KERNELS.parent, _KERNELS, folder) for path in place.glob("*.py")]
    newest = max(path.stat().st_mtime_ns for path in sources)
    for index in (folder / "__pycache__").glob("*.nbi"):
        with suppress(FileNotFoundError):  # another process was quicker
            if index.stat().st_mtime_ns < newest:
                index.unlink()
