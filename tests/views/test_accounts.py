"""Accounts: signing up, keeping what was bred before, one's own pictures, leaving."""

import uuid

import pytest
from django.contrib.auth.models import User
from django.test import Client

from evolution.models import Block, BreedingSession, Individual, Publication
from evolution.views import signing_up
from tests.factories import make_brood, make_hand_bred, make_publication, make_session
from tests.views.breeders import begin

pytestmark = pytest.mark.django_db

PASSWORD = "a honeycomb at night"


def mira() -> User:
    return User.objects.get(username="Mira")


def names() -> list[str]:
    """Of everybody but the operator."""
    return list(User.objects.exclude(username="operator").values_list("username", flat=True))


def sign_up(client: Client, name: str = "Mira", **fields: str) -> int:
    form = {"username": name, "password1": PASSWORD, "password2": PASSWORD, **fields}
    return client.post("/sign-up/", form).status_code


def sign_in(client: Client, name: str = "Mira") -> int:
    return client.post("/sign-in/", {"username": name, "password": PASSWORD}).status_code


class TestSigningUp:
    def test_needs_a_name_and_a_password(self, client: Client) -> None:
        assert sign_up(client) == 302
        assert mira().check_password(PASSWORD)
        assert "Mira" in client.get("/account/").content.decode()

    @pytest.mark.parametrize(
        "fields",
        [
            {"username": "ab"},
            {"username": "x" * 31},
            {"username": "<b>mira</b>"},
            {"username": "Operator"},
            {"password2": "another one entirely"},
            {"password1": "12345678", "password2": "12345678"},
            {"password1": "mira", "password2": "mira"},
        ],
        ids=str,
    )
    def test_what_cannot_be_is_explained(self, client: Client, fields: dict[str, str]) -> None:
        assert sign_up(client, **{"username": "Mira", **fields}) == 400
        assert not names()

    def test_a_name_is_taken_whatever_its_capitals(self, client: Client) -> None:
        sign_up(client)
        assert sign_up(Client(), "mIRA") == 400
        assert names() == ["Mira"]

    def test_is_bounded_by_the_hour(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(signing_up, "RATE", "3/h")
        answers = [sign_up(Client(), f"breeder-{number}") for number in range(5)]
        assert answers == [302, 302, 302, 429, 429]

    def test_leads_nowhere_else(self, client: Client) -> None:
        form = {"username": "Mira", "password1": PASSWORD, "password2": PASSWORD}
        answer = client.post("/sign-up/?next=https://elsewhere.example/", form)
        assert answer["Location"].startswith("/")


class TestKeeping:
    def test_what_was_bred_before_is_the_accounts(self, client: Client) -> None:
        session = begin(client)
        sign_up(client)
        session.refresh_from_db()
        assert session.owner == mira()
        elsewhere = Client()
        sign_in(elsewhere)
        assert elsewhere.get(f"/breed/{session.code}/").status_code == 200

    def test_the_next_person_at_the_browser_gets_nothing(self, client: Client) -> None:
        session = begin(client)
        sign_up(client)
        client.post("/sign-out/")
        sign_up(client, "Tomasz")
        session.refresh_from_db()
        assert session.owner == mira()
        assert client.get(f"/breed/{session.code}/").status_code == 404


class TestOwnPictures:
    def published(self, client: Client) -> Publication:
        sign_up(client)
        return make_publication(author=mira(), is_anonymous=False, title="Harbour")

    def act(self, client: Client, publication: Publication, do: str) -> Publication:
        client.post(f"/account/pictures/{publication.pk}", {"do": do})
        publication.refresh_from_db()
        return publication

    def test_lose_and_get_the_name(self, client: Client) -> None:
        publication = self.published(client)
        assert self.act(client, publication, "unsign").is_anonymous
        assert not self.act(client, publication, "sign").is_anonymous

    def test_are_taken_down_and_put_back(self, client: Client) -> None:
        publication = self.published(client)
        assert self.act(client, publication, "take-down").is_hidden
        assert Client().get(f"/individuals/{publication.individual_id}/").status_code == 410
        assert not self.act(client, publication, "put-back").is_hidden

    def test_but_not_when_staff_hid_them(self, client: Client) -> None:
        publication = self.published(client)
        self.act(client, publication, "take-down")
        Publication.objects.update(hidden_because="rude")
        assert self.act(client, publication, "put-back").is_hidden

    def test_are_nobody_elses_to_take_down(self, client: Client) -> None:
        publication = self.published(client)
        other = Client()
        sign_up(other, "Tomasz")
        answer = other.post(f"/account/pictures/{publication.pk}", {"do": "take-down"})
        assert answer.status_code == 404

    def test_can_be_taken_away_as_a_file(self, client: Client) -> None:
        self.published(client)
        begin(client)
        data = client.get("/account/data.json").json()
        assert [one["title"] for one in data["publications"]] == ["Harbour"]
        assert len(data["sessions"]) == 1


class TestLeaving:
    def leave(self, client: Client, pictures: str) -> int:
        form = {"proof": PASSWORD, "pictures": pictures}
        return client.post("/account/delete/", form).status_code

    def bred(self, client: Client) -> Publication:
        """One published picture of a session, and a session of which nothing was stored."""
        sign_up(client)
        account = mira()
        begin(client)
        brood = make_brood(make_session(owner=account))
        individual = make_hand_bred(brood, 0)
        return make_publication(individual, author=account, is_anonymous=False)

    def test_pictures_stay_without_a_name(self, client: Client) -> None:
        publication = self.bred(client)
        assert self.leave(client, "keep") == 200
        publication.refresh_from_db()
        assert (publication.author, publication.is_anonymous) == (None, True)
        assert not publication.is_hidden
        assert not names()
        assert BreedingSession.objects.count() == 1  # the one that the picture came from

    def test_or_are_taken_down(self, client: Client) -> None:
        publication = self.bred(client)
        assert self.leave(client, "take-down") == 200
        publication.refresh_from_db()
        assert publication.is_hidden
        assert Individual.objects.filter(pk=publication.individual_id).exists()

    def test_asks_for_the_password(self, client: Client) -> None:
        self.bred(client)
        form = {"proof": "guess", "pictures": "keep"}
        assert client.post("/account/delete/", form).status_code == 400
        assert names()

    def test_the_last_superuser_stays(self, client: Client) -> None:
        self.bred(client)
        User.objects.update(is_superuser=False)
        User.objects.filter(username="Mira").update(is_superuser=True)
        assert self.leave(client, "keep") == 409
        assert names()

    def test_somebody_blocked_stays_blocked(self, client: Client) -> None:
        self.bred(client)
        Block.objects.create(account=mira(), reason="spam")
        self.leave(client, "keep")
        assert Block.objects.filter(visitor__isnull=False).exists()
        assert sign_up(client, "Tomasz") in (302, 403)
        visitor = uuid.UUID(client.session["visitor"])
        assert Block.objects.filter(visitor=visitor).exists()


class TestPassword:
    def test_is_changed_by_who_knows_it(self, client: Client) -> None:
        sign_up(client)
        new = "a harbour by day"
        form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
        assert client.post("/account/password/", form).status_code == 302
        assert mira().check_password(new)
        assert client.get("/account/").status_code == 200  # still signed in

    def test_strangers_are_asked_to_sign_in(self, client: Client) -> None:
        for path in ("", "password/", "delete/", "data.json"):
            answer = client.get(f"/account/{path}")
            assert answer["Location"] == "/sign-in/?next=/account/"
