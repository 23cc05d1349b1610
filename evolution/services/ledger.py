"""What a run has done since its last commit, and how it gets into the database: all or nothing."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from classifiers.base import FloatArray
from evolution.algorithms.base import Offspring
from evolution.algorithms.settings import DirectSettings, Preset
from evolution.archives import Archive, Takeovers
from evolution.errors import RunMoved
from evolution.models import Elite, Individual, Prediction, Run, RunStatistics
from evolution.services import pages, rows
from evolution.services.pages import Birth, Page, Reign
from evolution.services.portraits import Portraitist

SECONDS_BETWEEN_COMMITS = 1.0
LARGEST_KEPT = 64  # pixels a side; larger directly encoded genomes are kept only while they reign
NETWORK = Individual.Selector.NETWORK.value


@dataclass(frozen=True)
class Effort:
    """Work done so far in a run: seconds in all and by stage, and genomes judged a second time."""

    seconds: float
    stages: dict[str, float] = field(default_factory=dict)
    rescored: int = 0


class Ledger:
    """Notes generations in memory and commits them by compare-and-set on the run's generation.

    `note` only numbers the new holders, so that the search can go on; `write` does the work that a
    generation makes, and may be done while the next one is judged. The archive knows holders by
    these numbers, since an individual has none of the database before it is stored.
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
        self.generation = run.generation
        self._portraitist = portraitist
        self._prunes = prunes(preset)
        self._archive = archive
        self._label = preset.target  # of every cell; None: cell n stands for label n
        self._evaluations = run.evaluations
        self._stored: dict[int, int] = {}  # individuals by their numbers here
        self._number_holders(reigning)
        self._next_number = len(self._stored)
        self._noted: list[Page] = []
        self._committed_at = time.monotonic()
        self._clear()

    def _number_holders(self, reigning: Sequence[Elite]) -> None:
        """Number those who reign; whoever holds several cells has one number."""
        numbers: dict[int, int] = {}
        for elite in reigning:
            number = numbers.setdefault(elite.individual_id, len(numbers))
            self._stored[number] = elite.individual_id
            self._archive.holders[elite.cell] = number

    def _clear(self) -> None:
        self._births: list[Birth] = []
        self._reigns: list[Reign] = []
        self._open: dict[int, Reign] = {}  # by cell, of those above
        self._ended: list[tuple[int, int]] = []  # (generation, cell) of reigns that are stored
        self._statistics: list[tuple[Any, ...]] = []

    @property
    def is_due(self) -> bool:
        waits = self.generation > self.run.generation
        return waits and time.monotonic() - self._committed_at >= SECONDS_BETWEEN_COMMITS

    def note(
        self, offspring: Offspring, takeovers: Takeovers, confidences: FloatArray, effort: Effort
    ) -> None:
        """Number those who took a cell, and keep what is needed to write the generation down."""
        winners, places = np.unique(takeovers.challengers, return_inverse=True)
        numbers = self._next_number + np.arange(len(winners), dtype=np.int64)
        self._next_number += len(winners)
        self._archive.holders[takeovers.cells] = numbers[places]
        self._evaluations += len(offspring)
        self._noted.append(
            Page(
                self.generation,
                offspring.genomes.take(winners),  # the others need not be kept in memory
                winners,
                numbers,
                offspring.parent_holders[winners],
                offspring.mate_holders[winners],
                confidences[winners],
                takeovers.cells,
                numbers[places],
                takeovers.confidences,
                self._archive.confidences.copy(),
                self._evaluations,
                effort.seconds,
                timezone.now(),
            )
        )
        self.generation += 1

    def write(self) -> None:
        """Make rows of what was noted: who was born, who took which cell, how the archive stood."""
        for page in self._noted:
            self._births += pages.births(page, self._portraitist)
            self._statistics.append(pages.statistics(page))
            for reign in pages.reigns(page):
                self._begin(reign)
        self._noted = []

    def commit(self, effort: Effort) -> bool:
        """Store everything noted, or nothing: RunMoved when the run is not where it was read.

        Returns whether there was anything to store.
        """
        self.write()
        if self.generation == self.run.generation:
            return False
        finished = self.generation > self.run.planned
        now = timezone.now()
        progress: dict[str, Any] = {
            "generation": self.generation,
            "evaluations": self._evaluations,
            "rescored": effort.rescored,
            "elapsed": effort.seconds,
            "stages": effort.stages,
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
        self._clear()
        self._committed_at = time.monotonic()
        return True

    def _begin(self, reign: Reign) -> None:
        """End the reign before in this cell, stored or not."""
        if before := self._open.get(reign.cell):
            before.until = reign.since
        elif self.run.generation:  # something was stored, and with that a holder of every cell
            self._ended.append((reign.since, reign.cell))
        self._open[reign.cell] = reign
        self._reigns.append(reign)

    def _store(self) -> None:
        run, alive = self.run.pk, set(np.unique(self._archive.holders).tolist())
        if self._prunes:
            self._prune(alive)
        numbers = [birth.number for birth in self._births]
        self._stored.update(zip(numbers, rows.reserve(Individual, len(numbers)), strict=True))
        self._store_individuals()
        rows.change(
            "UPDATE evolution_elite SET until_generation = %s"
            " WHERE run_id = %s AND cell = %s AND until_generation IS NULL",
            [(generation, run, cell) for generation, cell in self._ended],
        )
        self._store_elites()
        self._store_predictions()
        rows.insert(
            RunStatistics,
            "run_id generation median mean minimum maximum takeovers evaluations elapsed",
            [(run, *figures) for figures in self._statistics],
        )
        # The parents of a generation that is being judged are among those who hold a cell.
        self._stored = {number: self._stored[number] for number in alive}

    def _store_individuals(self) -> None:
        stored = self._stored
        rows.insert(
            Individual,
            "id run_id generation position parent_id mate_id encoding genome thumbnail selected_by",
            [
                (
                    stored[birth.number],
                    self.run.pk,
                    birth.generation,
                    birth.position,
                    None if birth.parent is None else stored[birth.parent],
                    None if birth.mate is None else stored[birth.mate],
                    birth.encoding,
                    birth.genome,
                    birth.portrait,
                    NETWORK,
                )
                for birth in self._births
            ],
        )

    def _store_elites(self) -> None:
        rows.insert(
            Elite,
            "run_id cell label individual_id confidence since_generation until_generation taken_at",
            [
                (
                    self.run.pk,
                    reign.cell,
                    reign.cell if self._label is None else self._label,
                    self._stored[reign.holder],
                    reign.confidence,
                    reign.since,
                    reign.until,
                    reign.taken_at,
                )
                for reign in self._reigns
            ],
        )

    def _store_predictions(self) -> None:
        run, now = self.run, rows.moment(timezone.now())
        rows.insert(
            Prediction,
            "individual_id classifier version top created_at",
            [
                (
                    self._stored[birth.number],
                    run.classifier,
                    run.classifier_version,
                    rows.document(birth.top),
                    now,
                )
                for birth in self._births
            ],
        )

    def _prune(self, alive: set[int]) -> None:
        """Drop large genomes of individuals that hold no cell any more; their rows stay."""
        for birth in self._births:
            if birth.number not in alive:
                birth.genome = None
        rows.change(
            "UPDATE evolution_individual SET genome = NULL WHERE id = %s",
            [(stored,) for number, stored in self._stored.items() if number not in alive],
        )


def prunes(preset: Preset) -> bool:
    """Whether genomes of this preset are too large to keep once they hold no cell."""
    return isinstance(preset.encoding, DirectSettings) and preset.encoding.image_size > LARGEST_KEPT
