"""The table of judgments as Parquet. What writes it is imported when somebody asks for it."""

import json
from collections.abc import Iterator
from typing import Any

from evolution.judging.columns import COLUMNS, LICENCE, TITLE, Column
from evolution.models import JudgingStudy
from evolution.services.judging import exporting

GROUP = 20_000  # rows of a row group: what is in memory at once


class Outlet:
    """A file that is written to at one end and read at the other."""

    closed = False

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        return len(self._pieces[-1])

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        self.closed = True

    def taken(self) -> bytes:
        """All that was written since."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def pieces(chosen: JudgingStudy | None = None) -> Iterator[bytes]:
    """The file, a row group at a time."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema, outlet = _schema(pa), Outlet()
    with pq.ParquetWriter(outlet, schema, compression="zstd") as writer:
        for group in _groups(pa, schema, chosen):
            writer.write_table(group)
            yield outlet.taken()
    yield outlet.taken()


def _groups(pa: Any, schema: Any, chosen: JudgingStudy | None) -> Iterator[Any]:
    """Tables of as many rows as a row group has. Columns wait in a tenth of the space of rows."""
    waiting: list[Any] = []
    for page in exporting.pages(chosen):
        waiting.append(pa.Table.from_pylist(page, schema))
        if sum(table.num_rows for table in waiting) >= GROUP:
            yield pa.concat_tables(waiting).combine_chunks()
            waiting = []
    if waiting:
        yield pa.concat_tables(waiting).combine_chunks()


def _schema(pa: Any) -> Any:
    types = {
        "text": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "list": pa.list_(pa.string()),
        "time": pa.timestamp("ms", tz="UTC"),
    }
    fields = [
        pa.field(column.name, types[column.type], metadata=_metadata(column)) for column in COLUMNS
    ]
    return pa.schema(fields, metadata={"title": TITLE, "licence": LICENCE})


def _metadata(column: Column) -> dict[str, str]:
    told = {"meaning": column.meaning, "unit": column.unit}
    return told | ({"values": json.dumps(column.values)} if column.values else {})
