import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from classifiers.base import ClassifierError
from evolution import studies
from evolution.errors import InvalidInput
from evolution.models import Run, Study, StudyPart
from evolution.studying import planning
from tests.factories import make_run
from tests.studying.sums import Sums

pytestmark = pytest.mark.django_db


def test_a_study_is_stored_with_all_its_parts(sums: type[Sums]) -> None:
    study = planning.start(planning.plan("sums", given={"numbers": "2", "runs": 1}))
    assert (study.kind, study.scale, study.status) == ("sums", "paper", Study.Status.RUNNING)
    assert study.parameters == {"numbers": 2, "runs": 1}
    stored = study.parts.values_list("position", "key", "stage", "status")
    waiting = StudyPart.Status.WAITING
    assert list(stored) == [
        (0, "run 0", 0, waiting),
        (1, "number 0", 1, waiting),
        (2, "number 1", 1, waiting),
        (3, "sum", 2, waiting),
    ]


def test_a_form_posted_twice_starts_one_study(sums: type[Sums]) -> None:
    submission, plan = uuid.uuid4(), planning.plan("sums")
    assert planning.start(plan, submission=submission) == planning.start(
        plan, submission=submission
    )
    assert Study.objects.count() == 1
    assert StudyPart.objects.count() == 4


@pytest.mark.parametrize(
    ("kind", "scale", "given", "words"),
    [
        ("nothing", "", {}, "^study: expected one of .*mnist-direct.*; got 'nothing'"),
        ("sums", "huge", {}, "^scale: expected paper or small, got 'huge'"),
        ("sums", "", {"numbers": 101}, "^numbers: expected 1 to 100, got 101"),
        ("sums", "", {"numbers": 13}, "^numbers: expected another number"),
        ("sums", "", {"count": 1}, "^count: expected one of numbers, runs"),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_is_stored(
    sums: type[Sums], kind: str, scale: str, given: dict[str, int], words: str
) -> None:
    with pytest.raises(InvalidInput, match=words):
        planning.start(planning.plan(kind, scale, given))
    assert not Study.objects.exists()


def test_the_scale_is_where_a_study_begins(sums: type[Sums]) -> None:
    plan = planning.plan("sums", "small")
    assert (plan.scale, plan.parameters.numbers, len(plan.parts)) == ("small", 1, 2)


def test_a_study_that_can_go_on_is_found_by_its_parameters(sums: type[Sums]) -> None:
    study = planning.start(planning.plan("sums"))
    assert planning.unfinished(planning.plan("sums")) == study
    assert planning.unfinished(planning.plan("sums", given={"numbers": 4})) is None
    Study.objects.update(status=Study.Status.CANCELLED, finished_at=study.created_at)
    assert planning.unfinished(planning.plan("sums")) is None


def test_the_cost_counts_what_is_not_there_yet(sums: type[Sums]) -> None:
    cost = planning.cost(planning.plan("sums", given={"runs": 2}))
    assert (cost.parts, cost.ready) == (6, 0)
    assert cost.evaluations == 2 * (200 + 2 * 200) + 3
    assert not cost.is_measured
    make_run(seed=1, planned=2, status=Run.Status.FINISHED)
    fewer = planning.cost(planning.plan("sums", given={"runs": 2}))
    assert (fewer.parts, fewer.ready, fewer.evaluations) == (5, 1, 600 + 3)
    assert fewer.seconds < cost.seconds


def test_the_speed_is_that_of_earlier_runs_of_this_machine(sums: type[Sums]) -> None:
    make_run(seed=9, status=Run.Status.FINISHED, evaluations=1000, elapsed=10.0)
    cost = planning.cost(planning.plan("sums", given={"runs": 1}))
    assert cost.is_measured
    assert cost.seconds == pytest.approx(600 / 100 + 0.3)
    assert "as runs here went before" in cost.words


def test_what_it_costs_is_found_by_as_many_statements_for_many_parts_as_for_few(
    sums: type[Sums],
) -> None:
    counts = []
    for given in ({"runs": 1, "numbers": 1}, {"runs": 5, "numbers": 50}):
        plan = planning.plan("sums", given=given)
        with CaptureQueriesContext(connection) as asked:
            planning.cost(plan)
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("kind", studies.names())
def test_every_study_can_be_planned_as_the_paper_has_it(kind: str) -> None:
    definition = studies.get(kind)
    assert definition.usual in definition.scales
    assert isinstance(definition.scales["paper"], definition.parameters)
    if kind == "retraining-imagenet":  # its parts depend on photographs that a user has to bring
        with pytest.raises(ClassifierError, match="expected a readable folder"):
            definition.parts(definition.scales["paper"])
        return
    keys = [part.key for part in definition.parts(definition.scales["paper"])]
    assert len(set(keys)) == len(keys)
    assert max(map(len, keys)) <= planning.LONGEST_KEY
