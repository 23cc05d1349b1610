"""Studies in a terminal: to the end, interrupted, resumed, with parts that fail."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evolution.errors import Interrupted, InvalidInput
from evolution.models import Run, Study, StudyPart, StudyPicture
from evolution.querysets import OF_CHAMPIONS
from evolution.studies.base import Beat, Part
from evolution.studying import advancing, moving, planning, telling, terminal, working
from tests.studying.sums import Sums

pytestmark = pytest.mark.django_db

Status = StudyPart.Status


def begun(**given: int) -> Study:
    return planning.start(planning.plan("sums", given=given))


def worked_through(study: Study) -> Study:
    terminal.work_through(study.pk, lambda done, words: None)
    study.refresh_from_db()
    return study


def test_a_study_is_worked_off_stage_by_stage(sums: type[Sums]) -> None:
    study = worked_through(begun(numbers=4))
    assert study.status == Study.Status.FINISHED
    assert study.finished_at is not None
    assert sums.worked == ["number 0", "number 1", "number 2", "number 3", "sum"]
    assert telling.findings(study).headline == "It is 12."
    assert StudyPicture.objects.filter(part__key="number 2").count() == 2


def test_runs_of_a_study_are_evolved_and_kept(sums: type[Sums]) -> None:
    study = worked_through(begun(numbers=1, runs=2))
    kept = study.parts.get(key="run 1")
    assert kept.run is not None
    assert (kept.run.status, kept.run.generation, kept.run.seed) == (Run.Status.FINISHED, 3, 1)
    assert kept.result is not None
    assert kept.result["labels"] == list(range(10))
    assert kept.result["median"] == kept.run.statistics.get(generation=2).median


def test_a_finished_run_with_the_same_values_is_not_evolved_again(sums: type[Sums]) -> None:
    first = worked_through(begun(numbers=1, runs=1))
    second = worked_through(begun(numbers=2, runs=1))
    assert Run.objects.count() == 1
    part = second.parts.get(key="run 0")
    assert part.reused
    assert part.run == first.parts.get(key="run 0").run


def test_a_run_that_came_with_its_champions_alone_is_evolved_again(sums: type[Sums]) -> None:
    worked_through(begun(numbers=1, runs=1))
    Run.objects.update(notice=f"Before. {OF_CHAMPIONS}")
    study = worked_through(begun(numbers=2, runs=1))
    assert Run.objects.count() == 2
    assert not study.parts.get(key="run 0").reused


def test_work_that_was_done_before_is_taken_over_with_its_pictures(sums: type[Sums]) -> None:
    worked_through(begun(numbers=2))
    sums.worked.clear()
    study = worked_through(begun(numbers=3))
    assert sums.worked == ["number 2", "sum"]  # the sum depends on another number now
    taken = study.parts.get(key="number 1")
    assert taken.reused
    assert [bytes(one.content) for one in taken.pictures.order_by("number")] == [b"a", b"b"]


def test_another_edition_of_a_study_reuses_nothing(
    sums: type[Sums], monkeypatch: pytest.MonkeyPatch
) -> None:
    worked_through(begun(numbers=1))
    monkeypatch.setattr(sums, "edition", 2)
    sums.worked.clear()
    worked_through(begun(numbers=1))
    assert sums.worked == ["number 0", "sum"]


def test_a_part_that_fails_ends_the_study_and_what_is_finished_stays(
    sums: type[Sums], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(part: Part, beat: Beat) -> None:
        if part.key == "number 1":
            raise InvalidInput("data", "expected a folder with pictures, got none")

    with monkeypatch.context() as trouble:
        trouble.setattr(sums, "before", staticmethod(fail))
        study = worked_through(begun(numbers=3))
    assert study.status == Study.Status.FAILED
    assert study.error == "number 1: data: expected a folder with pictures, got none"
    assert study.parts.get(key="number 0").status == Status.DONE
    moving.resume(study.pk)
    assert worked_through(study).status == Study.Status.FINISHED
    assert sums.worked == ["number 0", "number 1", "number 2", "sum"]


def test_a_full_disk_is_told_as_the_system_says_it(
    sums: type[Sums], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(part: Part, beat: Beat) -> None:
        raise OSError(28, "No space left on device", "weights.safetensors")

    monkeypatch.setattr(sums, "before", staticmethod(fail))
    study = worked_through(begun(numbers=1))
    assert study.error == "number 0: weights.safetensors: No space left on device"


def test_what_nobody_foresaw_fails_the_part_with_its_name(
    sums: type[Sums], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(part: Part, beat: Beat) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(sums, "before", staticmethod(fail))
    study = worked_through(begun(numbers=1))
    assert study.error == "number 0: ZeroDivisionError: by zero"


def test_work_that_is_asked_to_stop_waits_and_is_no_attempt(
    sums: type[Sums], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sums, "before", staticmethod(lambda part, beat: beat()))
    study = begun(numbers=1)
    (part_id,) = advancing.advance(study.pk, advancing.Terms()).parts
    working.work_on(part_id, stop_asked=lambda: True)
    part = StudyPart.objects.get(pk=part_id)
    assert (part.status, part.attempts, part.claim) == (Status.WAITING, 0, None)
    assert worked_through(study).status == Study.Status.FINISHED


def test_a_paused_study_ends_the_work_on_its_parts(
    sums: type[Sums], monkeypatch: pytest.MonkeyPatch
) -> None:
    study = begun(numbers=1)

    def pause(part: Part, beat: Beat) -> None:
        moving.pause(study.pk)
        with pytest.raises(Interrupted):
            beat()
        raise Interrupted

    monkeypatch.setattr(working, "SECONDS_BETWEEN_HEARTBEATS", 0.0)
    monkeypatch.setattr(sums, "before", staticmethod(pause))
    assert worked_through(study).status == Study.Status.PAUSED
    assert study.parts.get(key="number 0").status == Status.WAITING


def test_a_worker_that_lost_its_part_stores_nothing(
    sums: type[Sums], monkeypatch: pytest.MonkeyPatch
) -> None:
    study = begun(numbers=1)

    def lose(part: Part, beat: Beat) -> None:
        ago = timezone.now() - timedelta(hours=1)
        study.parts.filter(key=part.key).update(heartbeat=ago)
        advancing.advance(study.pk, advancing.Terms())

    (part_id,) = advancing.advance(study.pk, advancing.Terms()).parts
    with monkeypatch.context() as trouble:
        trouble.setattr(sums, "before", staticmethod(lose))
        working.work_on(part_id)
    part = StudyPart.objects.get(pk=part_id)
    assert (part.status, part.result, part.pictures.count()) == (Status.WAITING, None, 0)
    assert worked_through(study).status == Study.Status.FINISHED


def test_a_part_that_kills_its_workers_is_given_up(sums: type[Sums]) -> None:
    study = begun(numbers=1)
    ago = timezone.now() - timedelta(hours=1)
    for _ in range(advancing.MOST_ATTEMPTS):
        (part_id,) = advancing.advance(study.pk, advancing.Terms()).parts
        assert working._claimed(part_id, study.submission, ago) is not None
    assert not advancing.advance(study.pk, advancing.Terms())
    study.refresh_from_db()
    assert (study.status, study.error) == (
        Study.Status.FAILED,
        "number 0: 6 tries ended without a word",
    )


def test_two_workers_with_the_same_message_do_the_part_once(sums: type[Sums]) -> None:
    study = begun(numbers=1)
    (part_id,) = advancing.advance(study.pk, advancing.Terms()).parts
    assert working.work_on(part_id) == study.pk
    assert working.work_on(part_id) is None
    assert sums.worked == ["number 0"]


def test_a_part_is_not_offered_again_before_its_time(sums: type[Sums]) -> None:
    study = begun(numbers=5)
    terms = advancing.Terms(at_once=2, patience=60)
    assert len(advancing.advance(study.pk, terms).parts) == 2
    assert advancing.advance(study.pk, terms).parts == []
    StudyPart.objects.update(heartbeat=timezone.now() - timedelta(seconds=61))
    assert len(advancing.advance(study.pk, terms).parts) == 2


def test_a_cancelled_study_keeps_what_is_finished_and_cancels_its_runs(sums: type[Sums]) -> None:
    study = begun(numbers=1, runs=2)
    offer = advancing.advance(study.pk, advancing.Terms(at_once=2, background=True))
    assert len(offer.runs) == 2
    assert all(run.is_background for run in Run.objects.all())
    moving.pause(study.pk)
    assert set(Run.objects.values_list("status", flat=True)) == {Run.Status.PAUSED}
    moving.resume(study.pk)
    assert set(Run.objects.values_list("status", flat=True)) == {Run.Status.RUNNING}
    moving.cancel(study.pk)
    assert set(Run.objects.values_list("status", flat=True)) == {Run.Status.CANCELLED}
    assert not advancing.advance(study.pk, advancing.Terms())


def test_a_cancelled_run_fails_its_part_and_resuming_starts_another(sums: type[Sums]) -> None:
    study = begun(numbers=1, runs=1)
    ((run_id, _),) = advancing.advance(study.pk, advancing.Terms()).runs
    Run.objects.update(status=Run.Status.CANCELLED, finished_at=timezone.now())
    assert not advancing.advance(study.pk, advancing.Terms())
    study.refresh_from_db()
    assert study.error == f"run 0: run {run_id}: run {run_id} was cancelled"
    moving.resume(study.pk)
    assert worked_through(study).status == Study.Status.FINISHED
    assert Run.objects.count() == 2


def test_a_deleted_run_leaves_what_the_study_kept_of_it(sums: type[Sums]) -> None:
    from evolution.services import runs

    study = worked_through(begun(numbers=1, runs=1))
    runs.delete([Run.objects.get().pk])
    part = study.parts.get(key="run 0")
    assert part.run is None
    assert part.result is not None
    assert part.result["evaluations"] == 600


def test_what_cannot_be_kept_of_a_run_fails_its_part(
    sums: type[Sums], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise KeyError("labels")

    monkeypatch.setattr(sums, "of_run", fail)
    study = worked_through(begun(numbers=1, runs=1))
    assert study.error == "run 0: KeyError: 'labels'"


def test_a_study_that_this_version_does_not_know_fails_with_a_word() -> None:
    study = Study.objects.create(kind="forgotten", scale="paper", parameters={})
    assert not advancing.advance(study.pk, advancing.Terms())
    study.refresh_from_db()
    assert study.status == Study.Status.FAILED
    assert study.error == "There is no study forgotten in this version."
