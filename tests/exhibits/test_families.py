"""Family trees: who is shown where, what is folded, and that no table of any size hangs a page."""

import itertools
import time
from xml.etree import ElementTree

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from evolution import lineages
from evolution.exhibits.families import Family, Member, family
from evolution.exhibits.family_folding import ENOUGH, MOST, Wish
from evolution.exhibits.family_layout import layout
from evolution.exhibits.family_list import DEEPEST
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


def fans(run: Run, parent: Individual, count: int, generation: int = 1) -> list[Individual]:
    """Children of one parent."""
    return Individual.objects.bulk_create(
        Individual(
            run=run,
            generation=generation,
            position=1000 + number,
            parent=parent,
            encoding="cppn",
            genome=cppn_bytes(),
            selected_by="network",
        )
        for number in range(count)
    )


def long_line(length: int) -> list[Individual]:
    """A line without a fork, oldest first."""
    run = make_run()
    members = Individual.objects.bulk_create(
        Individual(
            run=run, generation=n, position=0, encoding="cppn", genome=b"", selected_by="network"
        )
        for n in range(length)
    )
    for parent, child in itertools.pairwise(members):
        child.parent = parent
    Individual.objects.bulk_update(members[1:], ["parent"], batch_size=500)
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
        assert numbers(shown) == {members[0].pk, members[7].pk, members[-1].pk}
        assert member(shown, members[7]).between == 6
        assert member(shown, members[-1]).between == 11

    def test_begins_nearer_where_the_family_is_large(self) -> None:
        run = make_run()
        members = line(run, 20)
        fans(run, members[12], 60)
        shown = family(members[-1], Wish())
        assert shown.root == members[13].pk  # six steps back; twelve lead to the sixty

    def test_is_in_its_own_tree_however_many_are_nearer_to_the_root(self) -> None:
        run = make_run()
        members = line(run, 12)
        fans(run, members[0], MOST)
        shown = family(members[-1], Wish(root=members[0].pk, every_step=True))
        assert {one.pk for one in members} <= numbers(shown)
        assert shown.left_out

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

    def test_of_many_children_the_largest_families_are_shown_and_the_rest_counted(self) -> None:
        run = make_run()
        root = make_individual(run)
        children = fans(run, root, 60)
        grandchildren = fans(run, children[50], 3, generation=2)
        shown = family(root, Wish())
        assert len(shown.members) == ENOUGH
        assert children[50].pk in numbers(shown)
        assert member(shown, root).hidden == 60 - (ENOUGH - 1)
        assert member(shown, children[50]).hidden == 3
        opened = family(root, Wish(opened=frozenset({children[50].pk})))
        assert {one.pk for one in grandchildren} <= numbers(opened)
        everything = family(root, Wish(everything=True))
        assert len(everything.members) == 64
        assert everything.n_below == 0

    def test_draws_the_other_parent_where_it_is_in_the_tree(self, client: Client) -> None:
        run = make_run()
        root = make_individual(run)
        one, other = fans(run, root, 2)
        child = make_individual(run, generation=2, parent=one, mate=other)
        page = client.get(f"/individuals/{child.pk}/family/").content.decode()
        assert page.count('class="mate"') == 1
        assert f"other parent No. {other.pk}" in page

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
        assert "hidden by staff" in page
        for address in ("family/", "line"):
            assert client.get(f"/individuals/{child.pk}/{address}").status_code == 410

    def test_a_cycle_made_by_hand_ends(self) -> None:
        members = line(make_run(), 3)
        Individual.objects.filter(pk=members[0].pk).update(parent=members[2])
        assert len(lineages.descendants(members[0].pk, 50)) == 3
        for wish in (Wish(), Wish(every_step=True), Wish(root=members[1].pk, everything=True)):
            assert family(members[2], wish).members

    def test_of_thousands_the_nearest_are_shown_in_time(self, client: Client) -> None:
        run = make_run()
        root = make_individual(run)
        fans(run, root, 5000)
        shown = family(root, Wish(everything=True))
        assert (len(shown.members), shown.size, shown.left_out) == (MOST, 5001, True)
        taken = []
        for _ in range(3):
            began = time.perf_counter()
            page = client.get(f"/individuals/{root.pk}/family/?open=all").content.decode()
            taken.append(time.perf_counter() - began)
        assert min(taken) < 1  # about 0.1 s; a busy machine gets the rest
        assert page.count(' href="/pictures/') == 200  # others when they come into view
        assert page.count(' data-href="/pictures/') == MOST - 200
        assert "5,000 descend" in page

    def test_a_line_of_thousands_of_steps(self, client: Client) -> None:
        members = long_line(3000)
        began = time.perf_counter()
        shown = family(members[-1], Wish(root=members[0].pk))
        assert numbers(shown) == {members[0].pk, members[-1].pk}
        assert member(shown, members[-1]).between == 2998
        every = family(members[-1], Wish(root=members[0].pk, every_step=True))
        assert len(every.members) == MOST + 1  # the first of all, and the nearest
        assert members[-1].pk in numbers(every)
        address = f"/individuals/{members[-1].pk}/family/?show=steps&from={members[0].pk}"
        assert client.get(address).status_code == 200
        assert time.perf_counter() - began < 5


@pytest.mark.django_db
class TestPage:
    @pytest.mark.parametrize(
        "query",
        [
            "?from=x",
            "?from=99999999999999999999",
            "?fold=-1",
            "?fold=٣",
            "?show=<b>",
            "?from=1&fold=1",
            "?open=1&open=nothing&open=all&fold=1",
            "?" + "&".join(f"fold={number}" for number in range(1, 90)),
        ],
    )
    def test_what_cannot_be_asked_for_is_left_out(self, client: Client, query: str) -> None:
        members = line(make_run(), 4)
        assert client.get(f"/individuals/{members[-1].pk}/family/{query}").status_code == 200

    def test_links_fold_and_open_again(self, client: Client) -> None:
        run = make_run()
        root, fork, _ = line(run, 3)
        make_individual(run, generation=2, parent=fork)
        address = f"/individuals/{root.pk}/family/"
        page = client.get(address).content.decode()
        folding = f'href="?show=forks&amp;from={root.pk}&amp;fold={fork.pk}"'
        assert folding in page
        folded = client.get(f"{address}?show=forks&from={root.pk}&fold={fork.pk}").content.decode()
        assert f'href="?show=forks&amp;from={root.pk}&amp;open={fork.pk}"' in folded
        assert ">+2</text>" in folded
        again = client.get(f"{address}?show=forks&from={root.pk}&open={fork.pk}").content.decode()
        assert folding in again
        assert ">+2</text>" not in again

    def test_the_list_nests_and_is_closed(self, client: Client) -> None:
        run = make_run()
        members = line(run, 30)
        make_individual(run, generation=5, parent=members[3])
        root = members[0].pk
        address = f"/individuals/{members[-1].pk}/family/?show=steps&from={root}"
        page = client.get(address).content.decode()
        listed = page[page.index("The same tree as a list") :]
        assert listed.count("<ol>") == listed.count("</ol>") == DEEPEST + 1
        assert listed.count("<li>") == listed.count("</li>") == 31
        assert f"child of No. {members[-2].pk}" in listed

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
        drawing = ElementTree.fromstring(answer.content)
        pictures = [node.get("href", "") for node in drawing.iter() if node.tag.endswith("image")]
        assert len(pictures) == 2
        assert all(address.startswith("data:image/webp;base64,") for address in pictures)
        pages = [node.get("href", "") for node in drawing.iter() if node.tag.endswith("}a")]
        assert all(address.startswith("http://testserver/individuals/") for address in pages)

    def test_asks_the_database_a_bounded_number_of_times(
        self, client: Client, django_assert_max_num_queries: object
    ) -> None:
        members = line(make_run(), 30)
        with django_assert_max_num_queries(7):  # type: ignore[operator]
            client.get(f"/individuals/{members[-1].pk}/family/?show=steps")
