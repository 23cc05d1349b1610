"""What programs are told of what people published, and what nobody is told."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from evolution.models import Individual, Rating, Run, Tag
from tests.factories import (
    NOW,
    make_brood,
    make_elite,
    make_hand_bred,
    make_publication,
    make_run,
    make_session,
)
from tests.views.asking import UNKNOWN, all_items, get, hide

pytestmark = pytest.mark.django_db


class TestPublications:
    def test_are_told_newest_first(self, client: Client) -> None:
        rows = [make_publication(published_at=NOW + timedelta(hours=n // 2)) for n in range(7)]
        told = list(all_items(client, "/api/1/publications?limit=3"))
        assert [item["individual"] for item in told] == [row.individual_id for row in rows[::-1]]

    def test_are_found_by_tag_and_by_author(self, client: Client) -> None:
        tag = Tag.objects.create(name="moon & sun")
        author = User.objects.create_user("ada")
        rows = [make_publication(author=author) for _ in range(3)]
        other = make_publication()
        for row in (*rows[:2], other):
            row.tags.add(tag)
        by_tag = list(all_items(client, "/api/1/publications?tag=moon+%26+sun&limit=2"))
        assert {item["individual"] for item in by_tag} == {
            row.individual_id for row in (*rows[:2], other)
        }
        by_both = get(client, "/api/1/publications?tag=moon+%26+sun&author=ada")["items"]
        assert {item["individual"] for item in by_both} == {row.individual_id for row in rows[:2]}
        assert all(item["tags"] == ["moon & sun"] for item in by_both)
        assert get(client, "/api/1/publications?tag=sun")["items"] == []

    def test_after_one_that_is_unknown_there_is_nothing(self, client: Client) -> None:
        make_publication()
        assert get(client, f"/api/1/publications?after={UNKNOWN}") == {"items": [], "next": None}


class TestWhatStaffHid:
    def test_appears_nowhere(self, client: Client) -> None:
        session = make_session()
        brood = make_brood(session)
        grandparent = make_hand_bred(brood, 0)
        following = make_brood(session, brood)
        parent = make_hand_bred(following, 0, parent=grandparent)
        hidden = make_publication(parent, title="Unfit words")
        child = make_hand_bred(make_brood(session, following), 0, parent=parent)
        published = make_publication(child, branched_from=hidden)
        hide(hidden)
        for address in (
            "/api/1/publications",
            f"/api/1/individuals/{child.pk}",
            f"/api/1/individuals/{child.pk}/line",
            f"/api/1/individuals/{grandparent.pk}/children",
        ):
            words = client.get(address).content.decode()
            assert "nfit" not in words, address
        for rest in ("", "/line", "/children"):
            get(client, f"/api/1/individuals/{parent.pk}{rest}", 404)
        (only,) = get(client, "/api/1/publications")["items"]
        assert only["individual"] == published.individual_id
        assert get(client, f"/api/1/individuals/{grandparent.pk}/children")["items"] == []
        line = get(client, f"/api/1/individuals/{child.pk}/line")["items"]
        assert [item["individual"] for item in line] == [child.pk, parent.pk, grandparent.pk]
        assert (line[1]["address"], line[1]["picture"], line[1]["publication"]) == (None,) * 3

    def test_is_stepped_over_though_a_part_ended_there(self, client: Client) -> None:
        rows = [make_publication(published_at=NOW + timedelta(hours=n)) for n in range(3)]
        following = get(client, "/api/1/publications?limit=1")["next"]
        hide(rows[2])
        told = list(all_items(client, following))
        assert [item["individual"] for item in told] == [row.individual_id for row in rows[1::-1]]


def test_nothing_private_is_told(client: Client) -> None:
    author = User.objects.create_user("ada", email="secret-address@example.org", password="x")
    rater = User.objects.create_user("rater-name")
    run = make_run(status="failed", generation=1, owner=author, error="/secret/path")
    machine = make_elite(run).individual
    session = make_session(owner=author, branched_from=machine, wish="secret wish")
    hand_bred = make_hand_bred(make_brood(session), parent=machine)
    published = make_publication(hand_bred, author=author)
    rating = Rating.objects.create(
        publication=published, visitor=make_session().visitor, rater=rater, stars=5
    )
    private = [
        session.code,
        session.visitor,
        session.submission,
        published.visitor,
        published.submission,
        run.submission,
        rating.visitor,
        "secret",
        "rater-name",
    ]
    words = ""
    for address in (
        "/api/1/publications",
        "/api/1/runs",
        f"/api/1/runs/{run.pk}",
        f"/api/1/runs/{run.pk}/elites?history=1",
        *(
            f"/api/1/individuals/{pk}{rest}"
            for pk in Individual.objects.values_list("pk", flat=True)
            for rest in ("", "/line", "/children")
        ),
    ):
        words += client.get(address).content.decode()
    assert published.title in words
    assert "ada" in words
    for secret in private:
        assert str(secret) not in words
        assert str(secret).replace("-", "") not in words
    assert Run.objects.get().owner == author
