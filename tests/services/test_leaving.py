"""What an account leaves behind, and who may not leave."""

import uuid

import pytest
from django.contrib.auth.models import User

from evolution.errors import InvalidInput, NotAllowed
from evolution.models import Block, BreedingSession, Brood, Publication, Rating, Reading
from evolution.services import authorship, visitors
from evolution.services.leaving import delete_account
from evolution.services.visitors import Visitor
from tests.factories import NOW, make_brood, make_hand_bred, make_publication, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> User:
    return User.objects.create_user("mira")


def published(account: User, **fields: object) -> Publication:
    brood = make_brood(make_session(owner=account))
    return make_publication(make_hand_bred(brood), author=account, is_anonymous=False, **fields)


def leave(account: User, *, take_down: bool = False) -> None:
    delete_account(account, uuid.uuid4(), take_down=take_down)


class TestSessions:
    def test_go_with_all_that_they_hold_and_leave_those_of_others(self, account: User) -> None:
        session = make_session(owner=account)
        child = make_brood(session, make_brood(session))
        Reading.objects.create(brood=child, classifier="lenet-a", version="1", tops=[])
        others = make_brood(make_session())
        leave(account)
        assert list(BreedingSession.objects.all()) == [others.session]
        assert list(Brood.objects.all()) == [others]
        assert not Reading.objects.exists()

    def test_stay_as_nobodys_where_something_was_stored(self, account: User) -> None:
        session = published(account).individual.brood.session  # type: ignore[union-attr]
        browser = session.visitor
        farewell = delete_account(account, browser, take_down=False)
        session.refresh_from_db()
        assert (session.owner, session.broods.count()) == (None, 1)
        assert not Visitor(browser).sessions.exists()
        assert (farewell.sessions_deleted, farewell.sessions_kept) == (0, 1)


class TestPublications:
    def test_hidden_by_staff_stay_hidden_for_the_reason_of_staff(self, account: User) -> None:
        first, second = published(account), published(account)
        Publication.objects.filter(pk=first.pk).update(hidden_at=NOW, hidden_because="rude")
        farewell = delete_account(account, None, take_down=True)
        reasons = dict(Publication.objects.values_list("pk", "hidden_because"))
        assert reasons == {first.pk: "rude", second.pk: authorship.TAKEN_DOWN}
        assert (farewell.published, farewell.hidden, farewell.shown) == (2, 2, 0)

    def test_are_nobodys_to_put_back(self, account: User) -> None:
        publication = published(account)
        browser = publication.visitor
        leave(account, take_down=True)
        assert not Publication.objects.filter(Visitor(browser).published).exists()

    def test_of_others_stay_as_they_are(self, account: User) -> None:
        other = published(User.objects.create_user("tomasz"))
        leave(account, take_down=True)
        other.refresh_from_db()
        assert other.author == User.objects.get()
        assert (other.is_hidden, other.is_anonymous) == (False, False)


def test_ratings_keep_their_stars_without_a_name(account: User) -> None:
    publication = make_publication()
    publication.ratings.create(visitor=uuid.uuid4(), rater=account, stars=4)
    leave(account)
    rating = Rating.objects.get()
    assert (rating.stars, rating.rater) == (4, None)


class TestBlocks:
    def test_pass_to_every_browser_that_the_account_used(self, account: User) -> None:
        browsers = {make_session(owner=account).visitor, published(account).visitor}
        present = uuid.uuid4()
        Block.objects.create(account=account, reason="spam")
        delete_account(account, present, take_down=False)
        assert set(Block.objects.values_list("visitor", "reason")) == {
            (browser, "spam") for browser in browsers | {present}
        }

    def test_of_browser_and_account_together_pass_to_the_browser(self, account: User) -> None:
        browser = uuid.uuid4()
        Block.objects.create(account=account, visitor=browser, reason="spam")
        delete_account(account, browser, take_down=False)
        with pytest.raises(NotAllowed):
            visitors.check_not_blocked(Visitor(browser))

    def test_are_not_made_for_who_was_not_blocked(self, account: User) -> None:
        make_session(owner=account)
        leave(account)
        assert not Block.objects.exists()


class TestTheLastSuperuser:
    def test_stays(self) -> None:
        last = User.objects.create_superuser("last")
        User.objects.create_superuser("gone", is_active=False)
        with pytest.raises(NotAllowed, match="last account"):
            leave(last)

    def test_may_go_once_there_is_another(self) -> None:
        User.objects.create_superuser("next")
        leave(User.objects.create_superuser("last"))
        assert list(User.objects.values_list("username", flat=True)) == ["next"]


class TestAuthorship:
    def test_knows_its_verbs(self, account: User) -> None:
        with pytest.raises(InvalidInput, match=r"do: expected one of .* got “burn”"):
            authorship.act(account, published(account).pk, "burn")

    def test_taking_down_what_staff_hid_changes_nothing(self, account: User) -> None:
        publication = published(account, hidden_at=NOW, hidden_because="rude")
        assert authorship.act(account, publication.pk, "take-down").hidden_because == "rude"
