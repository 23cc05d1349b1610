"""The views of published pictures: what belongs to each, and in which order."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from evolution.exhibits import publications_wall, standings
from evolution.models import Publication, Rating
from tests.factories import NOW, make_publication

pytestmark = pytest.mark.django_db


def rate(publication: Publication, *stars: int) -> None:
    for given in stars:
        Rating.objects.create(publication=publication, visitor=uuid.uuid4(), stars=given)


def order(view: str, seed: int = 0, after: int | None = None, most: int = 100) -> list[int]:
    public = Publication.objects.public()
    return standings.VIEWS[view].numbers(public, seed, after, most)


class TestNewest:
    def test_later_ones_come_first_and_of_equals_the_higher_number(self) -> None:
        old = make_publication(published_at=NOW)
        new = make_publication(published_at=NOW + timedelta(seconds=1))
        same = make_publication(published_at=NOW)
        assert order("newest") == [new.pk, same.pk, old.pk]


class TestBestRated:
    def test_one_voice_does_not_outweigh_many(self) -> None:
        single, many, middling = (make_publication() for _ in range(3))
        rate(single, 5)  # (15 + 5) / 6 = 3.33
        rate(many, 5, 4, 5, 4, 5, 4, 5, 4)  # (15 + 36) / 13 = 3.92
        rate(middling, 3, 3, 3)
        assert order("best") == [many.pk, single.pk, middling.pk]

    def test_few_bad_ratings_stand_above_many(self) -> None:
        few, many = make_publication(), make_publication()
        rate(few, 1)
        rate(many, 1, 1, 1, 1)
        assert order("best") == [few.pk, many.pk]

    def test_what_nobody_rated_is_not_in_it(self) -> None:
        make_publication()
        assert order("best") == []

    def test_of_equal_ones_the_newer_comes_first(self) -> None:
        first, second = make_publication(), make_publication()
        rate(first, 4, 2)
        rate(second, 3, 3)
        assert order("best") == [second.pk, first.pk]


class TestBestNew:
    def test_is_the_same_order_among_those_of_seven_days(self) -> None:
        now = timezone.now()
        old = make_publication(published_at=now - timedelta(days=7, minutes=1))
        good = make_publication(published_at=now - timedelta(days=6, hours=23))
        fair = make_publication(published_at=now)
        rate(old, 5, 5)
        rate(good, 5)
        rate(fair, 4)
        assert order("best-new") == [good.pk, fair.pk]
        assert order("best") == [old.pk, good.pk, fair.pk]


class TestMostBranched:
    def test_counts_published_pictures_that_descend_directly(self) -> None:
        root = make_publication()
        children = [make_publication(branched_from=root) for _ in range(2)]
        make_publication(branched_from=children[0])
        assert order("branched") == [root.pk, children[0].pk]

    def test_hidden_branches_count_for_nothing(self) -> None:
        root, other = make_publication(), make_publication()
        make_publication(branched_from=root, hidden_at=NOW)
        make_publication(branched_from=root, hidden_at=NOW)
        make_publication(branched_from=other)
        assert order("branched") == [other.pk]


class TestPicks:
    def test_the_latest_pick_comes_first(self) -> None:
        early = make_publication(featured_at=NOW)
        late = make_publication(featured_at=NOW + timedelta(days=1))
        make_publication()
        assert order("picks") == [late.pk, early.pk]


class TestRandom:
    def test_a_seed_names_one_order(self) -> None:
        numbers = [make_publication().pk for _ in range(30)]
        orders = {tuple(order("random", seed)) for seed in (1, 1, 2, 3, standings.LARGEST_SEED)}
        assert len(orders) == 4
        assert all(sorted(shuffled) == numbers for shuffled in orders)
        assert all(list(shuffled) not in (numbers, numbers[::-1]) for shuffled in orders)

    def test_is_the_same_order_on_every_database(self) -> None:
        numbers = [make_publication().pk for _ in range(5)]

        def key(number: int) -> tuple[int, int]:
            line = (number * standings.FACTOR + 7) % standings.PRIME
            return line * line % standings.PRIME, number

        assert order("random", seed=7) == sorted(numbers, key=key, reverse=True)

    def test_who_comes_later_moves_nobody(self) -> None:
        before = [make_publication().pk for _ in range(10)]
        shuffled = order("random", 5)
        make_publication()
        assert [number for number in order("random", 5) if number in before] == shuffled


class TestPaging:
    @pytest.mark.parametrize("view", standings.VIEWS)
    def test_shows_each_once_over_ties(self, view: str) -> None:
        now = timezone.now()
        for _ in range(7):
            publication = make_publication(published_at=now, featured_at=NOW)
            rate(publication, 4)
            make_publication(published_at=now, branched_from=publication, hidden_at=NOW)
        for publication in Publication.objects.public():
            make_publication(published_at=now, branched_from=publication)
        whole, paged = order(view, 3), list[int]()
        while page := order(view, 3, paged[-1] if paged else None, most=3):
            paged += page
        assert paged == whole
        assert len(set(whole)) == len(whole) >= 7

    def test_a_picture_hidden_meanwhile_still_marks_its_place(self) -> None:
        numbers = [make_publication().pk for _ in range(4)]
        Publication.objects.filter(pk=numbers[2]).update(hidden_at=NOW)
        assert order("newest", after=numbers[2]) == [numbers[1], numbers[0]]

    def test_after_an_unknown_number_it_begins_anew(self) -> None:
        number = make_publication().pk
        assert order("newest", after=number + 1000) == [number]

    def test_pages_hang_sixty_and_name_what_follows(self) -> None:
        for _ in range(publications_wall.PAGE + 1):
            make_publication()
        filters, _ = publications_wall.read({})
        first = publications_wall.page(filters, publications_wall.publications(filters))
        assert len(first.tiles) == publications_wall.PAGE
        assert first.more == f"?after={first.tiles[-1].publication_id}"
        last, _ = publications_wall.read({"after": str(first.tiles[-1].publication_id)})
        rest = publications_wall.page(last, publications_wall.publications(last))
        assert len(rest.tiles) == 1
        assert rest.more == ""
