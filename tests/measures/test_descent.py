"""Families, distances and goal switches of small lines that were worked out by hand."""

import time

import numpy as np

from evolution.measures.descent import (
    Born,
    Reign,
    families,
    founders,
    goal_switches,
    lineage_distances,
)

#   1 (gen 0) -> 3 (gen 2) -> 4 (gen 5)
#                          -> 5 (gen 7)
#   2 (gen 0) -> 6 (gen 1)
BORN = {
    1: Born(0, None),
    2: Born(0, None),
    3: Born(2, 1),
    4: Born(5, 3),
    5: Born(7, 3),
    6: Born(1, 2),
}


class TestFamilies:
    def test_founders(self) -> None:
        assert founders(BORN, [4, 5, 6, 1]) == [1, 1, 2, 1]

    def test_sizes(self) -> None:
        assert families(BORN, [4, 5, 6, 6]) == [(1, 2), (2, 2)]
        assert families(BORN, [6, 4, 5]) == [(1, 2), (2, 1)]

    def test_a_parent_that_is_not_stored(self) -> None:
        assert founders({9: Born(4, 8)}, [9]) == [9]


class TestDistances:
    def test_by_the_last_common_ancestor(self) -> None:
        found = lineage_distances(BORN, [4, 5, 3, 6, 1])
        assert found[0, 1] == (5 - 2) + (7 - 2)
        assert found[0, 2] == 3  # one descends from the other
        assert found[0, 4] == 5
        assert np.isinf(found[3, [0, 1, 2, 4]]).all()
        assert np.array_equal(found, found.T)

    def test_one_that_holds_two_cells(self) -> None:
        assert lineage_distances(BORN, [4, 4, 5])[0].tolist() == [0, 0, 8]

    def test_a_thousand_cells(self) -> None:
        rng = np.random.default_rng(0)
        born = {n: Born(0, None) for n in range(400)}
        for n in range(400, 10_000):
            parent = int(rng.integers(max(0, n - 1500), n))
            born[n] = Born(max(n // 40, born[parent].generation + 1), parent)
        holders = [int(n) for n in rng.integers(7000, 10_000, 1000)]
        begin = time.perf_counter()
        found = lineage_distances(born, holders)
        assert time.perf_counter() - begin < 2
        for one, other in rng.integers(0, 1000, (50, 2)):
            assert found[one, other] == _walked(born, holders[one], holders[other])


def _walked(born: dict[int, Born], one: int, other: int) -> float:
    above = []
    at: int | None = one
    while at is not None:
        above.append(at)
        at = born[at].parent
    at = other
    while at is not None and at not in above:
        at = born[at].parent
    if at is None:
        return np.inf
    return born[one].generation + born[other].generation - 2 * born[at].generation


class TestGoalSwitches:
    def test_from_another_cell(self) -> None:
        reigns = [
            Reign(0, 1, 0, 2),
            Reign(7, 2, 0, None),
            Reign(0, 3, 2, None),  # child of 1, which held this cell until then
            Reign(8, 4, 5, None),  # child of 3, which held cell 0
            Reign(7, 6, 1, None),  # child of 2, which held cell 7
        ]
        found = goal_switches(BORN, reigns)
        assert (found.takeovers, found.switches) == (3, 1)
        assert found.by_cell == {8: 1}
        assert found.by_generation == {1: (1, 0), 2: (1, 0), 5: (1, 1)}
        assert found.ways == {(0, 8): 1.0}
        assert found.share == 1 / 3

    def test_a_parent_of_several_cells_counts_for_each_in_part(self) -> None:
        reigns = [Reign(0, 1, 0, None), Reign(1, 1, 0, None), Reign(5, 3, 2, None)]
        assert goal_switches(BORN, reigns).ways == {(0, 5): 0.5, (1, 5): 0.5}

    def test_a_cell_that_the_parent_had_lost_before(self) -> None:
        reigns = [Reign(0, 1, 0, 1), Reign(1, 1, 0, None), Reign(0, 3, 2, None)]
        assert goal_switches(BORN, reigns).by_cell == {0: 1}

    def test_nobody_took_over(self) -> None:
        assert goal_switches(BORN, [Reign(0, 1, 0, None)]).share is None


def test_a_cycle_has_a_founder_as_well() -> None:
    assert founders({1: Born(1, 2), 2: Born(0, 1), 3: Born(2, 1)}, [3, 1]) == [2, 2]
