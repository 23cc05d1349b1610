"""What staff does about published pictures, and that it can be taken back."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User

from evolution.errors import InvalidInput, NotAllowed
from evolution.models import Block, Publication, Report
from evolution.services import moderating
from evolution.services.visitors import Visitor, check_not_blocked
from tests.factories import make_publication

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> User:
    return User.objects.create_user("staff", is_staff=True)


@pytest.fixture
def publication() -> Publication:
    made = make_publication(author=User.objects.create_user("ada"))
    Report.objects.create(publication=made, visitor=made.visitor, reason="rude")
    return made


def log() -> list[str]:
    return [entry.get_change_message() for entry in LogEntry.objects.order_by("pk")]


def test_hides_and_shows_again(staff: User, publication: Publication) -> None:
    moderating.act(staff, publication.pk, "hide", " rude ")
    moderating.act(staff, publication.pk, "hide", "rude")
    publication.refresh_from_db()
    assert (publication.is_hidden, publication.hidden_because) == (True, "rude")
    assert not publication.reports.filter(settled_at=None).exists()
    moderating.act(staff, publication.pk, "show")
    moderating.act(staff, publication.pk, "show")
    publication.refresh_from_db()
    assert (publication.is_hidden, publication.hidden_because) == (False, "")
    assert log() == ["Hidden: rude", "Shown again."]
    assert {entry.object_id for entry in LogEntry.objects.all()} == {str(publication.pk)}


def test_features_and_takes_it_back(staff: User, publication: Publication) -> None:
    for _ in range(2):
        moderating.act(staff, publication.pk, "feature")
    featured = Publication.objects.exclude(featured_at=None)
    assert featured.get() == publication
    moderating.act(staff, publication.pk, "unfeature")
    assert not featured.exists()
    assert log() == ["Featured.", "No longer featured."]


def test_blocks_the_browser_and_the_account(staff: User, publication: Publication) -> None:
    for _ in range(2):
        moderating.act(staff, publication.pk, "block", "spam")
    assert Block.objects.count() == 2
    other_browser = Visitor(make_publication().visitor, publication.author)
    for visitor in (Visitor(publication.visitor), other_browser):
        with pytest.raises(NotAllowed):
            check_not_blocked(visitor)
    moderating.act(staff, publication.pk, "unblock")
    check_not_blocked(Visitor(publication.visitor, publication.author))
    assert log() == ["Publisher blocked: spam", "Publisher no longer blocked."]


def test_settles_reports_without_hiding(staff: User, publication: Publication) -> None:
    assert moderating.settle(staff, list(Report.objects.all())) == 1
    assert moderating.settle(staff, list(Report.objects.all())) == 0
    publication.refresh_from_db()
    assert not publication.is_hidden


@pytest.mark.parametrize("verb", ["hide", "block"])
@pytest.mark.parametrize("reason", ["", "x" * 201])
def test_wants_a_reason(staff: User, publication: Publication, verb: str, reason: str) -> None:
    with pytest.raises(InvalidInput, match=r"^reason: "):
        moderating.act(staff, publication.pk, verb, reason)
    assert not log()


def test_knows_its_verbs(staff: User, publication: Publication) -> None:
    with pytest.raises(InvalidInput, match=r"do: expected one of hide, show, .* got “delete”"):
        moderating.act(staff, publication.pk, "delete")


@pytest.mark.parametrize("fields", [{}, {"is_staff": True, "is_active": False}])
def test_is_for_staff_alone(publication: Publication, fields: dict[str, Any]) -> None:
    nobody = User.objects.create_user("bob", **fields)
    with pytest.raises(NotAllowed):
        moderating.act(nobody, publication.pk, "hide", "rude")
    with pytest.raises(NotAllowed):
        moderating.settle(nobody, [])
