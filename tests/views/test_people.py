"""Profiles: what somebody published under a name; more for themselves alone."""

import re
import uuid

import pytest
from django.contrib.auth.models import User
from django.test import Client

from evolution.exhibits import publications_wall
from evolution.models import Rating
from tests.factories import (
    NOW,
    make_brood,
    make_hand_bred,
    make_publication,
    make_session,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def mira() -> User:
    return User.objects.create_user("Mira")


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return str(response.content.decode())


def shown(html: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="published-(\d+)"', html)]


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


class TestAProfile:
    def test_sums_up_what_was_published_under_the_name(self, client: Client, mira: User) -> None:
        first, second = (make_publication(author=mira) for _ in range(2))
        secret = make_publication(author=mira, is_anonymous=True)
        for publication, stars in ((first, 5), (first, 4), (second, 3), (secret, 1)):
            Rating.objects.create(publication=publication, visitor=uuid.uuid4(), stars=stars)
        make_publication(branched_from=first)
        make_publication(branched_from=second)
        make_publication(branched_from=second, hidden_at=NOW)
        make_publication(branched_from=secret)
        html = page(client, "/people/Mira/")
        assert shown(html) == [second.pk, first.pk]
        assert "published since 1 Mar 2026 2 mean of 3 ratings 4.0 of 5" in words(html)
        assert "published pictures bred on from theirs 2" in words(html)

    def test_pages_are_bounded(self, client: Client, mira: User) -> None:
        for _ in range(publications_wall.PAGE + 1):
            make_publication(author=mira)
        html = page(client, "/people/Mira/")
        link = re.search(r'href="(/people/Mira/\?after=\d+)"', html)
        assert link is not None
        assert len(shown(html)) == publications_wall.PAGE
        assert len(shown(page(client, link[1]))) == 1

    @pytest.mark.parametrize("path", ["Nobody", "Mira", "%00", "x" * 5000, "'"])
    def test_of_somebody_who_shows_nothing_there_is_none(
        self, client: Client, mira: User, path: str
    ) -> None:
        make_publication(author=mira, is_anonymous=True)
        assert client.get(f"/people/{path}/").status_code == 404

    def test_of_an_account_that_was_closed_shows_what_stays_published(
        self, client: Client, mira: User
    ) -> None:
        mira.is_active = False
        mira.save()
        assert client.get("/people/Mira/").status_code == 404
        number = make_publication(author=mira).pk
        assert shown(page(client, "/people/Mira/")) == [number]


class TestOnesOwnProfile:
    def test_has_what_is_seen_by_nobody_else(self, client: Client, mira: User) -> None:
        named = make_publication(author=mira)
        secret = make_publication(author=mira, is_anonymous=True)
        hidden = make_publication(author=mira, is_anonymous=True, hidden_at=NOW)
        begun = make_session(owner=mira)
        make_brood(begun)
        published = make_session(owner=mira)
        make_publication(make_hand_bred(make_brood(published)), author=mira)
        client.force_login(mira)
        html = page(client, "/people/Mira/")
        assert {named.pk, secret.pk} < set(shown(html))
        assert hidden.pk not in shown(html)
        assert "without your name" in html
        assert "Begun and not published" in html
        assert re.findall(r'href="/breed/(\w+)/"', html) == [begun.code]
        others = page(Client(), "/people/Mira/")
        assert secret.pk not in shown(others)
        assert "Begun and not published" not in others

    def test_is_there_before_anything_is_published(self, client: Client, mira: User) -> None:
        client.force_login(mira)
        assert "You have not published a picture yet." in page(client, "/people/Mira/")


class TestPeople:
    def test_those_whose_pictures_others_bred_on_from_come_first(
        self, client: Client, mira: User
    ) -> None:
        jonas = User.objects.create_user("Jonas")
        secretive = User.objects.create_user("Secretive")
        root = make_publication(author=mira)
        for _ in range(3):
            make_publication(author=jonas)
        make_publication(branched_from=root)
        make_publication(branched_from=root)
        hidden = make_publication(author=mira, hidden_at=NOW)
        make_publication(branched_from=hidden)
        make_publication(author=secretive, is_anonymous=True)
        html = words(page(client, "/people/"))
        assert "Mira 1 2 Jonas 3 0" in html
        assert "Secretive" not in html

    def test_says_when_there_is_nobody(self, client: Client) -> None:
        assert "Nobody has published" in page(client, "/people/")
