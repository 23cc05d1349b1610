"""However many pictures wait to be asked about, a run whose worker died is found."""

import pytest

from evolution import tasks
from evolution.models import Run
from evolution.services import runs
from evolution.services.runs import Order
from fooling_site import broker
from tests.processes import Processes, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
QUESTIONS = 4000


def waiting_questions() -> int:
    with broker.client() as connection:
        return int(connection.llen("foolbreeder-quick"))


def test_a_full_queue_does_not_hide_a_stalled_run(processes: Processes) -> None:
    (run,) = runs.start(Order("mnist-cppn-paper", "lenet-a"))  # as if its message had been lost
    for _ in range(QUESTIONS):
        tasks.predict.delay(999_999_999, "lenet-a")
    assert waiting_questions() == QUESTIONS
    processes.start_worker("quick", "quick,watch")
    processes.start_scheduler()
    wait_for(lambda: waiting_questions() < QUESTIONS, 30, "the worker to begin")
    wait_for(
        lambda: Run.objects.filter(pk=run.pk, heartbeat__isnull=False).exists(), 60, "a revival"
    )
    assert waiting_questions() > 0
