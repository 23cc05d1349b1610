"""Tables of studies as pages write them."""

from collections.abc import Sequence
from dataclasses import dataclass

from evolution.exhibits.studies import numbers
from evolution.studies.findings import Cell, Table

MOST_ROWS = 60  # on a page; a file has all


@dataclass(frozen=True)
class Written:
    """value: for machines, where the words are shorter than it."""

    words: str
    value: float | None = None


@dataclass(frozen=True)
class Shown:
    """columns: a name, and whether its values are numbers. hidden: rows that only the file has."""

    table: Table
    columns: Sequence[tuple[str, bool]]
    rows: Sequence[Sequence[tuple[Written, bool]]]
    hidden: int


def shown(table: Table) -> Shown:
    numeric = [_is_numeric(table, place) for place in range(len(table.columns))]
    rows = [
        [(_written(table, place, cell), numeric[place]) for place, cell in enumerate(row)]
        for row in table.rows[:MOST_ROWS]
    ]
    columns = list(zip(table.columns, numeric, strict=True))
    return Shown(table, columns, rows, max(0, len(table.rows) - MOST_ROWS))


def _is_numeric(table: Table, place: int) -> bool:
    known = [row[place] for row in table.rows if row[place] is not None]
    return bool(known) and not any(isinstance(value, str) for value in known)


def _written(table: Table, place: int, cell: Cell) -> Written:
    if cell is None:
        return Written("")
    if isinstance(cell, str):
        return Written(cell)
    if place in table.shares or place in table.counted:
        return Written(numbers.share(cell, counted=place in table.counted), float(cell))
    return Written(numbers.written(cell), float(cell))
