"""The descent of a run as the measures want it."""

import pytest

from evolution.errors import InvalidInput
from evolution.measures.descent import families, goal_switches
from evolution.models import Run
from evolution.services.phylogeny import descent
from tests.factories import make_elite, make_individual, make_run

pytestmark = pytest.mark.django_db


def lines() -> Run:
    """Of cell 0 the child took cell 1 over; another run is there as well."""
    run = make_run()
    founder = make_individual(run)
    make_elite(run, cell=0, individual=founder)
    make_elite(run, cell=1, until_generation=3)
    child = make_individual(run, generation=3, parent=founder)
    make_elite(run, cell=1, individual=child, since_generation=3)
    make_elite(make_run(seed=1), cell=5)
    return run


class TestDescent:
    def test_of_this_run_only(self) -> None:
        found = descent(lines().pk)
        assert list(found.holders) == [0, 1]
        assert len(found.born) == 3
        assert families(found.born, list(found.holders.values())) == [(found.holders[0], 2)]

    def test_the_takeover_is_a_goal_switch(self) -> None:
        found = descent(lines().pk)
        assert goal_switches(found.born, found.reigns).ways == {(0, 1): 1.0}

    def test_two_statements(self, django_assert_num_queries: pytest.FixtureRequest) -> None:
        run = lines()
        with django_assert_num_queries(2):  # type: ignore[operator]
            descent(run.pk)

    def test_a_run_beyond_the_bound(self) -> None:
        with pytest.raises(InvalidInput, match="2 individuals"):
            descent(lines().pk, most=2)

    def test_a_run_without_rows(self) -> None:
        assert descent(make_run().pk).holders == {}
