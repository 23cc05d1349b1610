"""What a page shows, in a few characters: it comes back and asks for all that changed since.

A run:       GENERATION.CELL:STATUS:NEXT   the newest takeover shown, and the row of the run
The gallery: MAXRUN~ID=RUN~ID=RUN          the newest run known, and every run that has not ended
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

from django.db.models import Q

from evolution.errors import InvalidInput
from evolution.models import Run

LONGEST = 8000  # characters
NUMBER = r"\d{1,9}"  # within the database's integers
_RUN = re.compile(rf"(-1|{NUMBER})\.({NUMBER})(?::([a-z]+):({NUMBER}))?")
_GALLERY = re.compile(rf"({NUMBER})((?:~{NUMBER}=[^~]+)*)")


class Position(NamedTuple):
    """A takeover in the order in which a page is told of them. A run starts before all."""

    generation: int = -1
    cell: int = 0

    @property
    def after(self) -> Q:
        """Elites that took their cell later."""
        same = Q(since_generation=self.generation, cell__gt=self.cell)
        return Q(since_generation__gt=self.generation) | same


START = Position()


@dataclass(frozen=True, slots=True)
class RunVersion:
    """status, generation: None where a page does not say, so that it is told."""

    position: Position = START
    status: str | None = None
    generation: int | None = None

    @classmethod
    def of(cls, run: Run, position: Position) -> Self:
        return cls(position, str(run.status), run.generation)

    def moved(self, position: Position) -> Self:
        """The same page, told of more takeovers and of nothing else."""
        return replace(self, position=position)

    @classmethod
    def read(cls, text: str) -> Self:
        found = _RUN.fullmatch(text)
        if found is None:
            raise _unreadable(text, "GENERATION.CELL")
        generation, cell, status, following = found.groups()
        position = Position(int(generation), int(cell))
        return cls(position, status, int(following) if following else None)

    def __str__(self) -> str:
        place = f"{self.position.generation}.{self.position.cell}"
        return place if self.status is None else f"{place}:{self.status}:{self.generation}"


@dataclass(frozen=True, slots=True)
class GalleryVersion:
    newest_run: int
    runs: Mapping[int, RunVersion]

    @classmethod
    def read(cls, text: str) -> Self:
        found = _GALLERY.fullmatch(text) if len(text) <= LONGEST else None
        if found is None:
            raise _unreadable(text, "MAXRUN~RUN=GENERATION.CELL~...")
        pieces = (piece.split("=", 1) for piece in found[2].split("~")[1:])
        return cls(int(found[1]), {int(run): RunVersion.read(state) for run, state in pieces})

    def of_run(self, run: Run) -> RunVersion:
        return self.runs.get(run.pk, RunVersion())

    def __str__(self) -> str:
        return "~".join([str(self.newest_run), *(f"{run}={v}" for run, v in self.runs.items())])


def _unreadable(text: str, expected: str) -> InvalidInput:
    return InvalidInput("since", f"expected {expected}, got {text[:40]!r}")
