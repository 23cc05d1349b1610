"""The form that publishes a picture: what it shows, refuses and keeps."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evolution.models import Block, Brood, Individual, Publication
from evolution.services import tagging
from evolution.views import publishing as view
from evolution.views.visitors import KEY
from tests.factories import make_brood, make_hand_bred, make_publication, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def brood(client: Client) -> Brood:
    """Of a session that the client began."""
    visitor = uuid.uuid4()
    session = client.session
    session[KEY] = str(visitor)
    session.save()
    return make_brood(make_session(visitor=visitor))


def address(brood: Brood, slot: object = 1, number: object = None) -> str:
    number = brood.number if number is None else number
    return f"/breed/{brood.session.code}/publish/?brood={number}&slot={slot}"


def fields(**changes: Any) -> dict[str, Any]:
    return {
        "submission": str(uuid.uuid4()),
        "title": "Two rings",
        "tags": "ring, light",
        "licence": "CC-BY-4.0",
        "credit": "anonymous",
        **changes,
    }


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


class TestForm:
    def test_shows_the_picture_and_one_main_button(self, client: Client, brood: Brood) -> None:
        found = client.get(address(brood)).content.decode()
        assert 'src="data:image/webp;base64,' in found
        assert found.count("button--main") == 1
        assert not Individual.objects.exists()

    def test_offers_tags_without_a_script(self, client: Client, brood: Brood) -> None:
        made = make_publication()
        made.tags.set(tagging.rows(["moon"]))
        brood.session.branched_from = made.individual
        brood.session.save()
        found = client.get(address(brood)).content.decode()
        assert '<input type="checkbox" name="tag" value="moon">' in found
        assert '<option value="moon">' in found

    def test_says_how_to_have_a_name(self, client: Client, brood: Brood) -> None:
        found = client.get(address(brood)).content.decode()
        back = f"next=%2Fbreed%2F{brood.session.code}%2Fpublish%2F%3Fbrood%3D0%26slot%3D1"
        assert f'href="/sign-in/?{back}"' in found
        assert 'value="named"' not in found

    def test_offers_the_name_of_the_account(self, client: Client, brood: Brood) -> None:
        client.force_login(User.objects.create_user("ada"))
        brood.session.owner = User.objects.get()
        brood.session.save()
        found = client.get(address(brood)).content.decode()
        assert 'name="credit" value="named" checked' in found
        assert "<b>ada</b>" in found

    def test_of_a_published_picture_leads_to_it(self, client: Client, brood: Brood) -> None:
        client.post(address(brood), fields())
        made = Publication.objects.get()
        assert (
            client.get(address(brood)).headers["Location"] == f"/individuals/{made.individual_id}/"
        )


def test_asks_few_things_however_long_the_session(client: Client, brood: Brood) -> None:
    counts = []
    for steps in (1, 20):
        for _ in range(steps):
            brood = make_brood(brood.session, brood)
            make_publication(make_hand_bred(brood, 2))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address(brood)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 14


class TestPublishing:
    def test_stores_and_shows_it(self, client: Client, brood: Brood) -> None:
        answer = client.post(address(brood), fields(tag=["eye"], tags="ring,, Light "))
        made = Publication.objects.get()
        assert answer.headers["Location"] == f"/individuals/{made.individual_id}/"
        assert made.individual.position == 1
        assert set(made.tags.values_list("name", flat=True)) == {"eye", "ring", "light"}
        assert made.author is None

    def test_by_an_account(self, client: Client, brood: Brood) -> None:
        ada = User.objects.create_user("ada")
        brood.session.owner = ada
        brood.session.save()
        client.force_login(ada)
        client.post(address(brood), fields(credit="named"))
        made = Publication.objects.get()
        assert (made.author, made.is_anonymous) == (ada, False)

    def test_the_same_form_twice_publishes_once(self, client: Client, brood: Brood) -> None:
        form = fields()
        first, second = (client.post(address(brood), form) for _ in range(2))
        assert first.headers["Location"] == second.headers["Location"]
        assert Publication.objects.count() == 1


class TestMistakes:
    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"title": ""}, "expected 1 to 80 characters, got nothing to read"),
            ({"title": "x" * 10_000}, "expected at most 80 characters, got 10,000"),
            ({"title": "a\x01b"}, "control characters"),
            ({"tags": ",".join(f"tag {n}" for n in range(100))}, "expected at most 8, got 100"),
            ({"tag": [f"tag {n}" for n in range(100)]}, "expected at most 8, got 10"),
            ({"tags": "x" * 31}, "at most 30 characters each"),
            ({"licence": "MIT"}, "expected one of CC0-1.0"),
            ({"licence": ""}, "expected one of CC0-1.0"),
            ({"credit": "named"}, "expected an account for a name"),
            ({"submission": "x"}, "This form cannot be used any more"),
            ({"submission": ""}, "This form cannot be used any more"),
        ],
    )
    def test_are_told_and_nothing_is_lost(
        self, client: Client, brood: Brood, changes: dict[str, Any], words: str
    ) -> None:
        sent = {**fields(title="My title", tags="mine"), **changes}
        answer = client.post(address(brood), sent)
        assert answer.status_code == 400
        assert words in text(answer)
        if "title" not in changes:
            assert 'value="My title"' in text(answer)
        if "tags" not in changes:
            assert 'value="mine"' in text(answer)
        assert not Publication.objects.exists()

    def test_keep_what_was_ticked(self, client: Client, brood: Brood) -> None:
        answer = client.post(address(brood), fields(title="", tag=["moon"], licence="CC0-1.0"))
        assert '<input type="checkbox" name="tag" value="moon" checked>' in text(answer)
        assert 'value="CC0-1.0" checked' in text(answer)

    def test_markup_is_text(self, client: Client, brood: Brood) -> None:
        title = '"><script>alert(1)</script>'
        refused = client.post(address(brood), fields(title=title, tags="!!!"))
        made = client.post(address(brood), fields(title=title), follow=True)
        for answer in (refused, made):
            assert "<script>alert" not in answer.content.decode()
            assert "&lt;script&gt;alert" in answer.content.decode()

    def test_of_a_brood_that_was_published_meanwhile(self, client: Client, brood: Brood) -> None:
        client.post(address(brood), fields())
        answer = client.post(address(brood), fields(title="Again"))
        assert answer.status_code == 400
        assert "expected a picture that is not published yet, this one is “Two rings”" in text(
            answer
        )


class TestAddress:
    @pytest.mark.parametrize("slot", ["", "x", "-1", "3", "1.5", "9" * 30, "\u0663"])
    def test_of_a_forged_slot(self, client: Client, brood: Brood, slot: str) -> None:
        for answer in (
            client.get(address(brood, slot)),
            client.post(address(brood, slot), fields()),
        ):
            assert answer.status_code == 400
            assert answer.content.decode().startswith("slot: expected")
        assert not Individual.objects.exists()

    @pytest.mark.parametrize("number", ["", "x", "-1", "7", "9" * 30])
    def test_of_a_forged_brood(self, client: Client, brood: Brood, number: str) -> None:
        assert client.get(address(brood, number=number)).status_code == 404
        assert client.post(address(brood, number=number), fields()).status_code == 404

    def test_of_somebody_elses_session(self, client: Client, brood: Brood) -> None:
        other = make_brood(make_session())
        stranger = Client()
        for who in (client, stranger):
            assert who.get(address(other)).status_code == 404
            assert who.post(address(other), fields()).status_code == 404
        assert not Publication.objects.exists()

    def test_of_a_session_that_is_not_there(self, client: Client, brood: Brood) -> None:
        assert client.get("/breed/nothing/publish/?brood=0&slot=0").status_code == 404


class TestBounds:
    def test_a_flood_is_refused_and_loses_nothing(
        self, client: Client, brood: Brood, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(view, "RATE", "3/h")
        statuses = []
        for _ in range(5):
            one = make_brood(make_session(visitor=brood.session.visitor))
            answer = client.post(address(one), fields(title="Kept title"))
            statuses.append(answer.status_code)
        assert statuses == [302, 302, 302, 429, 429]
        assert "Nothing is lost" in text(answer)
        assert 'value="Kept title"' in text(answer)
        assert Publication.objects.count() == 3

    def test_mistakes_do_not_count(
        self, client: Client, brood: Brood, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(view, "RATE", "1/h")
        for _ in range(3):
            assert client.post(address(brood), fields(title="")).status_code == 400
        assert client.post(address(brood), fields()).status_code == 302

    def test_who_is_blocked_is_told(self, client: Client, brood: Brood) -> None:
        Block.objects.create(visitor=brood.session.visitor)
        for answer in (client.get(address(brood)), client.post(address(brood), fields())):
            assert answer.status_code == 403
            assert "Staff has blocked publishing" in text(answer)
        assert not Publication.objects.exists()

    def test_of_a_damaged_brood(self, client: Client, brood: Brood) -> None:
        Brood.objects.filter(pk=brood.pk).update(genomes=b"nonsense")
        assert client.get(address(brood)).status_code == 410
        assert client.post(address(brood), fields()).status_code in (400, 410)
