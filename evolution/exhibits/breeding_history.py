"""The steps of a session as a tree of small pictures: what was left behind hangs below the line."""

import base64
from dataclasses import dataclass

from evolution.models import BreedingSession, Brood

STEPS_BACK = 30  # generations before the present one that are shown


@dataclass(frozen=True, slots=True)
class Turn:
    """A brood in the history. row, column: from 1. rise: rows up to the brood before it."""

    number: int
    generation: int
    row: int
    column: int
    rise: int
    picture: str
    is_current: bool
    is_left: bool
    is_first: bool

    @property
    def name(self) -> str:
        step = f"step {self.generation}" if self.generation else "the beginning"
        return f"{step}, left behind" if self.is_left else step


@dataclass(frozen=True, slots=True)
class History:
    """earlier: generations that are not shown. can_redo: whether something was bred from here."""

    turns: list[Turn]
    columns: int
    rows: int
    earlier: int
    can_undo: bool
    can_redo: bool


def history(session: BreedingSession, current: Brood, *, whole: bool = False) -> History:
    first = 0 if whole else max(0, current.generation - STEPS_BACK)
    found = list(
        session.broods.filter(generation__gte=first)
        .order_by("number")
        .values_list("pk", "parent", "number", "generation", "thumbnail")
    )
    parents = {pk: parent for pk, parent, *_ in found}
    line = _line(current.pk, parents)
    rows = _rows([pk for pk, *_ in found], parents, line)
    turns = [
        Turn(
            number=number,
            generation=generation,
            row=rows[pk],
            column=generation - first + 1,
            rise=rows[pk] - rows[parent] if parent in rows else 0,
            picture=f"data:image/webp;base64,{base64.b64encode(thumbnail).decode()}",
            is_current=pk == current.pk,
            is_left=pk not in line,
            is_first=parent not in rows,
        )
        for pk, parent, number, generation, thumbnail in found
    ]
    return History(
        turns=sorted(turns, key=lambda turn: (turn.row, turn.column)),
        columns=max(turn.column for turn in turns),
        rows=max(rows.values()),
        earlier=first,
        can_undo=current.parent_id is not None,
        can_redo=any(parent == current.pk for parent in parents.values()),
    )


def _line(current: int, parents: dict[int, int | None]) -> set[int]:
    """The present brood, what it came from, and what was bred last from it."""
    newest = {parent: pk for pk, parent in parents.items() if parent is not None}
    line = {current}
    for following in (parents, newest):
        at: int | None = current
        while at is not None and (at := following.get(at)) is not None:
            line.add(at)
    return line


def _rows(pks: list[int], parents: dict[int, int | None], line: set[int]) -> dict[int, int]:
    """The line in the first row; every other branch in a row of its own, begun with its first."""
    rows: dict[int, int] = {pk: 1 for pk in pks if pk in line}
    goes_on: set[int] = set()  # broods whose row was continued already
    last = 1
    for pk in pks:
        if pk in rows:
            continue
        parent = parents[pk]
        if parent in rows and parent not in line and parent not in goes_on:
            rows[pk] = rows[parent]
            goes_on.add(parent)
        else:
            last += 1
            rows[pk] = last
    return rows
