"""The facts of an exported run, checked: what `run.json` says of it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from classifiers import catalogue
from classifiers.base import ClassifierError
from evolution.algorithms import presets
from evolution.algorithms.settings import Preset, SingleTargetSettings
from evolution.errors import InvalidInput
from evolution.models import Run
from evolution.services import ascent_plans, run_folders, runs
from evolution.services.ascent_plans import AscentPlan
from evolution.services.import_values import MOST_LARGE, Values, document
from evolution.services.run_folders import Folder

Status = Run.Status
MOST_LABELS = 100_000
UNFINISHED = (Status.QUEUED, Status.RUNNING, Status.PAUSED)


@dataclass(frozen=True)
class Facts:
    """run: not stored yet. n_labels: that it aims at; None where the classifier's are not known."""

    run: Run
    created_at: datetime
    preset: Preset | AscentPlan
    n_labels: int | None
    counts: dict[str, int]

    @property
    def n_cells(self) -> int | None:
        if isinstance(self.preset.algorithm, SingleTargetSettings):
            return self.preset.algorithm.size
        return self.n_labels


def read(folder: Folder) -> Facts:
    """Raises InvalidInput."""
    told = document(run_folders.FACTS, folder.whole(run_folders.FACTS))
    if told["format"] != run_folders.FORMAT:
        raise told.refused("format", repr(run_folders.FORMAT))
    if told["version"] != run_folders.VERSION:
        raise told.refused("version", f"{run_folders.VERSION}, which this program reads")
    facts = told.objects("run")
    preset = _preset(facts)
    labels = _labels(told)
    name = facts.text("classifier", 200)
    return Facts(
        run=_run(facts, preset),
        created_at=facts.moment("created_at"),
        preset=preset,
        n_labels=_n_labels(told, name, labels),
        counts=_counts(told.objects("counts")),
    )


def _preset(facts: Values) -> Preset | AscentPlan:
    told = facts.objects("parameters").values
    preset: Preset | AscentPlan
    try:
        if ascent_plans.is_ascent(told):
            preset = ascent_plans.from_parameters(told)
        else:
            preset = presets.from_parameters(told)
    except (presets.BadParameters, ValueError, OverflowError) as error:
        raise InvalidInput(f"{facts.place}, parameters", f"expected a preset: {error}") from None
    for name, expected in (
        ("preset", preset.name),
        ("encoding", preset.encoding.name),
        ("algorithm", preset.algorithm.name),
    ):
        if facts[name] != expected:
            raise facts.refused(name, f"{expected!r}, as the parameters have it")
    return preset


def _run(facts: Values, preset: Preset | AscentPlan) -> Run:
    planned = facts.whole("planned", 1, runs.MOST_GENERATIONS)
    status = _status(facts, planned)
    if isinstance(preset, AscentPlan):
        _check_ascent(facts, preset)
    finished_at = facts.moment_or_none("finished_at")
    if status in Run.ENDED and finished_at is None:
        raise facts.refused("finished_at", f"the time when the run was {status}")
    return Run(
        preset=facts.text("preset", 64),
        parameters=facts["parameters"],
        encoding=preset.encoding.name,
        algorithm=preset.algorithm.name,
        classifier=facts.text("classifier", 200),
        classifier_version=facts.text("classifier_version", 64),
        seed=facts.whole("seed", 0, runs.MOST_SEED),
        status=status,
        generation=facts.whole("generation", 0, planned + 1),
        planned=planned,
        pace=None if facts.is_empty("pace") else facts.real("pace", *runs.PACES),
        is_background=facts.flag("is_background"),
        evaluations=facts.whole("evaluations", 0, MOST_LARGE),
        elapsed=facts.real("elapsed"),
        stages=_stages(facts.objects("stages")),
        screening=facts.word("screening", ["", *Run.Screening.values]),
        rescored=facts.whole("rescored", 0, MOST_LARGE),
        engine=facts.text("engine", 200),
        chunk=None if facts.is_empty("chunk") else facts.whole("chunk", 1),
        error=facts.text("error", runs.MOST_WORDS),
        notice=facts.text("notice", runs.MOST_WORDS),
        submission=_submission(facts),
        started_at=facts.moment_or_none("started_at"),
        finished_at=finished_at,
    )


def _status(facts: Values, planned: int) -> str:
    """An unfinished run comes paused: a person decides whether it goes on, and on which machine.

    Going on elsewhere gives other last digits than where it began, so no worker takes it up unasked.
    """
    status = facts.word("status", list(Status.values))
    has_done_all = facts.whole("generation", 0, planned + 1) > planned
    if has_done_all != (status == Status.FINISHED):
        raise facts.refused(
            "status", f"it to fit a run with {facts['generation']} generations done"
        )
    return Status.PAUSED if status in UNFINISHED else status


def _check_ascent(facts: Values, plan: AscentPlan) -> None:
    """It does not go on: what is stored of it is its end."""
    if facts["status"] != Status.FINISHED:
        raise facts.refused("status", f"{Status.FINISHED.value!r}, as of every gradient ascent")
    if facts["planned"] != plan.planned:
        raise facts.refused("planned", f"{plan.planned}, one less than its iterations")


def _stages(told: Values) -> dict[str, float]:
    if len(told.values) > 100 or any(len(name) > 100 for name in told.values):
        raise InvalidInput(told.place, "expected a few stages and their seconds, got more")
    return {name: told.real(name) for name in told.values}


def _submission(facts: Values) -> uuid.UUID:
    try:
        return uuid.UUID(facts.text("submission", 40))
    except ValueError:
        raise facts.refused("submission", "a UUID") from None


def _labels(told: Values) -> Sequence[str]:
    labels: Any = told["labels"]
    if not isinstance(labels, list) or len(labels) > MOST_LABELS:
        raise InvalidInput(
            f"{told.place}, labels", f"expected a list of up to {MOST_LABELS:,} texts"
        )
    if not all(isinstance(label, str) for label in labels):
        raise InvalidInput(f"{told.place}, labels", "expected texts")
    return labels


def _n_labels(told: Values, classifier: str, labels: Sequence[str]) -> int | None:
    """A classifier that is gone, or was never here, is no hindrance: its run is shown without it."""
    try:
        entry = catalogue.entry(classifier)
    except ClassifierError:
        return _n_targets(told, len(labels)) or None
    installed = entry.labels
    if labels and list(installed) != list(labels):
        raise InvalidInput(
            f"{told.place}, labels",
            f"expected those of {classifier} as it is installed here ({len(installed):,}), got others "
            f"({len(labels):,})",
        )
    return len(entry.targets)


def _n_targets(told: Values, n_labels: int) -> int:
    """Folders that were written before labels could be left alone do not tell: all are aimed at."""
    return told.whole("targets", 0, n_labels) if "targets" in told.values else n_labels


def _counts(told: Values) -> dict[str, int]:
    return {
        table.file: told.whole(
            table.file,
            0,
            run_folders.MOST_INDIVIDUALS
            if table is run_folders.INDIVIDUALS
            else run_folders.MOST_ROWS,
        )
        for table in run_folders.TABLES
    }
