"""CSV files as spreadsheets are handed them."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(value: object) -> object:
    """Holes are empty; text that a spreadsheet would take for a formula gets a quote before it."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA) else value
    return "" if value is None or value != value else value


def written(rows: Iterable[Sequence[object]]) -> str:
    """A whole CSV file, every value made safe for a spreadsheet."""
    file = StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerows([cell(value) for value in row] for row in rows)
    return file.getvalue()
