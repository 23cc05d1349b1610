"""Family trees: who is shown where, what is folded, and that no table of any size hangs a page."""

import itertools
import time

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from evolution import lineages
from evolution.exhibits.families import Family, Member, family
from evolution.exhibits.family_folding import MOST, Wish
from evolution.exhibits.family_layout import layout
from evolution.models import Individual, Run
from tests.factories import (
    NOW,
    cppn_bytes,
    make_brood,
    make_elite,
    make_hand_bred,
    make_individual,
    make_publication,
    make_run,
    make_session,
)


@given(parents=st.lists(st.integers(0, 30), max_size=60))
def test_no_two_pictures_overlap(parents: list[int]) -> None:
    children: dict[int, list[int]] = {}
    for child, parent in enumerate(parents, 1):
        children.setdefault(min(parent, child - 1), []).append(child)
    places = layout(children, 0)
    assert set(places) == set(range(len(parents) + 1))
    columns: dict[int, list[float]] = {}
    for place in places.values():
        columns.setdefault(place.column, []).append(place.row)
    for rows in columns.values():
        rows.sort()
        assert all(below - above >= 1 for above, below in itertools.pairwise(rows))


def line(run: Run, length: int) -> list[Individual]:
    """A line of children, oldest first."""
    members: list[Individual] = []
    for generation in range(length):
        parent = members[-1] if members else None
        members.append(make_individual(run, generation=generation, parent=parent))
    return members


def numbers(shown: Family) -> set[int]:
    return {member.individual_id for member in shown.members}


def member(shown: Family, individual: Individual) -> Member:
    return next(one for one in shown.members if one.individual_id == individual.pk)


@pytest.mark.django_db
class TestFamily:
    def test_begins_some_steps_back_and_folds_what_has_no_fork(self) -> None:
        members = line(make_run(), 20)
        shown = family(members[-1], Wish())
        assert shown.root == members[7].pk
        assert len(shown.earlier) == 7
        assert numbers(shown) == {members[7].pk, members[-1].pk}
        assert member(shown, members[-1]).between == 11

    def test_every_step_where_it_is_wished(self) -> None:
        members = line(make_run(), 20)
        shown = family(members[-1], Wish(root=members[0].pk, every_step=True))
        assert numbers(shown) == {one.pk for one in members}

    def test_forks_and_their_ends_are_shown(self) -> None:
        run = make_run()
        root, fork, one = line(run, 3)
        other = make_individual(run, generation=2, parent=fork)
        assert numbers(family(root, Wish())) == {root.pk, fork.pk, one.pk, other.pk}

    def test_folding_hides_and_counts_what_is_below(self) -> None:
        run = make_run()
        root, fork, _ = line(run, 3)
        make_individual(run, generation=2, parent=fork)
        shown = family(root, Wish(folded=frozenset({fork.pk})))
        assert member(shown, fork).hidden == 2
        assert len(shown.members) == 2

    def test_crosses_from_a_run_to_a_persons_hand(self) -> None:
        elite = make_elite(make_run(), individual=None).individual
        session = make_session(branched_from=elite)
        brood = make_brood(session)
        child = make_hand_bred(brood, 0, parent=elite, selected_by="person")
        make_publication(child, title="Harbour, night")
        shown = family(child, Wish())
        assert numbers(shown) == {elite.pk, child.pk}
        assert member(shown, child).title == "Harbour, night"
        assert (member(shown, child).selected_by, member(shown, elite).selected_by) == (
            "person",
            "network",
        )

    def test_a_hidden_picture_has_no_title_and_no_picture(self, client: Client) -> None:
        elite = make_individual(make_run())
        brood = make_brood(make_session(branched_from=elite))
        child = make_hand_bred(brood, 0, parent=elite)
        make_publication(child, title="Rude", hidden_at=NOW)
        page = client.get(f"/individuals/{elite.pk}/family/").content.decode()
        assert "Rude" not in page
        assert f"/pictures/{child.pk}/" not in page
        assert client.get(f"/individuals/{child.pk}/family/").status_code == 404

    def test_a_cycle_made_by_hand_ends(self) -> None:
        members = line(make_run(), 3)
        Individual.objects.filter(pk=members[0].pk).update(parent=members[2])
        assert len(lineages.descendants(members[0].pk, 50)) == 3
        assert family(members[2], Wish(every_step=True)).members

    def test_of_thousands_the_nearest_are_shown_in_time(self, client: Client) -> None:
        run = make_run()
        root = make_individual(run)
        Individual.objects.bulk_create(
            Individual(
                run=run,
                generation=1 + number // 500,
                position=number % 500,
                parent=root,
                encoding="cppn",
                genome=cppn_bytes(),
                selected_by="network",
            )
            for number in range(5000)
        )
        shown = family(root, Wish())
        assert shown.left_out
        assert len(shown.members) == MOST
        began = time.perf_counter()
        answer = client.get(f"/individuals/{root.pk}/family/")
        assert answer.status_code == 200
        assert (
            time.perf_counter() - began < 10
        )  # it does not hang; figures are in docs/benchmarks.md
        assert answer.content.decode().count(' href="/pictures/') == 200  # others when in view


@pytest.mark.django_db
class TestPage:
    @pytest.mark.parametrize(
        "query",
        ["?from=x", "?from=99999999999999999999", "?fold=-1", "?show=<b>", "?from=1&fold=1"],
    )
    def test_what_cannot_be_asked_for_is_left_out(self, client: Client, query: str) -> None:
        members = line(make_run(), 4)
        assert client.get(f"/individuals/{members[-1].pk}/family/{query}").status_code == 200

    def test_words_of_people_are_escaped(self, client: Client) -> None:
        child = make_hand_bred(make_brood(make_session()), 0)
        make_publication(child, title="<script>alert(1)</script>")
        for query in ("", "?svg=1"):
            page = client.get(f"/individuals/{child.pk}/family/{query}").content.decode()
            assert "<script>alert" not in page

    def test_a_file_stands_alone(self, client: Client) -> None:
        members = line(make_run(), 4)
        answer = client.get(f"/individuals/{members[-1].pk}/family/?svg=1")
        assert answer["Content-Type"] == "image/svg+xml"
        assert answer.content.startswith(b'<svg xmlns="http://www.w3.org/2000/svg"')

    def test_asks_the_database_a_bounded_number_of_times(
        self, client: Client, django_assert_max_num_queries: object
    ) -> None:
        members = line(make_run(), 30)
        with django_assert_max_num_queries(7):  # type: ignore[operator]
            client.get(f"/individuals/{members[-1].pk}/family/?show=steps")
