"""Studies that are stopped, cancelled or robbed of what they made, in the worst moment."""

import pytest

from evolution.errors import InvalidInput
from evolution.models import Run, StudyPart
from evolution.studies.base import Beat, Part
from evolution.studying import advancing, moving, reusing
from tests.studying.sums import Sums
from tests.studying.test_working_off import begun, worked_through

pytestmark = pytest.mark.django_db
Status = StudyPart.Status


def test_work_that_a_person_stops_can_go_on_at_once(
    sums: type[Sums], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(part: Part, beat: Beat) -> None:
        raise KeyboardInterrupt

    study = begun(numbers=1)
    with monkeypatch.context() as trouble:
        trouble.setattr(sums, "before", staticmethod(stop))
        with pytest.raises(KeyboardInterrupt):
            worked_through(study)
    part = study.parts.get(key="number 0")
    assert (part.status, part.claim, part.attempts) == (Status.WAITING, None, 0)
    assert advancing.advance(study.pk, advancing.Terms(patience=60)).parts == [part.pk]


def test_a_failed_part_is_offered_at_once_when_the_study_goes_on(
    sums: type[Sums], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(part: Part, beat: Beat) -> None:
        raise InvalidInput("data", "expected another folder")

    with monkeypatch.context() as trouble:
        trouble.setattr(sums, "before", staticmethod(fail))
        study = worked_through(begun(numbers=1))
    moving.resume(study.pk)
    part = study.parts.get(key="number 0")
    assert advancing.advance(study.pk, advancing.Terms(patience=60)).parts == [part.pk]


def test_no_run_is_started_for_a_study_that_was_cancelled_in_the_same_moment(
    sums: type[Sums], monkeypatch: pytest.MonkeyPatch
) -> None:
    study = begun(numbers=1, runs=1)

    def cancel(order: object) -> None:
        moving.cancel(study.pk)

    monkeypatch.setattr(reusing, "run", cancel)  # what is asked just before a run starts
    assert not advancing.advance(study.pk, advancing.Terms())
    assert not Run.objects.exists()
    assert study.parts.get(key="run 0").status == Status.WAITING


def test_work_is_taken_over_from_the_first_study_whose_results_still_stand(
    sums: type[Sums], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = worked_through(begun(numbers=1))
    gone = first.parts.get(key="number 0")
    lost = gone.result
    monkeypatch.setattr(sums, "stands", lambda self, result: result != lost)
    assert reusing.twin(gone.fingerprint) is None
    gone.pk, gone.study, gone.result = None, begun(numbers=1), {"twice": 0, "again": True}
    gone.position, gone.key = 99, "a later one"
    gone.save()
    twin = reusing.twin(gone.fingerprint)
    assert twin is not None
    assert twin.key == "a later one"
