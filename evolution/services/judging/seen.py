"""What a browser was shown beside its labels, in a few characters, until it is stored as rows."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
LONGEST = 8  # digits of a number, so that it fits the database's integers
_TEXT = re.compile(r"([0-9a-z.]*)~([0-9a-z.]*)~([0-9a-z.-]*)~([0-9a-z.-]*)")


class Archive(NamedTuple):
    """The holders of all cells of a run after a generation: what one sprite shows."""

    run: int
    generation: int


class Stream(NamedTuple):
    """The gallery was open and live between these times, in whole seconds of the Unix clock."""

    start: int
    end: int


@dataclass(frozen=True)
class Seen:
    """runs: all their pictures, those of later generations included."""

    individuals: frozenset[int] = frozenset()
    runs: frozenset[int] = frozenset()
    archives: frozenset[Archive] = frozenset()
    streams: tuple[Stream, ...] = field(default=())

    def __or__(self, other: "Seen") -> "Seen":
        runs = self.runs | other.runs
        archives = self.archives | other.archives
        return Seen(
            self.individuals | other.individuals,
            runs,
            frozenset(archive for archive in archives if archive.run not in runs),
            _joined([*self.streams, *other.streams]),
        )

    def __bool__(self) -> bool:
        return bool(self.individuals or self.runs or self.archives or self.streams)

    def watched(self, now: int, ahead: int) -> "Seen":
        """The last stream goes on: until its next look, which is due in `ahead` seconds at most."""
        start = self.streams[-1].start if self.streams else now - ahead
        return self | Seen(streams=(Stream(start, now + ahead),))

    def after(self, now: int) -> "Seen":
        """What is left of it when all until now is stored elsewhere."""
        going_on = [stream for stream in self.streams if stream.end > now]
        return Seen(streams=tuple(Stream(now, stream.end) for stream in going_on))

    def __str__(self) -> str:
        numbers = map(_numbers, (self.individuals, self.runs))
        return "~".join([*numbers, _pairs(self.archives), _pairs(self.streams)])


def read(text: str) -> Seen:
    """What __str__ wrote. Raises ValueError."""
    found = _TEXT.fullmatch(text)
    if found is None:
        raise ValueError(f"expected four lists, got {text[:40]!r}")
    individuals, runs, archives, streams = found.groups()
    return Seen(
        frozenset(_unchained(individuals)),
        frozenset(_unchained(runs)),
        frozenset(Archive(*pair) for pair in _unpaired(archives)),
        _joined(Stream(*pair) for pair in _unpaired(streams)),
    )


def _joined(streams: Iterable[Stream]) -> tuple[Stream, ...]:
    """In order, and those that overlap as one."""
    joined: list[Stream] = []
    for stream in sorted(streams):
        if joined and stream.start <= joined[-1].end:
            joined[-1] = Stream(joined[-1].start, max(joined[-1].end, stream.end))
        else:
            joined.append(stream)
    return tuple(joined)


def _numbers(numbers: Collection[int]) -> str:
    """Each as its distance from the one before."""
    return ".".join(_base36(after - before) for before, after in pairwise([0, *sorted(numbers)]))


def _unchained(text: str) -> Iterator[int]:
    number = 0
    for step in text.split(".") if text else ():
        number += _whole(step)
        yield number


def _pairs(pairs: Iterable[tuple[int, int]]) -> str:
    return ".".join("-".join(map(_base36, pair)) for pair in sorted(pairs))


def _unpaired(text: str) -> Iterator[tuple[int, int]]:
    for pair in text.split(".") if text else ():
        first, second = pair.split("-")
        yield _whole(first), _whole(second)


def _whole(text: str) -> int:
    if not 1 <= len(text) <= LONGEST:
        raise ValueError(f"expected 1 to {LONGEST} digits, got {text[:40]!r}")
    return int(text, 36)


def _base36(number: int) -> str:
    digits = ""
    while number >= 36:
        number, last = divmod(number, 36)
        digits = DIGITS[last] + digits
    return DIGITS[number] + digits
