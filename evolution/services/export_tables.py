"""The tables of a run as files, as they stood when the row of the run was read."""

import csv
import json
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from django.db.models import Q

from classifiers import catalogue
from classifiers.base import ClassifierError
from evolution.errors import InvalidInput
from evolution.genomes.base import MAX_SIDE
from evolution.models import Prediction, Run
from evolution.services import run_folders
from evolution.services.run_folders import Table

AT_ONCE = 100  # individuals that are read together; a large genome has most of a megabyte


class Progress(Protocol):
    """Is told how much of how much is done."""

    def __call__(self, done: int, total: int) -> None: ...


def silent(done: int, total: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Wish:
    """side: of the pictures, in pixels; None: as networks saw them.

    history: pictures of all who ever held a cell, not of the champions alone. champions: leave out
    everybody who is neither a champion nor an ancestor of one, and all reigns that are over. lean:
    of ancestors leave out the genomes too. pictures: as files, beside the genomes that they can be
    drawn from.
    """

    side: int | None = None
    history: bool = False
    champions: bool = False
    lean: bool = False
    pictures: bool = True

    def __post_init__(self) -> None:
        if self.history and self.champions:
            raise InvalidInput("history", "expected not to be asked for with champions alone")
        if self.lean and not self.champions:
            raise InvalidInput("lean", "expected to be asked for with champions alone")
        if self.side is not None and not 1 <= self.side <= MAX_SIDE:
            raise InvalidInput("size", f"expected 1 to {MAX_SIDE} pixels, got {self.side}")


@dataclass
class Export:
    """What a run had stored when its row was read: whatever comes later is left out.

    Rows of a run are only ever added, and a reign that ends later had no end by then. So a run that
    goes on is exported as it was at one moment, and nobody has to wait.
    """

    run: Run
    folder: Path
    wish: Wish
    progress: Progress
    numbers: dict[int, int] = field(default_factory=dict)  # of individuals, by their rows
    counts: dict[str, int] = field(default_factory=dict)
    done: int = 0
    total: int = 0

    def __post_init__(self) -> None:
        self.labels, self.n_targets = _labels(self.run.classifier)
        before = self.run.generation
        self.individuals = self.run.individuals.filter(generation__lt=before)
        self.elites = self.run.elites.filter(since_generation__lt=before)
        self.statistics = self.run.statistics.filter(generation__lt=before)
        self.predictions = Prediction.objects.filter(
            individual__run=self.run, individual__generation__lt=before
        )
        holds = Q(until_generation__isnull=True) | Q(until_generation__gte=before)
        holders = self.elites.filter(holds)
        self.left_out: Container[int] = ()
        if self.wish.champions:
            self.elites = holders
            self.predictions = self.predictions.filter(individual__in=holders.values("individual"))
            self.left_out = self._without_heirs(set(holders.values_list("individual", flat=True)))
        self.bare: Container[int] = ()
        if self.wish.lean:
            ancestors = self.individuals.exclude(pk__in=holders.values("individual"))
            self.bare = set(ancestors.values_list("pk", flat=True))
        shown = self.elites if self.wish.history else holders
        self.shown = shown.filter(individual__genome__isnull=False)
        if not self.wish.pictures:
            self.shown = self.shown.none()
        rows = (self.individuals, self.elites, self.statistics, self.predictions, self.shown)
        self.total = sum(found.count() for found in rows)

    def _without_heirs(self, champions: set[int]) -> set[int]:
        """Individuals that are neither champions nor ancestors of one."""
        kept, out = champions, set()
        newest_first = self.individuals.order_by("-generation", "-position")
        for number, *parents in newest_first.values_list("pk", "parent", "mate").iterator():
            if number in kept:
                kept.update(parent for parent in parents if parent is not None)
            else:
                out.add(number)
        return out

    def label_name(self, label: int) -> str:
        return self.labels[label] if label < len(self.labels) else f"label {label}"

    def keeps_thumbnail(self, genome: object) -> bool:
        """Not where pictures are left out that can be drawn again."""
        return self.wish.pictures or genome is None

    def counted(self, what: str, rows: Iterable[Any]) -> Iterator[Any]:
        count = 0
        for row in rows:
            yield row
            count += 1
            self.done += 1
            self.progress(self.done, self.total)
        self.counts[what] = count

    def table(self, table: Table, rows: Iterable[tuple[Any, ...]]) -> None:
        with (self.folder / table.file).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(table.columns)
            writer.writerows(rows)


def write_individuals(job: Export) -> None:
    rows = job.individuals.order_by("generation", "position").values_list(
        "pk", "generation", "position", "parent", "mate", "encoding", "selected_by",
        "genome", "thumbnail",
    )  # fmt: skip
    with (
        (job.folder / run_folders.GENOMES).open("wb") as genomes,
        (job.folder / run_folders.THUMBNAILS).open("wb") as thumbnails,
    ):

        def lines() -> Iterator[tuple[Any, ...]]:
            kept = (row for row in rows.iterator(AT_ONCE) if row[0] not in job.left_out)
            for number, (
                pk,
                *birth,
                parent,
                mate,
                encoding,
                selector,
                genome,
                thumbnail,
            ) in enumerate(job.counted("individuals", kept)):
                job.numbers[pk] = number
                yield (
                    number,
                    *birth,
                    None if parent is None else job.numbers[parent],
                    None if mate is None else job.numbers[mate],
                    encoding,
                    selector,
                    *_appended(genomes, None if pk in job.bare else genome),
                    *_appended(thumbnails, thumbnail if job.keeps_thumbnail(genome) else None),
                )

        job.table(run_folders.INDIVIDUALS, lines())


def _appended(file: Any, content: bytes | memoryview | None) -> tuple[int | None, int | None]:
    """Where content begins in a file that it is added to, and its length."""
    if content is None:
        return None, None
    at = file.tell()
    return at, file.write(bytes(content))


def write_elites(job: Export) -> None:
    rows = job.elites.order_by("cell", "since_generation").values_list(
        "cell",
        "label",
        "individual",
        "confidence",
        "since_generation",
        "until_generation",
        "taken_at",
    )
    job.table(
        run_folders.ELITES,
        (
            (
                cell,
                label,
                job.label_name(label),
                job.numbers[individual],
                confidence,
                since,
                None if until is None or until >= job.run.generation else until,
                moment(taken_at),
            )
            for cell, label, individual, confidence, since, until, taken_at in job.counted(
                "elites", rows.iterator()
            )
        ),
    )


def write_statistics(job: Export) -> None:
    rows = job.statistics.order_by("generation").values_list(*run_folders.STATISTICS.columns)
    job.table(run_folders.STATISTICS, job.counted("statistics", rows.iterator()))


def write_predictions(job: Export) -> None:
    rows = job.predictions.order_by(
        "individual__generation", "individual__position", "classifier", "version"
    ).values_list(*run_folders.PREDICTIONS.columns)
    path = job.folder / run_folders.PREDICTIONS.file
    with path.open("w", encoding="utf-8") as file:
        for individual, classifier, version, top, at in job.counted("predictions", rows.iterator()):
            values = (job.numbers[individual], classifier, version, top, moment(at))
            said = dict(zip(run_folders.PREDICTIONS.columns, values, strict=True))
            file.write(json.dumps(said) + "\n")


def _labels(classifier: str) -> tuple[list[str], int]:
    """Return all labels, and how many of them the run aims at."""
    try:
        entry = catalogue.entry(classifier)
    except ClassifierError:
        return [], 0  # of an old run whose classifier is gone
    return list(entry.labels), len(entry.targets)


def moment(time: datetime) -> str:
    return time.isoformat()
