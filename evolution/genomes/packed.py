"""Packed bytes, read with care: whatever is wrong with them, the error is BadGenome."""

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolution.genomes.base import BadGenome


class Reader:
    """Takes arrays off bytes, never past their end."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def header(self, layout: struct.Struct) -> tuple[int, ...]:
        return layout.unpack(self._take(layout.size))

    def array(self, dtype: str, count: int) -> NDArray[Any]:
        size = np.dtype(dtype).itemsize * count
        return np.frombuffer(self._take(size), dtype).astype(np.dtype(dtype).newbyteorder("="))

    def expect_end(self) -> None:
        if self._at != len(self._content):
            raise BadGenome(f"{len(self._content) - self._at} bytes follow the genome's end")

    def _take(self, size: int) -> bytes:
        if self._at + size > len(self._content):
            raise BadGenome("the genome is cut off")
        self._at += size
        return self._content[self._at - size : self._at]


def choice(names: tuple[Any, ...], index: int, what: str) -> Any:
    """Return the name with this number. what: of what kind, for the error."""
    if index >= len(names):
        raise BadGenome(f"{what} {index} is unknown")
    return names[index]
