"""Pictures of gradient ascent in the gallery: a run for each seed, a cell for each label.

The same network, settings, seed and label are stored once, however often and wherever it is asked.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from statistics import fmean, median
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from classifiers import catalogue
from classifiers.ascent import Ascended, Ascent, Unit
from evolution import live
from evolution.algorithms.parameters import as_parameters
from evolution.errors import InvalidInput
from evolution.genomes import codec
from evolution.genomes.pixels import PixelGenome
from evolution.models import Elite, Individual, Prediction, Run, RunStatistics
from evolution.services import ascent_plans, predicting, runs
from evolution.services.portraits import SIDE, portrait

LONGEST_ENGINE = 200
_NAMESPACE = uuid.UUID("f001b4ee-de40-4000-8000-0000000a5ce7")


class AscentGallery:
    """Where the pictures of one ascent are stored; labels and seeds may be added at any time."""

    def __init__(self, ascent: Ascent) -> None:
        """Raises InvalidInput for settings or a size that cannot be stored."""
        classifier = ascent.classifier
        self._entry = catalogue.entry(classifier.name)
        try:
            self._plan = ascent_plans.plan(self._entry, ascent.size, ascent.settings)
        except ValueError as error:
            raise InvalidInput("store", str(error)) from None
        self._parameters = as_parameters(self._plan)
        self._version = classifier.version
        self._batch = ascent.batch
        self._engine = f"gradients by PyTorch, confidences by {classifier.engine}"[:LONGEST_ENGINE]
        told = [classifier.name, classifier.version, self._parameters]
        self._submission = uuid.uuid5(_NAMESPACE, json.dumps(told, sort_keys=True))

    def stored(self, units: Sequence[Unit]) -> Mapping[Unit, int]:
        """The individuals of those that are there."""
        rows = Elite.objects.filter(
            run__submission=self._submission,
            run__seed__in={unit.seed for unit in units},
            label__in={unit.label for unit in units},
        ).values_list("label", "run__seed", "individual")
        found = {Unit(label, seed): individual for label, seed, individual in rows}
        return {unit: found[unit] for unit in units if unit in found}

    def missing(self, units: Sequence[Unit]) -> list[Unit]:
        found = self.stored(units)
        return [unit for unit in units if unit not in found]

    def found(self, unit: Unit) -> dict[str, Any] | None:
        """What is stored of a picture; None if it is not there."""
        stored = self.stored([unit])
        if unit not in stored:
            return None
        elite = Elite.objects.select_related("run").get(
            individual=stored[unit], run__submission=self._submission, label=unit.label
        )
        return {
            "classifier": elite.run.classifier,
            "settings": elite.run.parameters["algorithm"],
            "label": unit.label,
            "name": self._entry.labels[unit.label],
            "seed": unit.seed,
            "iterations": elite.since_generation + 1,
            "confidence": elite.confidence,
            "individual": elite.individual_id,
            "run": elite.run_id,
        }

    def keep(self, found: Ascended, seconds: float) -> int:
        """Store a picture unless it is there, and return its individual. seconds: it took."""
        if found.unit.seed > runs.MOST_SEED:
            raise InvalidInput("seed", f"expected 0 to {runs.MOST_SEED:,}, got {found.unit.seed}")
        run = self._run(found.unit.seed)
        try:
            with transaction.atomic():
                Run.objects.select_for_update().get(pk=run.pk)
                self._add(run, found, seconds)
        except IntegrityError:
            pass  # somebody else stored it meanwhile
        live.announce(run.pk)
        return self.stored([found.unit])[found.unit]

    def _run(self, seed: int) -> Run:
        now = timezone.now()
        plan, settings = self._plan, self._plan.algorithm
        run, _ = Run.objects.get_or_create(
            submission=self._submission,
            seed=seed,
            defaults={
                "preset": plan.name,
                "parameters": self._parameters,
                "encoding": plan.encoding.name,
                "algorithm": settings.name,
                "classifier": self._entry.name,
                "classifier_version": self._version,
                "status": Run.Status.FINISHED,
                "generation": settings.iterations,
                "planned": plan.planned,
                "engine": self._engine,
                "chunk": self._batch,
                "started_at": now,
                "finished_at": now,
            },
        )
        return run

    def _add(self, run: Run, found: Ascended, seconds: float) -> None:
        label, last = found.unit.label, len(found.curve) - 1
        individual = Individual.objects.create(
            run=run,
            generation=last,
            position=label,
            encoding=self._plan.encoding.name,
            genome=codec.encode(PixelGenome(found.picture)),
            thumbnail=portrait(found.picture) if len(found.picture) > SIDE else None,
            selected_by=Individual.Selector.NETWORK,
        )
        Elite.objects.create(
            run=run,
            cell=label,
            label=label,
            individual=individual,
            confidence=found.confidence,
            since_generation=last,
            taken_at=timezone.now(),
        )
        Prediction.objects.create(
            individual=individual,
            classifier=run.classifier,
            version=run.classifier_version,
            top=predicting.top(found.answer),
        )
        Run.objects.filter(pk=run.pk).update(
            evaluations=F("evaluations") + len(found.curve),
            elapsed=F("elapsed") + seconds,
            finished_at=timezone.now(),
            notice=self._notice(run),
        )
        self._sum_up(run)

    def _notice(self, run: Run) -> str:
        """Another engine or batch size may bring other last digits: the page says so."""
        now = f"{self._engine}, {self._batch} pictures at once"
        if (run.engine, run.chunk) == (self._engine, self._batch) or now in run.notice:
            return run.notice
        return f"{run.notice} Some pictures were computed by {now}.".strip()[-runs.MOST_WORDS :]

    def _sum_up(self, run: Run) -> None:
        """One row: how sure the network is of the pictures at the end of their ascents."""
        run.refresh_from_db(fields=["evaluations", "elapsed"])
        confidences = list(run.elites.holders().values_list("confidence", flat=True))
        figures: dict[str, Any] = {
            "median": median(confidences),
            "mean": min(fmean(confidences), 1.0),
            "minimum": min(confidences),
            "maximum": max(confidences),
            "takeovers": len(confidences),
            "evaluations": run.evaluations,
            "elapsed": run.elapsed,
        }
        RunStatistics.objects.update_or_create(
            run=run, generation=run.generation - 1, defaults=figures
        )
