"""Workers die by SIGKILL in the midst of a study; nothing is lost, and nothing is done twice."""

from pathlib import Path

import pytest

from evolution.models import Run, Study, StudyPart
from evolution.services import evolving, runs
from evolution.services.evolving import Budget
from evolution.services.runs import Order
from evolution.studying import planning
from tests.processes import OwnBroker, Processes, wait_for
from tests.services.test_evolving import story

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
GENERATIONS = 250


def undisturbed(seed: int) -> Run:
    (run,) = runs.start(Order("mnist-cppn-paper", "lenet-a", seed, GENERATIONS))
    assert evolving.evolve_slice(run.pk, 0, Budget(300)) is None
    return Run.objects.get(pk=run.pk)


def generations() -> int:
    return sum(Run.objects.values_list("generation", flat=True))


def test_a_study_whose_worker_is_killed_ends_as_if_nothing_had_happened(
    processes: Processes, tmp_path: Path
) -> None:
    broker = OwnBroker(tmp_path)
    processes.environment["REDIS_URL"] = broker.url
    given = {"runs": 3, "generations": GENERATIONS}
    study = planning.start(planning.plan("mnist-cppn", given=given))  # never enqueued by us
    processes.start_scheduler()
    for death in (1, 2):
        aim = generations() + 50
        processes.start_worker()
        wait_for(lambda: generations() > aim, 120, "progress")  # noqa: B023
        processes.kill("worker")
        study.refresh_from_db()
        assert study.status == Study.Status.RUNNING, f"the study was over before death {death}"
    processes.start_worker()
    wait_for(
        lambda: Study.objects.filter(pk=study.pk, status=Study.Status.FINISHED).exists(),
        240,
        "the end of the study",
    )
    assert Run.objects.count() == 3
    for part in study.parts.select_related("run"):
        assert (part.status, part.reused) == (StudyPart.Status.DONE, False)
        assert part.run is not None
        assert story(part.run) == story(undisturbed(part.run.seed))
    broker.kill()
