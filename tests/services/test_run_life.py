from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from evolution.errors import ForbiddenTransition
from evolution.models import Elite, Individual, Prediction, Run, RunStatistics
from evolution.services import runs
from tests.factories import make_archive, make_prediction, make_run

pytestmark = pytest.mark.django_db
Status = Run.Status
LONG_AGO = timezone.now() - timedelta(hours=1)


class TestMovingARun:
    def test_it_pauses_and_goes_on(self) -> None:
        run = make_run(status=Status.RUNNING)
        assert runs.pause(run.pk).status == Status.PAUSED
        assert runs.resume(run.pk).status == Status.RUNNING

    def test_asking_twice_does_no_harm(self) -> None:
        run = make_run(status=Status.RUNNING)
        runs.pause(run.pk)
        assert runs.pause(run.pk).status == Status.PAUSED

    def test_cancelling_ends_it(self) -> None:
        run = runs.cancel(make_run(status=Status.PAUSED).pk)
        assert run.status == Status.CANCELLED
        assert run.finished_at is not None

    @pytest.mark.parametrize("status", [Status.FINISHED, Status.CANCELLED, Status.FAILED])
    def test_an_ended_run_stays_as_it_is(self, status: str) -> None:
        run = make_run(status=status)
        for move in (runs.pause, runs.resume):
            with pytest.raises(ForbiddenTransition, match=status):
                move(run.pk)
        runs.fail(run.pk, "too late")
        run.refresh_from_db()
        assert (run.status, run.error) == (status, "")

    def test_a_failure_keeps_its_reason(self) -> None:
        run = make_run(status=Status.RUNNING)
        runs.fail(run.pk, "BadWeights: expected another checksum")
        run.refresh_from_db()
        assert (run.status, run.error) == (Status.FAILED, "BadWeights: expected another checksum")


class TestReviving:
    def test_a_silent_run_is_named_once_a_stall(self) -> None:
        run = make_run(status=Status.RUNNING, heartbeat=LONG_AGO, generation=5)
        assert runs.revive_stalled() == [(run.pk, 5)]
        assert runs.revive_stalled() == []

    def test_a_run_whose_first_message_was_lost_is_named(self) -> None:
        run = make_run()
        Run.objects.update(created_at=LONG_AGO)
        assert runs.revive_stalled() == [(run.pk, 0)]

    def test_living_paused_and_ended_runs_are_left_alone(self) -> None:
        make_run(status=Status.RUNNING, heartbeat=timezone.now())
        make_run(status=Status.PAUSED, heartbeat=LONG_AGO)
        make_run(status=Status.FINISHED, heartbeat=LONG_AGO)
        assert runs.revive_stalled() == []

    def test_a_slow_pace_is_no_stall(self) -> None:
        half_a_minute_ago = timezone.now() - timedelta(seconds=18)
        make_run(status=Status.RUNNING, heartbeat=half_a_minute_ago, pace=0.1)
        assert runs.revive_stalled() == []


class TestDeleting:
    def test_everything_of_the_run_goes_and_nothing_else(self) -> None:
        gone, kept = make_run(status=Status.FINISHED), make_run(status=Status.FINISHED)
        for run in (gone, kept):
            make_prediction(make_archive(run)[0].individual)
            RunStatistics.objects.create(
                run=run, generation=0, median=0, mean=0, minimum=0, maximum=0, takeovers=10,
                evaluations=200, elapsed=1,
            )  # fmt: skip
        runs.delete([gone.pk])
        assert list(Run.objects.all()) == [kept]
        assert Individual.objects.count() == Elite.objects.count() == 10
        assert Prediction.objects.count() == RunStatistics.objects.count() == 1

    def test_an_active_run_is_not_deleted(self) -> None:
        run = make_run(status=Status.RUNNING)
        with pytest.raises(ForbiddenTransition, match="cancel it first"):
            runs.delete([run.pk])


class TestInvariants:
    @pytest.mark.parametrize(
        "broken",
        [
            {"generation": 202, "planned": 200},
            {"planned": 0},
            {"seed": -1},
            {"status": "finished", "finished_at": None},
        ],
    )
    def test_the_database_refuses_an_impossible_run(self, broken: dict[str, Any]) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            make_run(**broken)

    def test_a_cell_has_one_holder(self) -> None:
        run = make_run()
        (elite, *_) = make_archive(run)
        elite.pk = None
        elite.since_generation = 3
        with pytest.raises(IntegrityError), transaction.atomic():
            elite.save(force_insert=True)

    @pytest.mark.parametrize(
        "broken", [{"confidence": 1.1}, {"confidence": -0.1}, {"until_generation": 0}]
    )
    def test_the_database_refuses_an_impossible_reign(self, broken: dict[str, Any]) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            make_archive(make_run(), 1, **broken)

    def test_the_same_child_is_stored_once(self) -> None:
        run = make_run()
        individual = make_archive(run)[0].individual
        individual.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            individual.save(force_insert=True)

    def test_a_mate_needs_a_parent(self) -> None:
        run = make_run()
        other = make_archive(run)[0].individual
        with pytest.raises(IntegrityError), transaction.atomic():
            Individual.objects.create(
                run=run,
                generation=1,
                position=0,
                mate=other,
                encoding="cppn",
                selected_by="network",
            )
