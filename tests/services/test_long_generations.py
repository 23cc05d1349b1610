"""A generation may take minutes: nobody waits for its end."""

import time

import pytest

from classifiers import catalogue
from classifiers.base import FloatArray, Images
from classifiers.wrapped import NetworkClassifier
from evolution.models import Run
from evolution.services import evolving, runs
from evolution.services.evolving import Budget
from evolution.services.runs import Order

pytestmark = pytest.mark.django_db
Status = Run.Status
CHUNK = 10  # of 200 pictures: twenty looks in a generation
LOOKS = 20  # in a generation; a few more begin before the loop has heard of the last one


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many pictures were judged at each look, in small chunks."""
    looks: list[int] = []
    judge = NetworkClassifier.confidences

    def confidences(self: NetworkClassifier, images: Images) -> FloatArray:
        looks.append(len(images))
        time.sleep(0.03)
        return judge(self, images)

    monkeypatch.setattr(NetworkClassifier, "confidences", confidences)
    monkeypatch.setattr(catalogue, "default_chunk", lambda *_: CHUNK)
    monkeypatch.setattr(evolving, "SECONDS_BETWEEN_HEARTBEATS", 0.0)
    monkeypatch.setattr("evolution.evaluation.hands_on", lambda _: 1)
    return looks


def start() -> Run:
    return runs.start(Order("mnist-cppn-paper", "lenet-a", seed=4, generations=2))[0]


def evolve(run: Run, budget: Budget | None = None) -> evolving.Continuation | None:
    following = evolving.evolve_slice(run.pk, run.generation, budget or Budget(600))
    run.refresh_from_db()
    return following


@pytest.mark.parametrize(("act", "status"), [(runs.pause, "paused"), (runs.cancel, "cancelled")])
def test_a_run_that_was_stopped_is_left_at_once(
    act: object, status: str, judged: list[int]
) -> None:
    run = start()

    def beat() -> None:
        if len(judged) >= 3:
            act(run.pk)  # type: ignore[operator]

    assert evolve(run, Budget(600, beat=beat)) is None
    assert (run.status, run.generation) == (status, 0)
    assert 3 <= len(judged) < LOOKS // 2


def test_a_worker_that_shall_end_does(judged: list[int]) -> None:
    run = start()
    following = evolve(run, Budget(600, stop_asked=lambda: len(judged) >= 3))
    assert following == evolving.Continuation(0, 0.0)
    assert (run.status, run.generation, run.attempts) == (Status.RUNNING, 0, 0)
    assert 3 <= len(judged) < LOOKS // 2


def test_finished_generations_are_kept_by_a_worker_that_ends(judged: list[int]) -> None:
    run = start()
    following = evolve(run, Budget(600, stop_asked=lambda: len(judged) >= 25))
    assert following is not None
    assert run.generation == following.generation == 1


def test_the_run_ends_as_if_nothing_had_happened(judged: list[int]) -> None:
    whole, interrupted = start(), start()
    evolve(whole)
    stops = iter([3, 28, 47])
    while interrupted.is_active:
        judged.clear()
        limit = next(stops, 10_000)
        evolve(interrupted, Budget(600, stop_asked=lambda limit=limit: len(judged) >= limit))  # type: ignore[misc]
    assert interrupted.status == whole.status == Status.FINISHED
    confidences = [
        list(run.elites.order_by("since_generation", "cell").values_list("cell", "confidence"))
        for run in (whole, interrupted)
    ]
    assert confidences[0] == confidences[1]
