"""A run from the folder that another site exported, or this one: all of it, or nothing."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from django.db import DataError, IntegrityError, transaction

from classifiers import catalogue
from classifiers.base import ClassifierError
from evolution import live
from evolution.errors import InvalidInput
from evolution.models import Elite, Individual, Prediction, Run, RunStatistics
from evolution.services import import_facts, redrawing, rows, run_archives, runs
from evolution.services.export_tables import Progress, silent
from evolution.services.import_facts import Facts
from evolution.services.import_tables import Birth, Tables
from evolution.services.run_folders import Folder

AT_ONCE = 50  # rows that are stored together; a large genome has most of a megabyte
T = TypeVar("T")


def read(path: Path, *, again: bool = False, progress: Progress = silent) -> Run:
    """Store the run that a folder holds, and return it.

    Everything is checked before the database is touched, so that nobody else waits for that long.
    again: also if the run is here already; its copy is of an order of its own.
    Raises InvalidInput, which names the file, the line, what was expected and what came.
    """
    folder = Folder(path)
    folder.check()
    facts = import_facts.read(folder)
    _check_new(facts.run, again=again)
    tables = Tables(folder, facts)
    steps = _Steps(2 * sum(facts.counts.values()), progress)
    _check(tables, steps)
    try:
        with transaction.atomic():
            run = _store(facts, tables, steps)
            redrawing.redraw_champions(run)
    except (IntegrityError, DataError) as error:
        raise InvalidInput("folder", f"expected rows that fit together: {error}") from None
    live.announce(run.pk)
    return run


def read_archive(file: Path, *, again: bool = False, progress: Progress = silent) -> Run:
    """The same from a ZIP file of a folder."""
    with run_archives.unpacked(file) as folder:
        return read(folder, again=again, progress=progress)


class _Steps:
    """Counts rows as they pass."""

    def __init__(self, total: int, progress: Progress) -> None:
        self._done, self._total, self._progress = 0, total, progress

    def through(self, passing: Iterable[T]) -> Iterator[T]:
        for row in passing:
            yield row
            self._done += 1
            self._progress(self._done, self._total)


def _check_new(run: Run, *, again: bool) -> None:
    known = Run.objects.filter(submission=run.submission, seed=run.seed).first()
    if known is None:
        return
    if not again:
        raise InvalidInput(
            "folder",
            f"expected a run that is not here yet, got run {known.pk} (--again: a copy of it)",
        )
    run.submission = uuid.uuid4()


def _check(tables: Tables, steps: _Steps) -> None:
    for passing in (
        tables.individuals(thoroughly=True),
        tables.elites(),
        tables.statistics(),
        tables.predictions(),
    ):
        for _ in steps.through(passing):
            pass


def _store(facts: Facts, tables: Tables, steps: _Steps) -> Run:
    run = facts.run
    run.notice = _with_version(run)
    run.save(force_insert=True)
    Run.objects.filter(pk=run.pk).update(created_at=facts.created_at)
    numbers: list[int] = []  # the row of each individual of the folder
    for some in _batches(steps.through(tables.individuals(thoroughly=False))):
        numbers += rows.reserve(Individual, len(some))
        _store_individuals(run, some, numbers)
    for some in _batches(steps.through(tables.elites())):
        rows.insert(
            Elite,
            "run_id cell label individual_id confidence since_generation until_generation taken_at",
            [
                (run.pk, cell, label, numbers[individual], *rest)
                for cell, label, individual, *rest in some
            ],
        )
    for some in _batches(steps.through(tables.statistics())):
        rows.insert(
            RunStatistics,
            "run_id generation median mean minimum maximum takeovers evaluations elapsed",
            [(run.pk, *figures) for figures in some],
        )
    for some in _batches(steps.through(tables.predictions())):
        rows.insert(
            Prediction,
            "individual_id classifier version top created_at",
            [(numbers[individual], *rest) for individual, *rest in some],
        )
    return run


def _store_individuals(run: Run, births: Sequence[Birth], numbers: Sequence[int]) -> None:
    """numbers: of all individuals so far, these among them as the last."""
    rows.insert(
        Individual,
        "id run_id generation position parent_id mate_id encoding genome thumbnail selected_by",
        [
            (
                number,
                run.pk,
                birth.generation,
                birth.position,
                None if birth.parent is None else numbers[birth.parent],
                None if birth.mate is None else numbers[birth.mate],
                *birth[4:],
            )
            for number, birth in zip(numbers[-len(births) :], births, strict=True)
        ],
    )


def _with_version(run: Run) -> str:
    """What the page of a run says, and that its classifier is another one here, where it is."""
    try:
        installed = catalogue.entry(run.classifier).version
    except ClassifierError:
        return run.notice
    if installed == run.classifier_version:
        return run.notice
    words = (
        f"Imported: it was judged by {run.classifier} {run.classifier_version}; the one that is "
        f"installed here has version {installed}."
    )
    return f"{run.notice} {words}".strip()[-runs.MOST_WORDS :]


def _batches(passing: Iterator[Any]) -> Iterator[list[Any]]:
    while some := list(islice(passing, AT_ONCE)):
        yield some
