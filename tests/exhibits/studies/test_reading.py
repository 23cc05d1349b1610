"""Which study stands for an experiment, and what is remembered of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evolution.exhibits.studies import reading
from evolution.models import Study
from tests.study_factories import make_part, make_study

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sampler")]


def best() -> Study:
    return reading.most_complete(reading.counted(Study.objects.all()))["sampler"].study


def one(study: Study) -> reading.Counted:
    (found,) = reading.counted(Study.objects.filter(pk=study.pk))
    return found


def test_a_finished_study_comes_before_one_that_goes_on() -> None:
    finished = make_study(parts=2, done=2)
    make_study(parts=9, done=8)
    assert best() == finished


def test_of_two_the_one_with_more_work_done_comes_first() -> None:
    large = make_study(parts=9, done=9)
    make_study(parts=2, done=2)
    assert best() == large


def test_of_equals_the_newest_comes_first() -> None:
    make_study()
    newest = make_study()
    assert best() == newest


def test_findings_are_read_once_for_a_state_of_the_study() -> None:
    study = make_study(parts=3, done=1)
    assert one(study).findings.headline == "1 parts of <everything>."
    with CaptureQueriesContext(connection) as asked:
        assert one(study).findings.headline == "1 parts of <everything>."
    assert len(asked) == 1
    make_part(study, 7)
    assert one(study).findings.headline == "2 parts of <everything>."


def test_results_that_cannot_be_read_are_told_and_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    study = make_study(result={"broken": True})
    assert "cannot be read" in one(study).findings.headline
    assert "cannot be read" in caplog.text


def test_a_study_whose_kind_is_gone_has_no_definition() -> None:
    assert reading.definition("nothing-of-the-kind") is None
