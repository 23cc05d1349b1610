"""Champions shown to another network: asked once, stored as predictions, paired with their cells."""

import pytest

from classifiers import catalogue
from evolution.errors import InvalidInput
from evolution.models import Individual, Prediction, Run
from evolution.services import predicting
from evolution.studies import asking
from evolution.studies.base import Outcome
from evolution.studies.champions import summary
from tests.factories import make_elite, make_individual, make_run

pytestmark = pytest.mark.django_db


def kept(run: Run) -> Outcome:
    return Outcome("run", 0, {}, summary(run), run.pk, 1.0)


def likeliest(individual: Individual, network: str) -> tuple[int, float]:
    """Asked by itself, without what was stored."""
    image = predicting.picture(bytes(individual.genome or b""), 28)[None]
    (confidences,) = predicting.answers(catalogue.entry(network), image, "whole")
    return int(confidences.argmax()), float(confidences.max())


def test_each_cell_has_what_both_networks_say_of_its_holder() -> None:
    run = make_run()
    first, second = make_individual(run), make_individual(run)
    for cell, holder in ((0, first), (3, second), (7, first)):
        make_elite(run, cell, individual=holder)
    beats: list[int] = []
    found = asking.champions(kept(run), "lenet-a", "lenet-b", lambda: beats.append(1))
    assert found["labels"] == [0, 3, 7]
    assert found["individuals"] == [first.pk, second.pk, first.pk]
    for network, column in (("lenet-a", "own"), ("lenet-b", "other")):
        for holder, (label, confidence) in zip((first, second, first), found[column], strict=True):
            expected = likeliest(holder, network)
            assert (label, confidence) == (expected[0], pytest.approx(expected[1], abs=1e-6))
    assert beats


def test_answers_are_stored_and_not_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    run = make_run()
    make_elite(run, 0)
    first = asking.champions(kept(run), "lenet-a", "lenet-b", lambda: None)
    assert Prediction.objects.count() == 2

    def refuse(*_: object) -> None:
        raise AssertionError("asked again")

    monkeypatch.setattr(predicting, "answers", refuse)
    assert asking.champions(kept(run), "lenet-a", "lenet-b", lambda: None) == first


def test_a_picture_whose_genome_is_damaged_is_left_out() -> None:
    run = make_run()
    make_elite(run, 0)
    make_elite(run, 1, individual=make_individual(run, genome=b"damaged"))
    assert asking.champions(kept(run), "lenet-a", "lenet-b", lambda: None)["labels"] == [0]


def test_a_run_that_was_deleted_is_told() -> None:
    gone = Outcome("run with seed 3", 0, {}, {"labels": [], "individuals": []}, None, 1.0)
    with pytest.raises(InvalidInput, match=r"run: .*“run with seed 3” was deleted"):
        asking.champions(gone, "lenet-a", "lenet-b", lambda: None)
