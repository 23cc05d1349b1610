"""The life of a run, from the order to the end. Every change is a compare-and-set on its status."""

import logging
import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from classifiers import catalogue
from classifiers.base import ClassifierError
from classifiers.entries import AnyEntry
from evolution import live
from evolution.algorithms import presets
from evolution.algorithms.settings import SingleTargetSettings
from evolution.errors import ForbiddenTransition, InvalidInput
from evolution.models import (
    Agreement,
    BreedingSession,
    Challenge,
    Conquest,
    Elite,
    Exposure,
    Individual,
    Prediction,
    Run,
    RunStatistics,
    Stimulus,
    StudyPart,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

Status = Run.Status
log = logging.getLogger(__name__)
MOST_GENERATIONS = 1_000_000
MOST_RUNS = 100
MOST_SEED = 2**53 - 1  # exact in JSON and in a browser's number field
MOST_WORDS = 2000  # characters of an error or a notice
PACES = (0.05, 100.0)  # generations a second
USUAL_CLASSIFIERS = {"mnist": "lenet-a", "imagenet": "squeezenet"}  # by a preset's data set
DEMONSTRATION = uuid.UUID("f001b4ee-de40-4000-8000-000000000001")
IN_COLOUR = uuid.UUID("f001b4ee-de40-4000-8000-000000000002")


@dataclass(frozen=True)
class Order:
    """What to run. Independent runs take the seeds seed, seed + 1, ..."""

    preset: str
    classifier: str
    seed: int = 0
    generations: int | None = None  # None: as many as the preset plans
    runs: int = 1
    pace: float | None = None
    target: int | None = None  # the label that a single-target preset aims at
    background: bool = False  # work only while no other run is active
    screening: str = ""  # or a precision in which all children are judged first


def start(
    order: Order, owner: "AbstractBaseUser | None" = None, submission: uuid.UUID | None = None
) -> list[Run]:
    """Store the runs of an order as queued, once per submission; the caller enqueues them."""
    preset, entry = _checked(order)
    submission = submission or uuid.uuid4()
    with transaction.atomic():
        Run.objects.bulk_create(
            [
                Run(
                    preset=preset.name,
                    parameters=presets.as_parameters(preset),
                    encoding=preset.encoding.name,
                    algorithm=preset.algorithm.name,
                    classifier=entry.name,
                    classifier_version=entry.version,
                    seed=seed,
                    planned=order.generations or preset.generations,
                    pace=order.pace,
                    is_background=order.background,
                    screening=order.screening,
                    owner_id=owner.pk if owner else None,
                    submission=submission,
                )
                for seed in range(order.seed, order.seed + order.runs)
            ],
            ignore_conflicts=True,
        )
    return list(Run.objects.filter(submission=submission).order_by("seed"))


def usual_classifier(preset_name: str) -> str:
    """The classifier that a preset is bred against where none is named."""
    try:
        return USUAL_CLASSIFIERS[presets.get(preset_name).classifier]
    except presets.UnknownPreset as error:
        raise InvalidInput("preset", str(error)) from None


def start_demonstration() -> list[Run]:
    """The runs that a new site begins with; none when there are runs.

    Digits first, slow enough to be watched; then colour, as long as nobody wants the worker.
    """
    if Run.objects.exists():
        return []
    digits = Order("mnist-cppn-published", "lenet-a", seed=1, generations=150, pace=1.0)
    colour = Order("imagenet-cppn-fast", "squeezenet", seed=1, generations=150, background=True)
    return start(digits, submission=DEMONSTRATION) + start(colour, submission=IN_COLOUR)


def pause(run_id: int) -> Run:
    return _move(run_id, (Status.QUEUED, Status.RUNNING), Status.PAUSED)


def resume(run_id: int) -> Run:
    return _move(run_id, (Status.PAUSED,), Status.RUNNING, heartbeat=timezone.now(), attempts=0)


def cancel(run_id: int) -> Run:
    before = (Status.QUEUED, Status.RUNNING, Status.PAUSED)
    return _move(run_id, before, Status.CANCELLED, finished_at=timezone.now())


def note(run_id: int, words: str) -> None:
    """Add a sentence to what a run's page says of how it went."""
    run = Run.objects.get(pk=run_id)
    if words in run.notice:
        return  # every slice finds it anew
    log.warning("run %s: %s", run_id, words)
    said = f"{run.notice} In generation {run.generation}: {words}".strip()
    Run.objects.filter(pk=run_id).update(notice=said[-MOST_WORDS:])


def fail(run_id: int, reason: str) -> None:
    """End an active run and keep the reason; a run that ended meanwhile stays as it is."""
    Run.objects.active().filter(pk=run_id).update(
        status=Status.FAILED, error=reason[:MOST_WORDS], finished_at=timezone.now()
    )
    live.announce(run_id)


def delete(run_ids: list[int]) -> None:
    """Remove runs with all that they hold, table by table: no row is loaded."""
    with transaction.atomic():
        if Run.objects.active().filter(pk__in=run_ids).exists():
            raise ForbiddenTransition("A run that is going on cannot be deleted: cancel it first.")
        kin = Q(parent__run__in=run_ids) | Q(mate__run__in=run_ids)
        if Individual.objects.filter(kin, brood__isnull=False).exists():
            raise ForbiddenTransition("People published what they bred from its pictures.")
        BreedingSession.objects.filter(branched_from__run__in=run_ids).update(branched_from=None)
        # What people answered stays: a study has its pictures itself.
        Stimulus.objects.filter(individual__run__in=run_ids).update(individual=None)
        StudyPart.objects.filter(run__in=run_ids).update(run=None)  # and what a study kept of it
        for of_pictures in (Prediction, Agreement, Exposure):
            of_pictures.objects.filter(individual__run__in=run_ids)._raw_delete("default")
        Exposure.objects.filter(run__in=run_ids)._raw_delete("default")
        for model in (Conquest, Challenge, Elite, RunStatistics, Individual):
            model.objects.filter(run__in=run_ids)._raw_delete("default")
        Run.objects.filter(pk__in=run_ids)._raw_delete("default")


def must_wait(run_id: int) -> bool:
    """Whether a run works in the background and another one wants the worker."""
    background = Run.objects.filter(pk=run_id, is_background=True)
    return background.exists() and Run.objects.active().filter(is_background=False).exists()


def revive_stalled(now: datetime | None = None) -> list[tuple[int, int]]:
    """Runs to enqueue again because their worker died or a message was lost: (run, generation).

    The heartbeat is renewed here, so that a run that waits in a long queue is not enqueued at every
    look; a message too many finds the run moved and does nothing.
    """
    now = now or timezone.now()
    patience = timedelta(seconds=settings.STALL_SECONDS)
    revived = []
    for run in Run.objects.stalled(now - patience):
        if run.pace and run.heartbeat and run.heartbeat > now - patience - _rest(run.pace):
            continue  # it is waiting on purpose
        seen = Run.objects.active().filter(
            pk=run.pk, heartbeat=run.heartbeat, generation=run.generation
        )
        if seen.update(heartbeat=now):
            revived.append((run.pk, run.generation))
    return revived


def _move(run_id: int, before: tuple[str, ...], after: str, **changes: object) -> Run:
    moved = Run.objects.filter(pk=run_id, status__in=before).update(status=after, **changes)
    run = Run.objects.get(pk=run_id)
    if not moved and run.status != after:
        raise ForbiddenTransition(
            f"Run {run_id} is {run.status}: it cannot become {after}, only "
            f"{' or '.join(before)} runs can."
        )
    live.announce(run_id)
    return run


def _aimed(preset: presets.Preset, target: int) -> presets.Preset:
    if not isinstance(preset.algorithm, SingleTargetSettings):
        raise InvalidInput("target", f"expected none: {preset.name} aims at every label")
    return replace(preset, algorithm=replace(preset.algorithm, target=target))


def _checked(order: Order) -> tuple[presets.Preset, AnyEntry]:
    try:
        preset = presets.get(order.preset)
    except presets.UnknownPreset as error:
        raise InvalidInput("preset", str(error)) from None
    try:
        entry = catalogue.entry(order.classifier)
    except ClassifierError as error:
        raise InvalidInput("classifier", str(error)) from None
    if missing := catalogue.what_is_missing(entry, settings.WEIGHTS_DIR):
        raise InvalidInput("classifier", missing)
    if not entry.accepts(preset.image_shape):
        raise InvalidInput(
            "classifier",
            f"expected one that sees {_colours(preset.image_shape)} pictures as {preset.name} "
            f"breeds them, got {entry.name}, which sees {_colours((0, 0, entry.channels))} ones",
        )
    _within("seed", order.seed, 0, MOST_SEED)
    _within("runs", order.runs, 1, MOST_RUNS)
    if order.generations is not None:
        _within("generations", order.generations, 1, MOST_GENERATIONS)
    if order.pace is not None:
        _within("pace", order.pace, *PACES)
    if order.screening:
        _check_screening(order.screening, preset)
    if order.target is not None:
        preset = _aimed(preset, order.target)
    if preset.target is not None:
        _within("target", preset.target, 0, len(entry.targets) - 1)
    return preset, entry


def _check_screening(screening: str, preset: presets.Preset) -> None:
    if screening not in Run.Screening.values:
        names = " or ".join(Run.Screening.values)
        raise InvalidInput("screening", f"expected {names}, or none, got {screening!r}")
    if isinstance(preset.algorithm, SingleTargetSettings):
        raise InvalidInput(
            "screening",
            f"expected none: {preset.name} keeps every child, however the network judges it, so that "
            "all would be judged twice",
        )


def _rest(pace: float) -> timedelta:
    return timedelta(seconds=1 / pace)


def _within(argument: str, value: float, least: float, most: float) -> None:
    whole = isinstance(least, int)
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        raise InvalidInput(argument, f"expected a {'whole ' if whole else ''}number, got {value!r}")
    if not least <= value <= most:
        raise InvalidInput(argument, f"expected {least:,} to {most:,}, got {value:,}")


def _colours(shape: tuple[int, int, int]) -> str:
    return "grey" if shape[2] == 1 else "colour"
