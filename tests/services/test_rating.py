"""Stars and reports: one a visitor, whatever browsers an account uses."""

import threading
import uuid

import pytest
from django.contrib.auth.models import User
from django.db import connections

from evolution.errors import InvalidInput, NotAllowed
from evolution.models import Block, Publication, Rating, Report
from evolution.services import rating
from evolution.services.visitors import Visitor
from tests.factories import NOW, make_publication

pytestmark = pytest.mark.django_db


@pytest.fixture
def publication() -> Publication:
    return make_publication()


@pytest.fixture
def ada() -> User:
    return User.objects.create_user("ada")


def somebody(account: User | None = None) -> Visitor:
    return Visitor(uuid.uuid4(), account)


def stars() -> list[int]:
    return sorted(Rating.objects.values_list("stars", flat=True))


class TestStars:
    def test_are_one_a_visitor_and_can_be_changed(self, publication: Publication) -> None:
        visitor = somebody()
        rating.rate(visitor, publication.pk, 2)
        rating.rate(visitor, publication.pk, 5)
        rating.rate(somebody(), publication.pk, 1)
        assert stars() == [1, 5]

    def test_of_an_account_count_once(self, publication: Publication, ada: User) -> None:
        for number, visitor in enumerate([somebody(ada), somebody(ada)], 1):
            rating.rate(visitor, publication.pk, number)
        assert stars() == [2]

    def test_before_and_after_signing_in_are_one(self, publication: Publication, ada: User) -> None:
        rating.rate(somebody(ada), publication.pk, 1)
        browser = uuid.uuid4()
        rating.rate(Visitor(browser), publication.pk, 2)
        rating.rate(Visitor(browser, ada), publication.pk, 3)
        assert stars() == [3]

    def test_of_one_browser_are_one_whoever_signs_in(
        self, publication: Publication, ada: User
    ) -> None:
        browser = uuid.uuid4()
        rating.rate(Visitor(browser, ada), publication.pk, 1)
        rating.rate(Visitor(browser, User.objects.create_user("bob")), publication.pk, 4)
        assert stars() == [4]

    @pytest.mark.parametrize("given", [0, 6, -1, 10**9])
    def test_are_one_to_five(self, publication: Publication, given: int) -> None:
        with pytest.raises(
            InvalidInput, match=f"stars: expected a number from 1 to 5, got {given}"
        ):
            rating.rate(somebody(), publication.pk, given)

    def test_are_not_for_ones_own(self, ada: User) -> None:
        publication = make_publication(author=ada)
        for own in (Visitor(publication.visitor), somebody(ada)):
            with pytest.raises(NotAllowed, match="of their own"):
                rating.rate(own, publication.pk, 5)
        assert not stars()

    def test_are_not_for_what_is_hidden(self) -> None:
        publication = make_publication(hidden_at=NOW)
        with pytest.raises(Publication.DoesNotExist):
            rating.rate(somebody(), publication.pk, 5)

    def test_of_who_is_blocked_are_refused(self, publication: Publication, ada: User) -> None:
        Block.objects.create(account=ada)
        with pytest.raises(NotAllowed):
            rating.rate(somebody(ada), publication.pk, 5)


class TestReports:
    def test_are_one_a_visitor(self, publication: Publication) -> None:
        visitor = somebody()
        first = rating.report(visitor, publication.pk, "a name of a person")
        assert rating.report(visitor, publication.pk, "again") == first
        rating.report(somebody(), publication.pk, "no")
        assert Report.objects.count() == 2

    @pytest.mark.parametrize("reason", ["", " ", "x" * 501, "a\x00"])
    def test_want_a_reason(self, publication: Publication, reason: str) -> None:
        with pytest.raises(InvalidInput, match=r"^reason: "):
            rating.report(somebody(), publication.pk, reason)


@pytest.mark.django_db(transaction=True)
def test_two_ratings_at_once_are_one() -> None:
    publication, visitor = make_publication(), somebody()
    failed: list[Exception] = []

    def rate(number: int) -> None:
        try:
            rating.rate(visitor, publication.pk, number)
        except Exception as error:  # noqa: BLE001  the assertion below shows it
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=rate, args=[number]) for number in range(1, 6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(stars()) == 1
