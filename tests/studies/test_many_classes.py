"""What is kept of a thousand classes, and what it comes to over runs."""

import numpy as np
import pytest

from evolution.studies.imagenet import many_classes
from evolution.studies.imagenet.many_classes import HOLE
from tests.factories import make_elite, make_run
from tests.studies.made_up import history, outcome


@pytest.mark.django_db
class TestHistory:
    def test_has_whoever_held_a_cell_then_in_thousandths_cut(self) -> None:
        run = make_run(generation=3, planned=10)
        make_elite(run, 4, confidence=0.2, until_generation=2)
        make_elite(run, 4, confidence=0.9999, since_generation=2)
        found = many_classes.history(run, 10)
        assert found["generations"] == [0, 1, 2]
        assert found["thousandths"][4] == [200, 200, 999]
        assert found["thousandths"][5] == [HOLE] * 3

    def test_of_a_long_run_is_thinned(self) -> None:
        run = make_run(generation=5001, planned=5000)
        found = many_classes.history(run, 10)["generations"]
        assert (len(found), found[0], found[-1]) == (20, 0, 5000)


def test_confidences_have_holes_where_nobody_holds_a_cell() -> None:
    runs = [outcome("a", {0: 0.5, 2: 0.25}), outcome("b", {2: 0.75})]
    found = many_classes.confidences(runs, 3)
    assert np.array_equal(found, [[0.5, np.nan, 0.25], [np.nan, np.nan, 0.75]], equal_nan=True)
    medians = many_classes.class_medians(runs, 3)
    assert np.array_equal(medians, [0.5, np.nan, 0.5], equal_nan=True)
    assert many_classes.at_least(medians, 0.5) == 2
    assert many_classes.middle(np.array([np.nan])) == 0.0


def test_heat_map_is_the_median_of_the_runs_that_came_equally_far() -> None:
    runs = [
        outcome("a", {}, history=history([[100, 300], [HOLE, 500]], [0, 9])),
        outcome("b", {}, history=history([[300, 500], [HOLE, HOLE]], [0, 9])),
        outcome("c", {}, history=history([[900, 900], [900, 900]], [0, 4])),
    ]
    found = many_classes.heat_map(runs, ["cat", "dog"], "Classes")
    assert found.values == [[0.2, 0.4], [None, 0.5]]
    assert found.columns == ["0", "9"]
    assert "from 20.00% to 45.00%".replace("from ", "goes from ") in found.sentence


def test_surest_pictures_are_of_any_run_and_each_is_there_once() -> None:
    one = outcome("a", {0: 0.9, 1: 0.8, 2: 0.1})
    other = outcome("b", {0: 0.95, 1: 0.85, 2: 0.2}, run=2)
    other.result["individuals"][1] = other.result["individuals"][0]  # one picture, two classes
    found = many_classes.surest([one, other], 5)
    assert [(champion.label, champion.confidence) for champion in found] == [(0, 0.95), (2, 0.2)]
    assert [champion.individual for champion in found] == [2000, 2002]
