"""The life of a run, from the order to the end. Every change is a compare-and-set on its status."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from classifiers import catalogue
from classifiers.base import ClassifierError
from evolution import live
from evolution.algorithms import presets
from evolution.algorithms.settings import SingleTargetSettings
from evolution.errors import ForbiddenTransition, InvalidInput
from evolution.genomes.base import channels
from evolution.models import Elite, Individual, Prediction, Run, RunStatistics

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

Status = Run.Status
MOST_GENERATIONS = 1_000_000
MOST_RUNS = 100
MOST_SEED = 2**53 - 1  # exact in JSON and in a browser's number field
PACES = (0.05, 100.0)  # generations a second
DEMONSTRATION = uuid.UUID("f001b4ee-de40-4000-8000-000000000001")


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
                    owner_id=owner.pk if owner else None,
                    submission=submission,
                )
                for seed in range(order.seed, order.seed + order.runs)
            ],
            ignore_conflicts=True,
        )
    return list(Run.objects.filter(submission=submission).order_by("seed"))


def start_demonstration() -> Run | None:
    """The run that a new site begins with: slow enough to be watched. None when runs exist."""
    if Run.objects.exists():
        return None
    order = Order("mnist-cppn-published", "lenet-a", seed=1, generations=300, pace=1.0)
    return start(order, submission=DEMONSTRATION)[0]


def pause(run_id: int) -> Run:
    return _move(run_id, (Status.QUEUED, Status.RUNNING), Status.PAUSED)


def resume(run_id: int) -> Run:
    return _move(run_id, (Status.PAUSED,), Status.RUNNING, heartbeat=timezone.now(), attempts=0)


def cancel(run_id: int) -> Run:
    before = (Status.QUEUED, Status.RUNNING, Status.PAUSED)
    return _move(run_id, before, Status.CANCELLED, finished_at=timezone.now())


def fail(run_id: int, reason: str) -> None:
    """End an active run and keep the reason; a run that ended meanwhile stays as it is."""
    Run.objects.active().filter(pk=run_id).update(
        status=Status.FAILED, error=reason[:2000], finished_at=timezone.now()
    )
    live.announce(run_id)


def delete(run_ids: list[int]) -> None:
    """Remove runs with all that they hold, table by table: no row is loaded."""
    with transaction.atomic():
        if Run.objects.active().filter(pk__in=run_ids).exists():
            raise ForbiddenTransition("A run that is going on cannot be deleted: cancel it first.")
        Prediction.objects.filter(individual__run__in=run_ids)._raw_delete("default")
        for model in (Elite, RunStatistics, Individual):
            model.objects.filter(run__in=run_ids)._raw_delete("default")
        Run.objects.filter(pk__in=run_ids)._raw_delete("default")


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


def image_shape(preset: presets.Preset) -> tuple[int, int, int]:
    """Height, width and channels of the pictures that a preset breeds."""
    size = preset.encoding.image_size
    return size, size, channels(preset.encoding.colour)


def target_of(preset: presets.Preset) -> int | None:
    """The one label that a preset aims at; None when every label is a cell of its own."""
    algorithm = preset.algorithm
    return algorithm.target if isinstance(algorithm, SingleTargetSettings) else None


def _aimed(preset: presets.Preset, target: int) -> presets.Preset:
    if not isinstance(preset.algorithm, SingleTargetSettings):
        raise InvalidInput("target", f"expected none: {preset.name} aims at every label")
    return replace(preset, algorithm=replace(preset.algorithm, target=target))


def _checked(order: Order) -> tuple[presets.Preset, catalogue.Entry]:
    try:
        preset = presets.get(order.preset)
    except presets.UnknownPreset as error:
        raise InvalidInput("preset", str(error)) from None
    try:
        entry = catalogue.entry(order.classifier)
    except ClassifierError as error:
        raise InvalidInput("classifier", str(error)) from None
    if not entry.accepts(image_shape(preset)):
        raise InvalidInput(
            "classifier",
            f"expected one that sees pictures of {_size(image_shape(preset))} as {preset.name} "
            f"breeds them, got {entry.name}, which sees {_size(entry.input_shape)}",
        )
    _within("seed", order.seed, 0, MOST_SEED)
    _within("runs", order.runs, 1, MOST_RUNS)
    if order.generations is not None:
        _within("generations", order.generations, 1, MOST_GENERATIONS)
    if order.pace is not None:
        _within("pace", order.pace, *PACES)
    if order.target is not None:
        _within("target", order.target, 0, len(entry.labels) - 1)
        preset = _aimed(preset, order.target)
    return preset, entry


def _rest(pace: float) -> timedelta:
    return timedelta(seconds=1 / pace)


def _within(argument: str, value: float, least: float, most: float) -> None:
    whole = isinstance(least, int)
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        raise InvalidInput(argument, f"expected a {'whole ' if whole else ''}number, got {value!r}")
    if not least <= value <= most:
        raise InvalidInput(argument, f"expected {least:,} to {most:,}, got {value:,}")


def _size(shape: tuple[int, int, int]) -> str:
    return " x ".join(map(str, shape))
