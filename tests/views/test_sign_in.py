"""Signing in by password and by one-time link, and out."""

import re
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from evolution.services import accounts

pytestmark = pytest.mark.django_db
SIGN_IN = "/sign-in/"


@pytest.fixture
def keeper() -> User:
    return User.objects.create_user("keeper", password="a long pass phrase", is_staff=True)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


class TestPassword:
    def test_signs_in_and_goes_where_the_visitor_wanted(self, client: Client, keeper: User) -> None:
        address = f"{SIGN_IN}?next=/runs/new/"
        assert b'name="next" value="/runs/new/"' in client.get(address).content
        answer = client.post(
            SIGN_IN,
            {"username": "keeper", "password": "a long pass phrase", "next": "/runs/new/"},
        )
        assert (answer.status_code, answer["Location"]) == (302, "/runs/new/")
        assert is_signed_in(client)

    def test_never_leads_to_another_site(self, client: Client, keeper: User) -> None:
        fields = {"username": "keeper", "password": "a long pass phrase"}
        answer = client.post(SIGN_IN, fields | {"next": "https://elsewhere.example/"})
        assert answer["Location"] == reverse("gallery")

    def test_wrong_is_told_in_words(self, client: Client, keeper: User) -> None:
        answer = client.post(SIGN_IN, {"username": "keeper", "password": "a guess"})
        assert answer.status_code == 200
        assert "correct username and password" in answer.content.decode()
        assert not is_signed_in(client)

    def test_guessing_is_stopped(self, client: Client, keeper: User, settings: object) -> None:
        settings.AXES_FAILURE_LIMIT = 3  # type: ignore[attr-defined]
        for _ in range(3):
            answer = client.post(SIGN_IN, {"username": "keeper", "password": "a guess"})
        assert answer.status_code == 429
        right = client.post(SIGN_IN, {"username": "keeper", "password": "a long pass phrase"})
        assert right.status_code == 429
        assert "Too many attempts" in right.content.decode()
        assert not is_signed_in(client)

    def test_rotates_the_session(self, client: Client, keeper: User) -> None:
        session = client.session
        session["seen"] = True
        session.save()
        before = session.session_key
        client.post(SIGN_IN, {"username": "keeper", "password": "a long pass phrase"})
        assert client.session.session_key != before

    def test_is_never_cached(self, client: Client) -> None:
        assert "no-store" in client.get(SIGN_IN)["Cache-Control"]


class TestLink:
    def test_opening_it_asks_and_spends_nothing(self, client: Client) -> None:
        path = accounts.sign_in_path(accounts.operator())
        for _ in range(2):
            page = client.get(path)
            assert page.status_code == 200
            assert "Sign in as operator" in page.content.decode()
        assert not is_signed_in(client)

    def test_its_button_signs_in(self, client: Client) -> None:
        answer = client.post(accounts.sign_in_path(accounts.operator()))
        assert (answer.status_code, answer["Location"]) == (302, reverse("gallery"))
        assert client.get("/runs/new/").status_code == 200

    def test_works_once(self, client: Client) -> None:
        path = accounts.sign_in_path(accounts.operator())
        client.post(path)
        for answer in (Client().post(path), Client().get(path)):
            assert answer.status_code == 410
            assert "no longer works" in answer.content.decode()
            assert "sign_in_link" in answer.content.decode()

    def test_works_once_within_the_second_of_another(self, client: Client) -> None:
        client.post(accounts.sign_in_path(accounts.operator()))
        second = accounts.sign_in_path(accounts.operator())
        client.post(second)
        assert Client().post(second).status_code == 410

    def test_dies_of_age(self, client: Client, settings: object) -> None:
        path = accounts.sign_in_path(accounts.operator())
        settings.PASSWORD_RESET_TIMEOUT = -1  # type: ignore[attr-defined]
        assert client.post(path).status_code == 410
        assert not is_signed_in(client)

    @pytest.mark.parametrize("uid", ["MQ", "%21", "bm90LWEtbnVtYmVy", "x" * 300])
    def test_nonsense_is_refused(self, client: Client, uid: str) -> None:
        assert client.get(f"/sign-in/{uid}/abc-def/").status_code == 410

    def test_of_a_closed_account_is_refused(self, client: Client, keeper: User) -> None:
        path = accounts.sign_in_path(keeper)
        User.objects.update(is_active=False)
        assert client.post(path).status_code == 410

    def test_needs_the_token_of_the_form(self) -> None:
        strict = Client(enforce_csrf_checks=True)
        assert strict.post(accounts.sign_in_path(accounts.operator())).status_code == 403


class TestSignOut:
    def test_by_post(self, client: Client, keeper: User) -> None:
        client.force_login(keeper, backend="django.contrib.auth.backends.ModelBackend")
        assert client.post("/sign-out/").status_code == 302
        assert not is_signed_in(client)

    def test_not_by_a_link(self, client: Client, keeper: User) -> None:
        client.force_login(keeper, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get("/sign-out/").status_code == 405
        assert is_signed_in(client)


class TestOperator:
    def test_is_made_once_without_a_password(self) -> None:
        operator = accounts.operator()
        assert accounts.operator() == operator
        assert operator.is_staff
        assert operator.is_superuser
        assert not operator.has_usable_password()


class TestCommand:
    def test_prints_a_link_that_works(self, client: Client) -> None:
        out = StringIO()
        call_command(
            "sign_in_link", address="https://pictures.example/", stdout=out, stderr=StringIO()
        )
        found = re.fullmatch(r"https://pictures\.example(/sign-in/\S+)\n", out.getvalue())
        assert found
        assert client.post(found[1]).status_code == 302

    @pytest.mark.parametrize("options", [{"user": "nobody"}, {"address": "ftp://x"}])
    def test_names_what_is_wrong(self, options: dict[str, str]) -> None:
        with pytest.raises(CommandError, match=r"--\w+: expected .* got"):
            call_command("sign_in_link", **options)
