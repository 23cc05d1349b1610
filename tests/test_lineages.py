"""Lines of descent: right, quick, and read through the index."""

import time
from itertools import pairwise

import pytest
from django.db import connection

from evolution import lineages
from evolution.models import Individual
from tests.factories import (
    NOW,
    make_brood,
    make_elite,
    make_hand_bred,
    make_individual,
    make_publication,
    make_run,
    make_session,
)

pytestmark = pytest.mark.django_db


def make_line(steps: int) -> list[Individual]:
    """A line of descent with as many bystanders of the same run."""
    run = make_run()
    rows = [
        Individual(
            run=run,
            generation=generation,
            position=position,
            encoding="cppn",
            genome=b"",
            selected_by=Individual.Selector.NETWORK,
        )
        for generation in range(steps + 1)
        for position in (0, 1)
    ]
    Individual.objects.bulk_create(rows, batch_size=500)
    line = rows[::2]
    for parent, child in pairwise(line):
        child.parent = parent
    Individual.objects.bulk_update(line[1:], ["parent"], batch_size=500)
    return line


def query_plan(statement: str, *values: int) -> str:
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with connection.cursor() as cursor:
        cursor.execute(f"{explain} {statement}", values)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


class TestParentLine:
    def test_goes_from_the_individual_to_its_first_ancestor(self) -> None:
        line = make_line(3)
        found = lineages.parent_line(line[-1].pk)
        assert [step.individual_id for step in found] == [row.pk for row in reversed(line)]
        assert [step.generation for step in found] == [3, 2, 1, 0]
        assert [step.steps for step in found] == [0, 1, 2, 3]
        assert found[-1].parent_id is None

    def test_of_a_random_genome_is_itself(self) -> None:
        alone = make_individual(make_run())
        assert [step.individual_id for step in lineages.parent_line(alone.pk)] == [alone.pk]

    def test_of_an_unknown_id_is_empty(self) -> None:
        assert lineages.parent_line(404) == []

    def test_leaves_mates_out(self) -> None:
        run = make_run()
        parent, mate = make_individual(run), make_individual(run)
        child = make_individual(run, generation=1, parent=parent, mate=mate)
        found = lineages.parent_line(child.pk)
        assert [step.individual_id for step in found] == [child.pk, parent.pk]

    def test_tells_pruned_genomes(self) -> None:
        run = make_run()
        parent = make_individual(run, genome=None)
        child = make_individual(run, generation=1, parent=parent)
        assert [step.drawable for step in lineages.parent_line(child.pk)] == [True, False]

    def test_stops_in_a_cycle(self) -> None:
        first, *_, last = make_line(5)
        Individual.objects.filter(pk=first.pk).update(parent=last)
        assert len(lineages.parent_line(last.pk, longest=50)) == 51

    def test_of_a_thousand_steps_is_one_query_of_milliseconds(
        self, django_assert_num_queries: object
    ) -> None:
        last = make_line(1000)[-1]
        with django_assert_num_queries(1):  # type: ignore[operator]
            found = lineages.parent_line(last.pk)
        assert len(found) == 1001
        assert best_of(5, last.pk) < 0.1  # about 3 ms; a busy machine gets the rest

    def test_never_scans_the_table(self) -> None:
        last = make_line(1000)[-1]
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("ANALYZE evolution_individual")
        plan = query_plan(lineages.line_query(), last.pk, 1000)
        assert "SCAN evolution_individual" not in plan
        assert "SCAN parent" not in plan
        assert "Seq Scan on evolution_individual" not in plan


class TestDescendants:
    def test_come_level_by_level_without_mates(self) -> None:
        run = make_run()
        root, stranger = make_individual(run), make_individual(run)
        child, other = (make_individual(run, generation=1, parent=root) for _ in range(2))
        grandchild = make_individual(run, generation=2, parent=other)
        make_individual(run, generation=1, parent=stranger, mate=root)
        found = lineages.descendants(root.pk, 50)
        assert [one.individual_id for one in found] == [root.pk, child.pk, other.pk, grandchild.pk]
        assert [one.parent_id for one in found] == [None, root.pk, root.pk, other.pk]
        assert lineages.count_descendants(root.pk, 50) == 4

    def test_are_bounded_nearest_first(self) -> None:
        line = make_line(40)
        found = lineages.descendants(line[0].pk, 10)
        assert [one.individual_id for one in found] == [one.pk for one in line[:10]]
        assert lineages.count_descendants(line[0].pk, 10) == 10

    def test_tell_what_is_published_and_not_hidden(self) -> None:
        brood = make_brood(make_session())
        root = make_hand_bred(brood)
        shown, hidden = (make_hand_bred(brood, slot, parent=root) for slot in (1, 2))
        make_publication(shown)
        make_publication(hidden, hidden_at=NOW)
        found = lineages.descendants(root.pk, 50)
        assert [one.is_published for one in found] == [False, True, False]

    def test_of_a_cycle_are_finite(self) -> None:
        first, *_, last = make_line(5)
        Individual.objects.filter(pk=first.pk).update(parent=last)
        found = lineages.descendants(first.pk, 500)
        assert len(found) == 6
        assert found[0].parent_id is None

    def test_of_thousands_are_read_in_milliseconds(self) -> None:
        first = make_line(3000)[0]
        assert len(lineages.descendants(first.pk, 2000)) == 2000
        started = time.perf_counter()
        lineages.descendants(first.pk, 2000)
        assert time.perf_counter() - started < 0.2  # about 10 ms; a busy machine gets the rest

    def test_never_scan_the_table(self) -> None:
        first = make_line(1000)[0]
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("ANALYZE evolution_individual")
        plan = query_plan(lineages.family_query(), first.pk, 1000, 2000)
        assert "SCAN evolution_individual" not in plan
        assert "SCAN child" not in plan
        assert "Seq Scan on evolution_individual" not in plan


def best_of(times: int, individual_id: int) -> float:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        lineages.parent_line(individual_id)
        taken.append(time.perf_counter() - started)
    return min(taken)


class TestAncestryOfAnArchive:
    def test_holders_and_all_above_them_each_once(self) -> None:
        run = make_run()
        founder = make_individual(run)
        middle = make_individual(run, generation=1, parent=founder)
        holders = [make_individual(run, generation=2, parent=middle) for _ in range(2)]
        make_individual(run, generation=2, parent=middle)  # holds nothing any more
        for cell, holder in enumerate(holders):
            make_elite(run, cell, individual=holder, since_generation=2)
        make_elite(run, 5, individual=founder, since_generation=0, until_generation=1)
        make_elite(make_run(seed=1), 0)
        found = lineages.ancestry(run.pk, 100)
        assert sorted(found) == [
            (founder.pk, None, 0),
            (middle.pk, founder.pk, 1),
            *[(holder.pk, middle.pk, 2) for holder in holders],
        ]

    def test_no_more_than_are_asked_for(self) -> None:
        run = make_run()
        parent = make_individual(run)
        make_elite(run, individual=make_individual(run, generation=1, parent=parent))
        assert len(lineages.ancestry(run.pk, 1)) == 1

    def test_a_cycle_ends(self) -> None:
        run = make_run()
        one = make_individual(run)
        other = make_individual(run, generation=1, parent=one)
        Individual.objects.filter(pk=one.pk).update(parent=other)
        make_elite(run, individual=other)
        assert len(lineages.ancestry(run.pk, 100)) == 2
