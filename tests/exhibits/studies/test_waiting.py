"""What the page of a study says of runs that have not begun."""

import pytest

from evolution.exhibits.studies import pages, progress
from evolution.models import Run
from evolution.studying import advancing, planning
from tests.factories import make_run

pytestmark = pytest.mark.django_db


def words(*, background: bool) -> str:
    """Of the one run of a study that a worker may begin."""
    study = planning.start(planning.plan("mnist-direct", given={"runs": 1}))
    advancing.advance(study.pk, advancing.Terms(background=background))
    one = pages.find(study.pk)
    assert one is not None
    (doing,) = progress.state(one).doing
    return doing.words


def test_a_run_that_nothing_holds_up_waits_for_a_worker() -> None:
    assert words(background=True) == "waits for a worker"


def test_a_run_gives_way_to_those_of_visitors_and_says_so() -> None:
    make_run(status=Run.Status.RUNNING)
    assert words(background=True) == "waits: runs of visitors come first"


def test_a_run_of_a_terminal_gives_way_to_nobody() -> None:
    make_run(status=Run.Status.RUNNING)
    assert words(background=False) == "waits for a worker"
