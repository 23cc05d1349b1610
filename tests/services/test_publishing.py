"""Publishing a picture: what is accepted, what is stored, and what happens when it is sent twice."""

import threading
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connections

from evolution.errors import InvalidInput, NotAllowed
from evolution.models import Block, Brood, Individual, Publication
from evolution.services.publishing import Draft, nearest_published, publish
from evolution.services.visitors import Visitor
from tests.factories import (
    make_brood,
    make_elite,
    make_hand_bred,
    make_publication,
    make_run,
    make_session,
)

pytestmark = pytest.mark.django_db


def draft(**fields: Any) -> Draft:
    return Draft(
        **{
            "title": "Two rings",
            "tags": ["ring", "light"],
            "licence": "CC-BY-4.0",
            "is_anonymous": True,
            "submission": uuid.uuid4(),
            **fields,
        }
    )


def of(brood: Brood, account: User | None = None) -> Visitor:
    return Visitor(brood.session.visitor, account)


@pytest.fixture
def brood() -> Brood:
    return make_brood(make_session())


def published(brood: Brood, **fields: Any) -> Publication:
    return publish(of(brood), brood, 0, draft(**fields))


class TestTitle:
    @pytest.mark.parametrize(
        ("title", "stored"),
        [
            ("  two \n\t rings ", "two rings"),
            ("<script>alert(1)</script>", "<script>alert(1)</script>"),
            ("e\u0301toile", "\u00e9toile"),
            ("x" * 80, "x" * 80),
            ("!", "!"),
            ("\u2728", "\u2728"),
        ],
    )
    def test_is_stored_as_text(self, brood: Brood, title: str, stored: str) -> None:
        assert published(brood, title=title).title == stored

    @pytest.mark.parametrize(
        ("title", "words"),
        [
            ("", "got nothing to read"),
            ("   ", "got nothing to read"),
            ("\u200b\u200b", "got nothing to read"),
            ("x" * 81, "at most 80 characters, got 81"),
            ("x" * 10_000, "at most 80 characters, got 10,000"),
            ("a\x00b", r"control characters, got one \(U\+0000\)"),
            ("a\x1b[31m", r"U\+001B"),
            ("a\u202eb", r"U\+202E"),
        ],
    )
    def test_is_refused(self, brood: Brood, title: str, words: str) -> None:
        with pytest.raises(InvalidInput, match=f"^title: .*{words}"):
            published(brood, title=title)
        assert not Publication.objects.exists()
        assert not Individual.objects.exists()


class TestTags:
    @pytest.mark.parametrize(
        ("tags", "stored"),
        [
            (["Cat", "cat ", "CAT"], ["cat"]),
            (["\uff23at"], ["cat"]),
            (["sea-star", "#moon!"], ["sea-star", "moon"]),
            (["", "  "], []),
            (["\u0928\u092e\u0938\u094d\u0924\u0947"], ["\u0928\u092e\u0938\u094d\u0924\u0947"]),
            (["<b>x</b>"], ["b x b"]),
            (["x" * 30], ["x" * 30]),
        ],
    )
    def test_are_written_one_way(self, brood: Brood, tags: list[str], stored: list[str]) -> None:
        made = published(brood, tags=tags)
        assert sorted(made.tags.values_list("name", flat=True)) == sorted(stored)

    @pytest.mark.parametrize(
        ("tags", "words"),
        [
            ([f"tag {number}" for number in range(100)], "at most 8, got 100"),
            (["x" * 31], "at most 30 characters each"),
            (["x" * 100_000], "at most 30 characters each"),
            (["!!!"], "letters or digits, got “!!!”"),
        ],
    )
    def test_are_refused(self, brood: Brood, tags: list[str], words: str) -> None:
        with pytest.raises(InvalidInput, match=f"^tags: .*{words}"):
            published(brood, tags=tags)

    def test_of_two_pictures_are_one_row(self) -> None:
        one, other = (published(make_brood(make_session())) for _ in range(2))
        assert set(one.tags.all()) == set(other.tags.all())


@pytest.mark.parametrize("licence", ["", "MIT", "CC-BY-4.0 "])
def test_refuses_other_licences(brood: Brood, licence: str) -> None:
    with pytest.raises(InvalidInput, match=r"^licence: expected one of CC0-1.0"):
        published(brood, licence=licence)


def test_a_name_needs_an_account(brood: Brood, django_user_model: type[User]) -> None:
    with pytest.raises(InvalidInput, match=r"^is_anonymous: expected an account"):
        published(brood, is_anonymous=False)
    account = django_user_model.objects.create_user("ada")
    made = publish(of(brood, account), brood, 0, draft(is_anonymous=False))
    assert (made.author, made.is_anonymous) == (account, False)
    hidden = publish(of(brood, account), brood, 1, draft())
    assert (hidden.author, hidden.is_anonymous) == (account, True)


def test_who_is_blocked_publishes_nothing(brood: Brood) -> None:
    Block.objects.create(visitor=brood.session.visitor)
    with pytest.raises(NotAllowed):
        published(brood)
    assert not Individual.objects.exists()


class TestTwice:
    def test_the_same_form_publishes_once(self, brood: Brood) -> None:
        form = draft()
        first = publish(of(brood), brood, 0, form)
        assert publish(of(brood), brood, 0, form) == first
        assert publish(of(brood), brood, 1, form) == first
        assert Publication.objects.count() == 1

    def test_somebody_elses_form_is_no_key(self, brood: Brood) -> None:
        form = draft()
        publish(of(brood), brood, 0, form)
        other = make_brood(make_session())
        with pytest.raises(InvalidInput, match=r"^submission: "):
            publish(of(other), other, 0, form)

    def test_another_form_is_told_of_the_publication(self, brood: Brood) -> None:
        first = published(brood)
        with pytest.raises(InvalidInput, match=f"“Two rings”, No. {first.individual_id}"):
            published(brood, title="Again")

    def test_what_was_kept_is_what_it_was(self, brood: Brood) -> None:
        published(brood)
        later = make_brood(brood.session, brood, origins=[[0, None, True]])
        with pytest.raises(InvalidInput, match=r"not published yet"):
            published(later)


@pytest.mark.parametrize("kept", [True, False])
def test_what_a_session_branched_from_is_not_its_own(kept: bool) -> None:
    elite = make_elite(make_run())
    session = make_session(branched_from=elite.individual)
    brood = make_brood(session, origins=[[0, None, kept]])
    if kept:
        with pytest.raises(InvalidInput, match=r"bred here, this one is No"):
            published(brood)
    else:
        assert published(brood).individual.parent == elite.individual


class TestBranchedFrom:
    def test_is_the_nearest_published_ancestor(self, brood: Brood) -> None:
        oldest = published(brood)
        second = make_brood(brood.session, brood)
        nearer = published(second)
        third = make_brood(brood.session, second)
        assert published(third).branched_from == nearer
        assert nearer.branched_from == oldest
        assert oldest.branched_from is None

    def test_reaches_into_another_session(self) -> None:
        origin = make_publication()
        session = make_session(branched_from=origin.individual)
        between = make_brood(session)
        assert published(make_brood(session, between)).branched_from == origin

    def test_of_a_long_line_is_found(self) -> None:
        origin = make_publication()
        brood = make_brood(make_session())
        parent = origin.individual
        for position in range(3, 1203):
            parent = make_hand_bred(brood, position, parent, genome=b"")
        assert nearest_published(parent) == origin


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same_form", [True, False])
def test_two_at_once_publish_once(same_form: bool) -> None:
    brood = make_brood(make_session())
    form = draft()
    made: list[int] = []
    refused: list[str] = []

    def send() -> None:
        own = form if same_form else draft()
        try:
            again = Brood.objects.select_related("session").get(pk=brood.pk)
            made.append(publish(of(again), again, 0, own).pk)
        except InvalidInput as error:
            refused.append(str(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Publication.objects.count() == 1
    assert (len(made), len(refused)) == ((4, 0) if same_form else (1, 3))
    assert all("not published yet" in words for words in refused)
