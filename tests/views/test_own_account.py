"""One's own account: doors that stay shut, links that open them, and what is told of all this."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from evolution.models import Block, BreedingSession
from evolution.services import accounts
from evolution.views import accounts as own
from evolution.views import signing_up
from tests.factories import make_brood, make_hand_bred, make_publication, make_session
from tests.views.breeders import begin

pytestmark = pytest.mark.django_db
PASSWORD, OTHER = "a honeycomb at night", "a harbour by day"
FORM = {"username": "mira", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def mira() -> User:
    return User.objects.create_user("mira", password=PASSWORD)


def sign_in(client: Client, name: str = "mira") -> None:
    answer = client.post("/sign-in/", {"username": name, "password": PASSWORD})
    assert answer.status_code == 302


class TestTheNextPersonAtABrowser:
    """Somebody signs in where somebody else is signed in."""

    def test_gets_nothing_of_theirs(self, client: Client, mira: User) -> None:
        session = begin(client)
        sign_in(client)
        User.objects.create_user("tomasz", password=PASSWORD)
        sign_in(client, "tomasz")
        session.refresh_from_db()
        assert session.owner == mira
        assert client.get(f"/breed/{session.code}/").status_code == 404

    def test_is_another_visitor_unless_the_browser_is_blocked(
        self, client: Client, mira: User
    ) -> None:
        begin(client)
        sign_in(client)
        User.objects.create_user("tomasz", password=PASSWORD)
        before = client.session["visitor"]
        sign_in(client, "tomasz")
        assert client.session.get("visitor") != before
        begin(client)
        Block.objects.create(visitor=client.session["visitor"])
        blocked = client.session["visitor"]
        client.post("/sign-out/")
        assert client.session["visitor"] == blocked
        sign_in(client)
        assert client.session["visitor"] == blocked


class TestSigningInAndUp:
    def test_the_visitor_stays_the_same(self, client: Client) -> None:
        begin(client)
        before = client.session["visitor"]
        client.post("/sign-up/", FORM)
        assert client.session["visitor"] == before

    def test_publications_come_along_and_stay_without_the_name(
        self, client: Client, mira: User
    ) -> None:
        session = begin(client)
        publication = make_publication(make_hand_bred(make_brood(session)))
        sign_in(client)
        publication.refresh_from_db()
        assert (publication.author, publication.is_anonymous) == (mira, True)

    def test_what_another_account_owns_stays_with_it(self, client: Client, mira: User) -> None:
        begin(client)
        owner = User.objects.create_user("tomasz")
        theirs = make_session(visitor=client.session["visitor"], owner=owner)
        sign_in(client)
        theirs.refresh_from_db()
        assert theirs.owner == owner
        assert client.get(f"/breed/{theirs.code}/").status_code == 404
        assert BreedingSession.objects.filter(owner=mira).count() == 1

    def test_each_leads_to_the_other_and_on(self, client: Client) -> None:
        for path, other in (("/sign-in/", "/sign-up/"), ("/sign-up/", "/sign-in/")):
            page = client.get(f"{path}?next=/breed/").content.decode()
            assert f'href="{other}?next=%2Fbreed%2F"' in page
        answer = client.post("/sign-up/", FORM | {"next": "/breed/"})
        assert answer["Location"] == "/breed/"

    @pytest.mark.parametrize("elsewhere", ["https://a.example/", "//a.example", "javascript:1"])
    def test_neither_leads_elsewhere(self, client: Client, elsewhere: str) -> None:
        answer = client.post("/sign-up/", FORM | {"next": elsewhere})
        assert answer["Location"] == "/account/"

    def test_who_is_signed_in_is_told_so(self, client: Client, mira: User) -> None:
        sign_in(client)
        for path in ("/sign-up/", "/sign-in/"):
            assert "You are signed in as mira" in client.get(path).content.decode()
        assert client.post("/sign-up/", FORM | {"username": "second"}).status_code == 409
        assert not User.objects.filter(username="second").exists()

    def test_a_refusal_keeps_the_name_and_never_the_password(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(signing_up, "RATE", "1/h")
        refused = client.post("/sign-up/", FORM | {"password2": OTHER})
        late = client.post("/sign-up/", FORM | {"password2": OTHER})
        assert (refused.status_code, late.status_code) == (400, 429)
        assert late["Retry-After"]
        for answer in (refused, late):
            page = answer.content.decode()
            assert 'value="mira"' in page
            assert PASSWORD not in page
            assert "no-store" in answer["Cache-Control"]

    def test_the_session_has_another_key_afterwards(self, client: Client) -> None:
        begin(client)
        before = client.session.session_key
        client.post("/sign-up/", FORM)
        assert client.session.session_key != before

    @pytest.mark.parametrize(
        "path", ["/sign-up/", "/account/password/", "/account/delete/", "/account/pictures/1"]
    )
    def test_forms_need_their_token(self, mira: User, path: str) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(mira, backend="django.contrib.auth.backends.ModelBackend")
        assert strict.post(path, FORM).status_code == 403


class TestAForgottenPassword:
    NEW = {"new_password1": OTHER, "new_password2": OTHER}

    def test_is_replaced_by_who_came_by_a_link(self, client: Client, mira: User) -> None:
        client.post(accounts.sign_in_path(mira))
        assert client.post("/account/password/", self.NEW).status_code == 302
        mira.refresh_from_db()
        assert mira.check_password(OTHER)
        # Once: the next one takes the old password again.
        assert client.post("/account/password/", self.NEW).status_code == 400

    def test_takes_the_old_one_from_everybody_else(self, client: Client, mira: User) -> None:
        sign_in(client)
        assert client.post("/account/password/", self.NEW).status_code == 400
        mira.refresh_from_db()
        assert mira.check_password(PASSWORD)

    def test_a_link_of_long_ago_is_not_enough(
        self, client: Client, mira: User, settings: object
    ) -> None:
        client.post(accounts.sign_in_path(mira))
        settings.PASSWORD_RESET_TIMEOUT = -1  # type: ignore[attr-defined]
        assert client.post("/account/password/", self.NEW).status_code == 400
        User.objects.update(password="!")
        mira.refresh_from_db()
        client.force_login(mira, backend="django.contrib.auth.backends.ModelBackend")
        page = client.post("/account/password/", self.NEW).content.decode()
        assert "This account has no password" in page
        mira.refresh_from_db()
        assert not mira.has_usable_password()

    def test_guessing_the_old_one_is_bounded(
        self, client: Client, mira: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(own, "PASSWORDS_RATE", "2/h")
        sign_in(client)
        form = self.NEW | {"old_password": "a guess"}
        answers = [client.post("/account/password/", form).status_code for _ in range(3)]
        assert answers == [400, 400, 429]


class TestWithoutAPassword:
    def test_leaving_takes_the_username(self, client: Client) -> None:
        account = User.objects.create_user("mira")
        client.post(accounts.sign_in_path(account))
        assert "Your username" in client.get("/account/delete/").content.decode()
        for proof, status in (("tomasz", 400), ("mira", 200)):
            form = {"proof": proof, "pictures": "keep"}
            assert client.post("/account/delete/", form).status_code == status
        assert not User.objects.filter(username="mira").exists()
        assert "_auth_user_id" not in client.session


def test_leaving_needs_a_choice_and_a_form(client: Client, mira: User) -> None:
    sign_in(client)
    for form in ({"proof": PASSWORD}, {"proof": PASSWORD, "pictures": "burn"}):
        answer = client.post("/account/delete/", form)
        assert answer.status_code == 400
        assert "expected" in answer.content.decode()
    assert client.get("/account/delete/?pictures=keep").status_code == 200
    assert User.objects.filter(username="mira").exists()


def test_somebody_blocked_puts_nothing_back(client: Client, mira: User) -> None:
    publication = make_publication(author=mira)
    sign_in(client)
    client.post(f"/account/pictures/{publication.pk}", {"do": "take-down"})
    Block.objects.create(account=mira)
    client.post(f"/account/pictures/{publication.pk}", {"do": "put-back"})
    publication.refresh_from_db()
    assert publication.is_hidden


def test_the_page_is_paged_and_bounded(client: Client, mira: User) -> None:
    for number in range(52):
        make_publication(
            make_hand_bred(make_brood(make_session(owner=mira), thumbnail=b"x")),
            author=mira,
            title=f"picture {number}",
        )
    sign_in(client)
    pages = [client.get(f"/account/?{key}=2").content.decode() for key in ("pictures", "sessions")]
    assert pages[0].count("own__item") == 2
    assert pages[1].count("Session at step") == 2
    assert client.get("/account/?pictures=x").status_code == 200
