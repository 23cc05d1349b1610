"""The folder that a run is exported to: its files, their columns, and what is read of one at all.

Individuals are numbered within the folder, from 0, in the order of their birth: parents come before
their children, and nothing depends on the numbers that a database gave.
"""

import csv
import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from evolution.errors import InvalidInput

FORMAT, VERSION = "foolbreeder run", 1
FACTS, README, SUMS, PICTURES = "run.json", "README.txt", "SHA256SUMS", "pictures"
GENOMES, THUMBNAILS = "genomes.bin", "thumbnails.bin"

MOST_INDIVIDUALS = 5_000_000
MOST_ROWS = 50_000_000  # of any other table
MOST_BYTES = 64_000_000_000  # of one file
MOST_SMALL_BYTES = 16_000_000  # of a file that is read at once
MOST_FILES = 1_000_000
LONGEST_LINE = 20_000  # characters
_SUM = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)?)\n")


@dataclass(frozen=True)
class Table:
    """A file of rows. columns: what each means, in their order."""

    file: str
    about: str
    columns: Mapping[str, str]


INDIVIDUALS = Table(
    "individuals.csv",
    "Every individual that ever held a cell, parents before their children.",
    {
        "number": "Of the individual in this folder; 0 is the first.",
        "generation": "In which it was born; 0 is the random initial population.",
        "position": "Its place in the batch of its generation.",
        "parent": "Number of its parent; empty for a random genome.",
        "mate": "Number of who gave genes by crossover; empty if nobody did.",
        "encoding": "The kind of its genome.",
        "selected_by": "Who chose it.",
        "genome_at": f"Where its genome begins in {GENOMES}, in bytes; empty once pruned.",
        "genome_bytes": "How many bytes of it there are.",
        "thumbnail_at": f"Where its small picture begins in {THUMBNAILS}; empty if it has none.",
        "thumbnail_bytes": "How many bytes of it there are.",
    },
)
ELITES = Table(
    "elites.csv",
    "Every reign: who held which cell, and when. Rows without an end are the archive.",
    {
        "cell": "A place in the archive; with MAP-Elites cell n stands for label n.",
        "label": "Index of the label that the cell stands for.",
        "label_name": "The same in words, as the classifier calls it.",
        "individual": f"Number of the holder in {INDIVIDUALS.file}.",
        "confidence": "The classifier's, in that label: 0 to 1, with every digit that is known.",
        "since_generation": "The first generation of the reign.",
        "until_generation": "The first one after it; empty while it lasts.",
        "taken_at": "Time of the takeover, ISO 8601.",
    },
)
STATISTICS = Table(
    "statistics.csv",
    "The confidences of the whole archive after each generation.",
    {
        "generation": "After which one.",
        "median": "Of the confidences of all cells.",
        "mean": "Likewise.",
        "minimum": "Likewise.",
        "maximum": "Likewise.",
        "takeovers": "Cells taken in this generation.",
        "evaluations": "Genomes judged since the run began.",
        "elapsed": "Seconds of work since the run began.",
    },
)
PREDICTIONS = Table(
    "predictions.jsonl",
    "What classifiers say of individuals: one JSON object a line.",
    {
        "individual": f"Number in {INDIVIDUALS.file}.",
        "classifier": "Its name; members of an ensemble are joined by +.",
        "version": "The first digits of the SHA-256 of its weights.",
        "top": "Its most confident labels, as pairs of index and confidence.",
        "created_at": "Time of the answer, ISO 8601.",
    },
)
TABLES = (INDIVIDUALS, ELITES, STATISTICS, PREDICTIONS)
NEEDED = (FACTS, GENOMES, THUMBNAILS, *(table.file for table in TABLES))


def sha256(file: BufferedReader) -> str:
    return hashlib.file_digest(file, "sha256").hexdigest()


class Folder:
    """A folder that may hold anything. Raises InvalidInput, naming the file, for what it should not.

    No link is followed, nothing outside the folder is opened, and no file is read without an end.
    """

    def __init__(self, path: Path) -> None:
        if not path.is_dir():
            raise InvalidInput("folder", f"expected a folder that export_run wrote, got {path}")
        self.path = path.resolve()

    def check(self) -> None:
        """Compare every file with its checksum; all that are needed must have one."""
        sums = dict(self._sums())
        if missing := [name for name in NEEDED if name not in sums]:
            raise InvalidInput(SUMS, f"expected a checksum of {', '.join(missing)}, got none")
        for name, expected in sums.items():
            with self.open(name) as file:
                found = sha256(file)
            if found != expected:
                raise InvalidInput(
                    name,
                    f"expected the SHA-256 {expected[:12]}..., got {found[:12]}...: it changed",
                )

    def _sums(self) -> Iterator[tuple[str, str]]:
        names: set[str] = set()
        for line in self.lines(SUMS):
            match = _SUM.fullmatch(line)
            if match is None or ".." in match[2].split("/"):
                raise InvalidInput(SUMS, f"expected a checksum and a name, got {line[:120]!r}")
            if match[2] in names or len(names) >= MOST_FILES:
                raise InvalidInput(SUMS, f"expected every file once, got {match[2]} again")
            names.add(match[2])
            yield match[2], match[1]

    @contextmanager
    def open(self, name: str) -> Iterator[BufferedReader]:
        path = self.path / name
        if path.parent.resolve() != path.parent:
            raise InvalidInput(name, "expected a file within the folder, got a link")
        try:
            # Not blocking: a pipe without a writer would be waited for.
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            raise InvalidInput(name, f"expected a file, got {error.strerror}") from None
        with os.fdopen(handle, "rb") as file:
            told = os.fstat(handle)
            if not stat.S_ISREG(told.st_mode):
                raise InvalidInput(name, "expected a plain file")
            if told.st_size > MOST_BYTES:
                raise InvalidInput(
                    name, f"expected at most {MOST_BYTES:,} bytes, got {told.st_size:,}"
                )
            yield file

    def whole(self, name: str) -> bytes:
        """A small file."""
        with self.open(name) as file:
            content = file.read(MOST_SMALL_BYTES + 1)
        if len(content) > MOST_SMALL_BYTES:
            raise InvalidInput(name, f"expected at most {MOST_SMALL_BYTES:,} bytes, got more")
        return content

    def lines(self, name: str) -> Iterator[str]:
        with self.open(name) as file:
            while line := file.readline(LONGEST_LINE + 1):
                if len(line) > LONGEST_LINE:
                    raise InvalidInput(name, f"expected lines of up to {LONGEST_LINE:,} bytes")
                try:
                    yield line.decode()
                except UnicodeDecodeError as error:
                    raise InvalidInput(name, f"expected UTF-8, got {error}") from None

    def rows(self, table: Table) -> Iterator[dict[str, str]]:
        """The rows of a CSV file by the names of its columns."""
        reader = csv.reader(self.lines(table.file), strict=True)
        names = list(table.columns)
        try:
            if (head := next(reader, None)) != names:
                raise InvalidInput(table.file, f"expected the columns {names}, got {head}")
            for values in reader:
                if len(values) != len(names):
                    raise InvalidInput(
                        f"{table.file}, line {reader.line_num}",
                        f"expected {len(names)} values, got {len(values)}",
                    )
                yield dict(zip(names, values, strict=True))
        except csv.Error as error:
            raise InvalidInput(table.file, f"expected CSV, got {error}") from None
