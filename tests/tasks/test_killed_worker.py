"""Workers die by SIGKILL, brokers too; a run ends as if nothing had happened."""

from functools import partial
from pathlib import Path

import pytest

from evolution.models import Run
from evolution.services import evolving, runs
from evolution.services.evolving import Budget
from evolution.services.runs import Order
from tests.processes import OwnBroker, Processes, wait_for
from tests.services.test_evolving import story

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ORDER = Order("mnist-cppn-published", "lenet-a", seed=11, generations=400)


def undisturbed() -> Run:
    (run,) = runs.start(ORDER)
    assert evolving.evolve_slice(run.pk, 0, Budget(300)) is None
    run.refresh_from_db()
    return run


def generation_of(run: Run) -> int:
    return Run.objects.values_list("generation", flat=True).get(pk=run.pk)


def has_passed(run: Run, generation: int) -> bool:
    return generation_of(run) > generation


def is_finished(run: Run) -> bool:
    return Run.objects.filter(pk=run.pk, status=Run.Status.FINISHED).exists()


class TestKillingTheWorker:
    def test_a_run_whose_worker_is_killed_twice_ends_bit_identical(
        self, processes: Processes, tmp_path: Path
    ) -> None:
        broker = OwnBroker(tmp_path)
        processes.environment["REDIS_URL"] = broker.url
        expected = undisturbed()
        (run,) = runs.start(ORDER)  # never enqueued by us: the watchdog finds it
        processes.start_scheduler()
        for death in (1, 2):
            aim = generation_of(run) + 10
            processes.start_worker()
            wait_for(partial(has_passed, run, aim), 60, "progress")
            processes.kill("worker")
            assert not is_finished(run), f"the run was over before death {death}"
        processes.start_worker()
        wait_for(lambda: is_finished(run), 120, "the end of the run")
        assert story(run) == story(expected)
        broker.kill()

    def test_a_run_whose_broker_is_restarted_ends_bit_identical(
        self, processes: Processes, tmp_path: Path
    ) -> None:
        broker = OwnBroker(tmp_path)
        processes.environment["REDIS_URL"] = broker.url
        expected = undisturbed()
        (run,) = runs.start(ORDER)
        processes.start_scheduler()
        processes.start_worker()
        wait_for(partial(has_passed, run, 10), 60, "progress")
        broker.kill()
        broker.start()
        wait_for(lambda: is_finished(run), 120, "the end of the run")
        assert story(run) == story(expected)
        broker.kill()
