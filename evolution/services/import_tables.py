"""The tables of an exported run, row by row, each checked before it is handed on."""

import io
from array import array
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from io import BufferedReader
from typing import Any, NamedTuple

from PIL import Image

from evolution.algorithms.settings import CppnSettings, EncodingSettings
from evolution.errors import InvalidInput
from evolution.genomes import codec
from evolution.genomes.base import BadGenome
from evolution.genomes.codec import AnyGenome
from evolution.genomes.cppn import CppnGenome
from evolution.genomes.direct import DirectGenome
from evolution.genomes.pixels import PixelGenome
from evolution.models import Individual, Prediction
from evolution.services import run_folders
from evolution.services.ascent_plans import PixelSettings
from evolution.services.import_facts import MOST_LABELS, Facts
from evolution.services.import_values import MOST_LARGE, Values, document
from evolution.services.portraits import SIDE
from evolution.services.rows import document as as_document
from evolution.services.rows import moment
from evolution.services.run_folders import Folder, Table

MOST_GENOME_BYTES = 4_000_000
MOST_THUMBNAIL_BYTES = 100_000
FORMATS = ["WEBP"]


class Birth(NamedTuple):
    """An individual to be stored; parent and mate: numbers of the folder."""

    generation: int
    position: int
    parent: int | None
    mate: int | None
    encoding: str
    genome: bytes | None
    thumbnail: bytes | None
    selected_by: str


class Tables:
    """What a folder says, held against what is known of the run. Raises InvalidInput.

    Individuals have to be read to their end before all else: other tables are about them.
    """

    def __init__(self, folder: Folder, facts: Facts) -> None:
        self._folder = folder
        self._facts = facts
        self._born = array("l")  # the generation of each individual
        self._has_genome = bytearray()

    def individuals(self, *, thoroughly: bool) -> Iterator[Birth]:
        """thoroughly: decode every genome and every small picture, which takes most of the time."""
        self._born, self._has_genome = array("l"), bytearray()
        last = (-1, -1)
        with ExitStack() as opened:
            genomes = _Parts(opened.enter_context(self._folder.open(run_folders.GENOMES)))
            thumbnails = _Parts(opened.enter_context(self._folder.open(run_folders.THUMBNAILS)))
            for number, row in enumerate(self._rows(run_folders.INDIVIDUALS)):
                if row.whole("number", 0, MOST_LARGE) != number:
                    raise row.refused("number", f"{number}, in the order of birth")
                place = (
                    row.whole("generation", 0, self._facts.run.generation - 1),
                    row.whole("position"),
                )
                if place <= last:
                    raise row.refused("position", f"one after generation and position {last}")
                last = place
                birth = Birth(
                    *place,
                    self._ancestor(row, "parent", place[0]),
                    self._ancestor(row, "mate", place[0]),
                    row.word("encoding", [self._facts.run.encoding]),
                    genomes.part(row, "genome", MOST_GENOME_BYTES),
                    thumbnails.part(row, "thumbnail", MOST_THUMBNAIL_BYTES),
                    row.word("selected_by", list(Individual.Selector.values)),
                )
                if birth.mate is not None and birth.parent is None:
                    raise row.refused("mate", "none where there is no parent")
                if thoroughly:
                    self._check_genome(row, birth.genome)
                    _check_thumbnail(row, birth.thumbnail)
                self._born.append(place[0])
                self._has_genome.append(birth.genome is not None)
                yield birth
            genomes.check_end(run_folders.GENOMES)
            thumbnails.check_end(run_folders.THUMBNAILS)

    def elites(self) -> Iterator[tuple[Any, ...]]:
        """cell, label, individual, confidence, since, until, taken_at: as values of a row."""
        run, cell, holders = self._facts.run, -1, 0
        ended: int | None = None
        for row in self._rows(run_folders.ELITES):
            before = cell
            cell = row.whole("cell", max(before, 0), (self._facts.n_cells or MOST_LABELS) - 1)
            since = row.whole("since_generation", 0, run.generation - 1)
            if cell == before and since != ended:
                follows = f"{ended}, where the reign before ends"
                raise row.refused(
                    "since_generation", "no other reign" if ended is None else follows
                )
            until = (
                None
                if row.is_empty("until_generation")
                else row.whole("until_generation", since + 1, run.generation - 1)
            )
            ended = until
            holders += until is None
            yield (
                cell,
                self._label(row, cell),
                self._holder(row, since, reigns=until is None),
                row.real("confidence", 0, 1),
                since,
                until,
                moment(row.moment("taken_at")),
            )
        if run.status == run.Status.PAUSED and run.generation and self._facts.n_cells != holders:
            raise InvalidInput(
                run_folders.ELITES.file,
                f"expected a holder for each of {self._facts.n_cells} cells of a run that can go on, "
                f"got {holders}",
            )

    def statistics(self) -> Iterator[tuple[Any, ...]]:
        """generation, median, mean, minimum, maximum, takeovers, evaluations, elapsed."""
        following = 0
        for row in self._rows(run_folders.STATISTICS):
            generation = row.whole("generation", following, self._facts.run.generation - 1)
            following = generation + 1
            yield (
                generation,
                *(row.real(name, 0, 1) for name in ("median", "mean", "minimum", "maximum")),
                row.whole("takeovers"),
                row.whole("evaluations", 0, MOST_LARGE),
                row.real("elapsed"),
            )

    def predictions(self) -> Iterator[tuple[Any, ...]]:
        """individual, classifier, version, top, created_at: as values of a row."""
        for row in self._rows(run_folders.PREDICTIONS):
            yield (
                row.whole("individual", 0, len(self._born) - 1),
                row.text("classifier", 200),
                row.text("version", 64),
                as_document(_top(row)),
                moment(row.moment("created_at")),
            )

    def _rows(self, table: Table) -> Iterator[Values]:
        """As many as the folder says that there are."""
        claimed, number = self._facts.counts[table.file], 0
        for number, values in enumerate(_values(self._folder, table), 1):
            if number > claimed:
                raise InvalidInput(table.file, f"expected {claimed:,} rows, got more")
            yield values
        if number != claimed:
            raise InvalidInput(table.file, f"expected {claimed:,} rows, got {number:,}")

    def _ancestor(self, row: Values, name: str, generation: int) -> int | None:
        """Somebody who was born in an earlier generation, so that no line ends in itself."""
        if row.is_empty(name):
            return None
        number = row.whole(name, 0, MOST_LARGE)
        if number >= len(self._born) or self._born[number] >= generation:
            raise row.refused(name, "the number of somebody born in an earlier generation")
        return number

    def _holder(self, row: Values, since: int, *, reigns: bool) -> int:
        number = row.whole("individual", 0, MOST_LARGE)
        if number >= len(self._born) or self._born[number] > since:
            raise row.refused("individual", f"the number of somebody born by generation {since}")
        if reigns and not self._has_genome[number]:
            raise row.refused("individual", "a holder whose genome was kept")
        return number

    def _label(self, row: Values, cell: int) -> int:
        label = row.whole("label", 0, (self._facts.n_labels or MOST_LABELS) - 1)
        target = self._facts.preset.target
        if label != (cell if target is None else target):
            raise row.refused("label", f"{cell if target is None else target}")
        return label

    def _check_genome(self, row: Values, content: bytes | None) -> None:
        if content is None:
            return
        try:
            genome = codec.decode(content)
        except BadGenome as error:
            raise InvalidInput(f"{row.place}, genome", f"expected a genome: {error}") from None
        encoding = self._facts.preset.encoding
        if not _fits(genome, encoding):
            raise InvalidInput(
                f"{row.place}, genome",
                f"expected a {encoding.name} genome for {encoding.image_size} pixels, as the preset "
                "breeds them, got another one",
            )


def _fits(genome: AnyGenome, encoding: EncodingSettings | PixelSettings) -> bool:
    size = encoding.image_size
    if isinstance(encoding, CppnSettings):
        return isinstance(genome, CppnGenome) and genome.expression == encoding.expression
    if isinstance(encoding, PixelSettings):
        shape = (size, size, 1 if encoding.colour == "grey" else 3)
        return isinstance(genome, PixelGenome) and genome.pixels.shape == shape
    return (
        isinstance(genome, DirectGenome)
        and genome.colour == encoding.colour
        and len(genome.genes) == size
    )


class _Parts:
    """A file of contents that follow each other without a gap."""

    def __init__(self, file: BufferedReader) -> None:
        self._file = file
        self._at = 0

    def part(self, row: Values, name: str, most: int) -> bytes | None:
        if row.is_empty(f"{name}_at") and row.is_empty(f"{name}_bytes"):
            return None
        if row.whole(f"{name}_at", 0, run_folders.MOST_BYTES) != self._at:
            raise row.refused(f"{name}_at", f"{self._at}, where the one before ends")
        size = row.whole(f"{name}_bytes", 1, most)
        content = self._file.read(size)
        if len(content) != size:
            raise row.refused(f"{name}_bytes", f"no more than {len(content)} bytes that are left")
        self._at += size
        return content

    def check_end(self, file: str) -> None:
        if self._file.read(1):
            raise InvalidInput(file, f"expected {self._at:,} bytes, got more")


def _values(folder: Folder, table: Table) -> Iterator[Values]:
    if table is run_folders.PREDICTIONS:
        for number, line in enumerate(folder.lines(table.file), 1):
            yield document(f"{table.file}, line {number}", line)
        return
    for number, row in enumerate(folder.rows(table), 2):
        yield Values(f"{table.file}, line {number}", row)


def _top(row: Values) -> list[tuple[int, float]]:
    pairs = row["top"]
    if not isinstance(pairs, list) or not 1 <= len(pairs) <= Prediction.TOP:
        raise row.refused("top", f"1 to {Prediction.TOP} pairs")
    top = []
    for pair in pairs:
        if not isinstance(pair, list) or len(pair) != 2:
            raise row.refused("top", "pairs of a label's index and a confidence")
        found = Values(f"{row.place}, top", _named(pair))
        top.append((found.whole("label", 0, MOST_LABELS - 1), found.real("confidence", 0, 1)))
    return top


def _named(pair: list[Any]) -> Mapping[str, Any]:
    return {"label": pair[0], "confidence": pair[1]}


def _check_thumbnail(row: Values, content: bytes | None) -> None:
    """What browsers are sent has to be the picture that it is said to be."""
    if content is None:
        return
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if image.size == (SIDE, SIDE):
                image.load()
                return
            got = f"one of {image.size}"
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        got = str(error)
    raise InvalidInput(
        f"{row.place}, thumbnail", f"expected a WebP picture of {SIDE} x {SIDE} pixels, got {got}"
    )
