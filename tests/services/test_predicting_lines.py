"""Asking a classifier about a line of descent, whoever bred it."""

import numpy as np
import pytest

from classifiers import catalogue
from classifiers.base import FloatArray
from evolution.models import Individual, Prediction
from evolution.services import predicting, predicting_lines
from tests.factories import (
    NOW,
    make_brood,
    make_hand_bred,
    make_individual,
    make_prediction,
    make_publication,
    make_run,
    make_session,
)

pytestmark = pytest.mark.django_db


class Shapes:
    """Answers anything, and remembers the shapes of what it was shown."""

    def __init__(self) -> None:
        self.shown: list[tuple[int, ...]] = []

    def confidences(self, images: FloatArray) -> FloatArray:
        self.shown.append(images.shape)
        return np.tile(np.arange(10, 0, -1, dtype=np.float32) / 55, (len(images), 1))


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Shapes:
    toy = Shapes()
    monkeypatch.setattr(predicting, "_classifier", lambda *_: toy)
    return toy


def crossing(colour: str = "ink") -> list[Individual]:
    """Two digits of a run, then two steps of a person, oldest first."""
    run = make_run()
    first = make_individual(run)
    elite = make_individual(run, generation=1, parent=first)
    session = make_session(branched_from=elite, colour=colour, image_size=28)
    brood = make_brood(session)
    one = make_hand_bred(brood, parent=elite)
    return [first, elite, one, make_hand_bred(make_brood(session, brood), parent=one)]


def told(classifier: str) -> set[int]:
    found = Prediction.objects.filter(classifier=classifier)
    return set(found.values_list("individual", flat=True))


def test_crosses_from_a_person_to_a_run(network: Shapes) -> None:
    line = crossing()
    assert not predicting_lines.predict_line(line[-1].pk, "lenet-b")
    assert told("lenet-b") == {one.pk for one in line}
    assert network.shown == [(4, 28, 28, 1)]


def test_shows_grey_pictures_to_networks_that_know_colours(network: Shapes) -> None:
    line = crossing(colour="hsb")
    predicting_lines.predict_line(line[-1].pk, "squeezenet")
    assert told("squeezenet") == {one.pk for one in line}
    assert network.shown == [(4, 28, 28, 3)]


def test_leaves_out_what_a_network_cannot_be_shown(network: Shapes) -> None:
    line = crossing(colour="hsb")
    entry = catalogue.entry("lenet-b")
    ids = [one.pk for one in reversed(line)]
    assert [one.pk for one in predicting_lines.unasked(ids, entry)] == [line[1].pk, line[0].pk]
    assert not predicting_lines.predict_line(line[-1].pk, "lenet-b")
    assert told("lenet-b") == {line[0].pk, line[1].pk}


def test_asks_a_few_at_a_time_the_nearest_first_and_each_once(network: Shapes) -> None:
    line = crossing()
    make_prediction(line[2], "lenet-b")
    assert predicting_lines.predict_line(line[-1].pk, "lenet-b", most=2)
    assert told("lenet-b") == {line[3].pk, line[2].pk, line[1].pk}
    assert not predicting_lines.predict_line(line[-1].pk, "lenet-b", most=2)
    assert not predicting_lines.predict_line(line[-1].pk, "lenet-b", most=2)
    assert sum(shape[0] for shape in network.shown) == 3


def test_damaged_and_pruned_ones_do_not_end_the_line(network: Shapes) -> None:
    line = crossing()
    Individual.objects.filter(pk=line[2].pk).update(genome=b"nonsense")
    Individual.objects.filter(pk=line[1].pk).update(genome=None)
    predicting_lines.predict_line(line[-1].pk, "lenet-b")
    assert told("lenet-b") == {line[3].pk, line[0].pk}
    assert not predicting_lines.predict_line(line[-1].pk, "lenet-b")  # nothing waits for ever


def test_hidden_ones_are_not_shown_to_anybody(network: Shapes) -> None:
    line = crossing()
    make_publication(line[2], hidden_at=NOW)
    predicting_lines.predict_line(line[-1].pk, "lenet-b")
    assert told("lenet-b") == {line[3].pk, line[1].pk, line[0].pk}
