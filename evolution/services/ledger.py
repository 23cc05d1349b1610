"""What a run has done since its last commit, and how it gets into the database: all or nothing."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.utils import timezone

from classifiers.base import FloatArray
from evolution import live
from evolution.algorithms.base import Offspring
from evolution.algorithms.settings import DirectSettings, Preset
from evolution.archives import NOBODY, Archive, Takeovers
from evolution.errors import RunMoved
from evolution.genomes import codec
from evolution.models import Elite, Individual, Prediction, Run, RunStatistics
from evolution.services import predicting
from evolution.services.portraits import Portraitist

SECONDS_BETWEEN_COMMITS = 1.0
BATCH = 500  # rows of one statement
LARGEST_KEPT = 64  # pixels a side; larger directly encoded genomes are kept only while they reign


@dataclass(frozen=True)
class Effort:
    """Work done so far in a run: seconds in all, and of these inside the network."""

    seconds: float
    forward_seconds: float


class Ledger:
    """Notes generations in memory and commits them by compare-and-set on the run's generation.

    The archive knows holders by number; here a number is a place in `self._holders`, whose
    individuals may not be stored yet.
    """

    def __init__(
        self,
        run: Run,
        archive: Archive,
        reigning: Sequence[Elite],
        preset: Preset,
        portraitist: Portraitist,
    ) -> None:
        self.run = run
        self._portraitist = portraitist
        self._prunes = prunes(preset)
        self.generation = run.generation
        self._archive = archive
        self._label = preset.target  # of every cell; None: cell n stands for label n
        self._evaluations = run.evaluations
        self._reigning = {elite.cell: elite for elite in reigning}
        self._holders: dict[int, Individual] = {}
        self._number_holders(reigning)
        self._next_holder = len(self._holders)
        self._committed_at = time.monotonic()
        self._clear()

    def _number_holders(self, reigning: Sequence[Elite]) -> None:
        """Number those who reign; whoever holds several cells has one number."""
        numbers: dict[int, int] = {}
        for elite in reigning:
            number = numbers.setdefault(elite.individual_id, len(numbers))
            self._holders[number] = elite.individual
            self._archive.holders[elite.cell] = number

    def _clear(self) -> None:
        self._individuals: list[Individual] = []
        self._parents: list[tuple[Individual, Individual | None]] = []
        self._predictions: list[Prediction] = []
        self._opened: list[Elite] = []
        self._ended: list[Elite] = []
        self._statistics: list[RunStatistics] = []

    @property
    def is_due(self) -> bool:
        return time.monotonic() - self._committed_at >= SECONDS_BETWEEN_COMMITS

    def note(
        self, offspring: Offspring, takeovers: Takeovers, confidences: FloatArray, effort: Effort
    ) -> None:
        """Take down one generation: who was born, who took which cell, how the archive stands."""
        now = timezone.now()
        numbers: dict[int, int] = {}
        rows = np.unique(takeovers.challengers)
        portraits = self._portraitist.portraits(offspring.genomes.take(rows))
        for row, portrait in zip(rows.tolist(), portraits, strict=True):
            number, individual = self._note_individual(offspring, row, confidences[row])
            individual.thumbnail = portrait
            numbers[row] = number
        for cell, row, confidence in zip(
            takeovers.cells.tolist(),
            takeovers.challengers.tolist(),
            takeovers.confidences.tolist(),
            strict=True,
        ):
            self._note_reign(cell, self._holders[numbers[row]], confidence, now)
            self._archive.holders[cell] = numbers[row]
        self._evaluations += len(offspring)
        self._note_statistics(len(takeovers.cells), effort)
        self.generation += 1

    def commit(self, effort: Effort) -> None:
        """Store everything noted, or nothing: RunMoved when the run is not where it was read."""
        if self.generation == self.run.generation:
            return
        finished = self.generation > self.run.planned
        now = timezone.now()
        progress: dict[str, Any] = {
            "generation": self.generation,
            "evaluations": self._evaluations,
            "elapsed": effort.seconds,
            "forward_seconds": effort.forward_seconds,
            "heartbeat": now,
            "attempts": 0,
        }
        if finished:
            progress |= {"status": Run.Status.FINISHED, "finished_at": now}
        with transaction.atomic():
            seen = Run.objects.filter(
                pk=self.run.pk, status=Run.Status.RUNNING, generation=self.run.generation
            )
            if not seen.update(**progress):
                raise RunMoved(f"run {self.run.pk} is not at generation {self.run.generation}")
            self._store()
        for name, value in progress.items():
            setattr(self.run, name, value)
        self._forget_the_dead()
        self._clear()
        self._committed_at = time.monotonic()
        live.announce(self.run.pk)

    def _note_individual(
        self, offspring: Offspring, row: int, confidences: FloatArray
    ) -> tuple[int, Individual]:
        genome = offspring.genomes[row]
        individual = Individual(
            run=self.run,
            generation=offspring.generation,
            position=row,
            encoding=genome.encoding,
            genome=codec.encode(genome),
            selected_by=Individual.Selector.NETWORK,
        )
        parent, mate = int(offspring.parent_holders[row]), int(offspring.mate_holders[row])
        if parent != NOBODY:
            of_mate = None if mate == NOBODY else self._holders[mate]
            individual.parent = self._holders[parent]
            individual.mate = of_mate
        self._individuals.append(individual)
        self._predictions.append(
            Prediction(
                individual=individual,
                classifier=self.run.classifier,
                version=self.run.classifier_version,
                top=predicting.top(confidences),
            )
        )
        number, self._next_holder = self._next_holder, self._next_holder + 1
        self._holders[number] = individual
        return number, individual

    def _note_reign(
        self, cell: int, individual: Individual, confidence: float, now: datetime
    ) -> None:
        if before := self._reigning.get(cell):
            before.until_generation = self.generation
            if before.pk:
                self._ended.append(before)
        self._reigning[cell] = Elite(
            run=self.run,
            cell=cell,
            label=cell if self._label is None else self._label,
            individual=individual,
            confidence=confidence,
            since_generation=self.generation,
            taken_at=now,
        )
        self._opened.append(self._reigning[cell])

    def _note_statistics(self, takeovers: int, effort: Effort) -> None:
        confidences = np.asarray(self._archive.confidences, np.float64)
        self._statistics.append(
            RunStatistics(
                run=self.run,
                generation=self.generation,
                median=float(np.median(confidences)),
                mean=float(confidences.mean()),
                minimum=float(confidences.min()),
                maximum=float(confidences.max()),
                takeovers=takeovers,
                evaluations=self._evaluations,
                elapsed=effort.seconds,
            )
        )

    def _store(self) -> None:
        # A parent may be as new as its child: rows first, then the ties that had no number yet.
        ties = [
            (individual, individual.parent, individual.mate)
            for individual in self._individuals
            if _is_new(individual.parent) or _is_new(individual.mate)
        ]
        for individual, _, _ in ties:
            individual.parent = individual.mate = None
        self._prune()
        Individual.objects.bulk_create(self._individuals, batch_size=BATCH)
        for individual, parent, mate in ties:
            individual.parent, individual.mate = parent, mate
        _update(
            "UPDATE evolution_individual SET parent_id = %s, mate_id = %s WHERE id = %s",
            [(child.parent_id, child.mate_id, child.pk) for child, _, _ in ties],
        )
        _update(
            "UPDATE evolution_elite SET until_generation = %s WHERE id = %s",
            [(elite.until_generation, elite.pk) for elite in self._ended],
        )
        Elite.objects.bulk_create(self._opened, batch_size=BATCH)
        Prediction.objects.bulk_create(self._predictions, batch_size=BATCH)
        RunStatistics.objects.bulk_create(self._statistics, batch_size=BATCH)

    def _prune(self) -> None:
        """Drop large genomes of individuals that hold no cell any more; their rows stay."""
        if not self._prunes:
            return
        alive = self._alive()
        dead = [held for number, held in self._holders.items() if number not in alive]
        for individual in dead:
            individual.genome = None
        _update(
            "UPDATE evolution_individual SET genome = NULL WHERE id = %s",
            [(individual.pk,) for individual in dead if individual.pk],
        )

    def _forget_the_dead(self) -> None:
        alive = self._alive()
        self._holders = {n: held for n, held in self._holders.items() if n in alive}
        if self._prunes:  # they are stored; hundreds of megabytes in memory serve nobody
            for individual in self._holders.values():
                individual.genome = None

    def _alive(self) -> set[int]:
        return set(np.unique(self._archive.holders).tolist())


def prunes(preset: Preset) -> bool:
    """Whether genomes of this preset are too large to keep once they hold no cell."""
    return isinstance(preset.encoding, DirectSettings) and preset.encoding.image_size > LARGEST_KEPT


def _update(statement: str, rows: list[tuple[int | None, ...]]) -> None:
    """One statement for many rows. Django's bulk_update spent a third of a fast run on building SQL."""
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)


def _is_new(individual: Individual | None) -> bool:
    return individual is not None and individual.pk is None
