"""Slices of real runs against the real LeNet."""

from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from evolution.models import Elite, Individual, Prediction, Run
from evolution.services import evolving, runs
from evolution.services.evolving import Budget, Continuation
from evolution.services.runs import Order

pytestmark = pytest.mark.django_db(transaction=True)
Status = Run.Status


def start(preset: str = "mnist-cppn-paper", generations: int = 6, **fields: Any) -> Run:
    return runs.start(Order(preset, "lenet-a", seed=3, generations=generations, **fields))[0]


def evolve(
    run: Run, seconds: float = 60, from_generation: int | None = None
) -> Continuation | None:
    run.refresh_from_db()
    generation = run.generation if from_generation is None else from_generation
    following = evolving.evolve_slice(run.pk, generation, Budget(seconds))
    run.refresh_from_db()
    return following


def story(run: Run) -> list[tuple[Any, ...]]:
    """All that a run stored, but for numbers that the database gave and for clock times."""
    elites = [
        (
            e.cell,
            e.label,
            e.confidence,
            e.since_generation,
            e.until_generation,
            e.individual.position,
        )
        for e in run.elites.select_related("individual").order_by("cell", "since_generation")
    ]
    individuals = [
        (
            i.generation,
            i.position,
            bytes(i.genome or b""),
            i.parent and (i.parent.generation, i.parent.position),
            i.mate and (i.mate.generation, i.mate.position),
        )
        for i in run.individuals.select_related("parent", "mate").order_by("generation", "position")
    ]
    figures = list(
        run.statistics.order_by("generation").values_list(
            "generation", "median", "mean", "minimum", "maximum", "takeovers", "evaluations"
        )
    )
    return [*elites, *individuals, *figures]


class TestASlice:
    def test_a_run_ends_after_its_plan(self) -> None:
        run = start()
        assert evolve(run) is None
        assert run.status == Status.FINISHED
        assert (run.generation, run.last_generation, run.evaluations) == (7, 6, 1400)
        assert list(run.statistics.values_list("generation", flat=True).order_by("generation")) == [
            *range(7)
        ]

    def test_every_cell_has_one_holder_and_its_confidence_never_falls(self) -> None:
        run = start()
        evolve(run)
        assert run.elites.holders().count() == 10
        for cell in range(10):
            reigns = list(run.elites.filter(cell=cell).order_by("since_generation"))
            confidences = [reign.confidence for reign in reigns]
            assert confidences == sorted(confidences)
            ends = [reign.until_generation for reign in reigns]
            assert ends == [*(reign.since_generation for reign in reigns[1:]), None]

    def test_every_ancestor_of_a_stored_individual_is_stored(self) -> None:
        run = start(generations=20)
        evolve(run)
        born_later = run.individuals.filter(generation__gt=0)
        assert born_later.exists()
        assert not born_later.filter(parent__isnull=True).exists()
        for child in born_later.select_related("parent"):
            assert child.parent is not None
            assert child.parent.generation < child.generation
            held = child.parent.reigns.filter(since_generation__lt=child.generation)
            assert held.exists()

    def test_what_the_network_said_is_stored_with_the_takeover(self) -> None:
        run = start()
        evolve(run)
        elite = run.elites.holders().order_by("cell")[4]
        said = Prediction.objects.get(individual=elite.individual, classifier="lenet-a")
        assert dict(said.top)[4] == pytest.approx(elite.confidence)
        assert sum(confidence for _, confidence in said.top) == pytest.approx(1, abs=1e-5)

    def test_a_single_target_run_fills_its_slots_with_one_label(self) -> None:
        run = start("mnist-cppn-single", target=5)
        evolve(run)
        holders = run.elites.holders()
        assert holders.count() == 100
        assert set(holders.values_list("label", flat=True)) == {5}

    def test_a_pace_lets_one_generation_pass_and_names_the_wait(self) -> None:
        run = start(pace=0.1)
        following = evolve(run)
        assert following is not None
        assert following.generation == run.generation == 1
        assert 5 < following.delay <= 10


@pytest.mark.parametrize(
    "preset", ["mnist-cppn-published", "mnist-direct-published", "mnist-direct-single"]
)
class TestResuming:
    def test_many_slices_end_bit_identical_to_one(self, preset: str) -> None:
        whole, sliced = start(preset), start(preset)
        evolve(whole)
        while evolve(sliced, seconds=0):  # one generation a slice
            pass
        assert sliced.status == whole.status == Status.FINISHED
        assert story(sliced) == story(whole)


class TestTwoSlicesOfOneRun:
    def test_a_message_for_a_generation_that_is_past_does_nothing(self) -> None:
        run = start()
        evolve(run, seconds=0)
        before = story(run)
        assert evolve(run, from_generation=0) is None
        assert story(run) == before
        assert run.generation == 1

    def test_the_slower_of_two_writes_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        run, other = start(), start()
        evolve(other)

        def overtake(*, done: list[bool]) -> None:
            if not done:
                done.append(True)
                evolving.evolve_slice(run.pk, 0, Budget(60))

        done: list[bool] = []
        slow = Budget(60, beat=lambda: overtake(done=done))
        assert evolving.evolve_slice(run.pk, 0, slow) is None
        run.refresh_from_db()
        assert run.status == Status.FINISHED
        assert story(run) == story(other)

    def test_a_pause_within_a_slice_drops_what_was_not_committed(self) -> None:
        run, other = start(), start()
        evolve(other)
        pausing = Budget(60, beat=lambda: Run.objects.filter(pk=run.pk).update(status="paused"))
        assert evolving.evolve_slice(run.pk, 0, pausing) is None
        run.refresh_from_db()
        assert (run.status, run.generation) == (Status.PAUSED, 0)
        assert not Elite.objects.filter(run=run).exists()
        runs.resume(run.pk)
        evolve(run)
        assert story(run) == story(other)


class TestFailing:
    def test_altered_weights_fail_the_run_with_their_reason(
        self, settings: Settings, tmp_path: Path
    ) -> None:
        weights = bytearray((settings.WEIGHTS_DIR / "lenet-a.safetensors").read_bytes())
        weights[-1] ^= 0xFF
        (tmp_path / "lenet-a.safetensors").write_bytes(weights)
        settings.WEIGHTS_DIR = tmp_path
        run = start()
        assert evolve(run) is None
        assert run.status == Status.FAILED
        assert "BadWeights" in run.error
        assert "SHA-256" in run.error

    def test_a_corrupted_genome_fails_the_run_with_its_reason(self) -> None:
        run = start()
        evolve(run, seconds=0)
        elite = run.elites.holders()[0]
        genome = bytearray(elite.individual.genome or b"")
        genome[-1] ^= 0xFF
        Individual.objects.filter(pk=elite.individual_id).update(genome=bytes(genome))
        assert evolve(run) is None
        assert run.status == Status.FAILED
        assert "BadGenome" in run.error
        assert run.elites.holders().count() == 10

    def test_a_run_that_never_commits_is_given_up(self) -> None:
        run = start()
        Run.objects.filter(pk=run.pk).update(attempts=evolving.MOST_ATTEMPTS)
        assert evolve(run) is None
        assert run.status == Status.FAILED
        assert "without a word" in run.error
