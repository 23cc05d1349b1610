"""Writing beside judging changes nothing: the database holds what a plain ask and tell gives."""

import threading

import numpy as np
import pytest

from classifiers import catalogue
from classifiers.base import FloatArray, Images
from classifiers.places import HERE
from classifiers.wrapped import NetworkClassifier
from evolution.algorithms import presets, searching
from evolution.evaluation import evaluator
from evolution.genomes import codec
from evolution.models import Run
from evolution.services import evolving, ledger, runs
from evolution.services.evolving import Budget
from evolution.services.ledger import Ledger
from evolution.services.runs import Order

pytestmark = pytest.mark.django_db
GENERATIONS = 15


def start(preset: str) -> Run:
    return runs.start(Order(preset, "lenet-a", seed=8, generations=GENERATIONS))[0]


def evolve(run: Run, seconds: float = 600) -> None:
    evolving.evolve_slice(run.pk, run.generation, Budget(seconds))
    run.refresh_from_db()


@pytest.mark.parametrize(
    "preset", ["mnist-cppn-paper", "mnist-direct-published", "mnist-cppn-single"]
)
@pytest.mark.parametrize("between_commits", [0.0, 3600.0])
def test_a_stored_archive_is_that_of_a_plain_loop(
    preset: str, between_commits: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "SECONDS_BETWEEN_COMMITS", between_commits)
    run = start(preset)
    evolve(run)
    plain = presets.from_parameters(run.parameters)
    search = searching.search(plain, len(catalogue.entry("lenet-a").labels))
    judge = evaluator("lenet-a", HERE, plain)
    for generation in range(GENERATIONS + 1):
        offspring = search.ask(np.random.default_rng([8, generation]), generation)
        search.tell(offspring, judge.confidences(offspring.genomes))
    stored = run.elites.holders().select_related("individual").order_by("cell")
    assert [elite.confidence for elite in stored] == search.archive.confidences.tolist()
    for cell, elite in enumerate(stored):
        genome = bytes(elite.individual.genome or b"")
        assert genome == codec.encode(search.archive.elites[cell])


def test_a_generation_is_written_while_the_next_is_judged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each waits for the other, so that neither could come first."""
    written, judged = threading.Event(), threading.Event()
    write, judge = Ledger.write, NetworkClassifier.confidences

    def writes(self: Ledger) -> None:
        if self.generation == 1 and self._noted and not written.is_set():
            assert judged.wait(30), "nothing was judged meanwhile"
            written.set()
        write(self)

    def judges(self: NetworkClassifier, images: Images) -> FloatArray:
        if noted():
            judged.set()
            assert written.wait(30), "nothing was written meanwhile"
        return judge(self, images)

    first = threading.Event()
    note = Ledger.note

    def notes(self: Ledger, *told: object) -> None:
        note(self, *told)  # type: ignore[arg-type]
        first.set()

    noted = first.is_set
    monkeypatch.setattr(Ledger, "note", notes)
    monkeypatch.setattr(Ledger, "write", writes)
    monkeypatch.setattr(NetworkClassifier, "confidences", judges)
    run = start("mnist-cppn-paper")
    evolve(run)
    assert run.status == Run.Status.FINISHED, run.error
    assert written.is_set()


def test_numbers_of_deleted_individuals_are_not_used_again() -> None:
    """Pictures have addresses of that number, which browsers keep for a year."""
    gone = start("mnist-cppn-paper")
    evolve(gone)
    last = max(gone.individuals.values_list("pk", flat=True))
    runs.delete([gone.pk])
    run = start("mnist-cppn-paper")
    evolve(run)
    assert min(run.individuals.values_list("pk", flat=True)) > last


def test_two_runs_take_turns() -> None:
    """A slice that is over goes to the end of the queue, where the other run's slice waits."""
    first, second = start("mnist-cppn-paper"), start("mnist-direct-published")
    queue = [(first.pk, 0), (second.pk, 0)]
    worked: list[int] = []
    while queue:
        run_id, generation = queue.pop(0)
        worked.append(run_id)
        if following := evolving.evolve_slice(run_id, generation, Budget(0)):
            queue.append((run_id, following.generation))
    assert worked == [first.pk, second.pk] * (GENERATIONS + 1)
