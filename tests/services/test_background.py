"""A background run works only while no other run is active."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from evolution.models import Run
from evolution.services import evolving, runs
from evolution.services.evolving import Budget
from evolution.services.runs import Order

pytestmark = pytest.mark.django_db
ORDER = Order("mnist-cppn-paper", "lenet-a", seed=1, generations=3)


def background() -> Run:
    return runs.start(replace(ORDER, background=True))[0]


def evolve(run: Run, budget: Budget | None = None) -> evolving.Continuation | None:
    following = evolving.evolve_slice(run.pk, run.generation, budget or Budget(600))
    run.refresh_from_db()
    return following


def test_works_when_it_is_alone() -> None:
    run = background()
    evolve(run)
    assert run.status == Run.Status.FINISHED


@pytest.mark.parametrize("status", [Run.Status.QUEUED, Run.Status.RUNNING])
def test_waits_while_another_is_active(status: Run.Status) -> None:
    runs.start(ORDER)
    Run.objects.update(status=status)
    run = background()
    assert evolve(run) is None
    assert (run.status, run.generation, run.attempts) == (Run.Status.QUEUED, 0, 0)


@pytest.mark.parametrize("end", [runs.pause, runs.cancel])
def test_goes_on_when_the_other_has_stopped(end: object) -> None:
    (other,) = runs.start(ORDER)
    run = background()
    assert evolve(run) is None
    end(other.pk)  # type: ignore[operator]
    evolve(run)
    assert run.status == Run.Status.FINISHED


def test_two_in_the_background_do_not_wait_for_each_other() -> None:
    first, second = background(), background()
    evolve(first)
    evolve(second)
    assert first.status == second.status == Run.Status.FINISHED


def test_makes_room_after_its_generation() -> None:
    run = background()

    def another(_run: Run, generation: int) -> None:
        if generation == 1:
            runs.start(ORDER)

    following = evolve(run, Budget(600, note=another))
    assert following is not None
    assert (run.status, run.generation) == (Run.Status.RUNNING, 2)
    assert evolve(run) is None
    assert run.generation == 2


def test_the_watchdog_offers_it_again() -> None:
    (other,) = runs.start(ORDER)
    run = background()
    assert evolve(run) is None
    evolve(other)
    later = timezone.now() + timedelta(minutes=1)
    assert (run.pk, 0) in runs.revive_stalled(later)
    evolve(run)
    assert run.status == Run.Status.FINISHED
