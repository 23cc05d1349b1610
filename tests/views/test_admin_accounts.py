"""What staff does about accounts in the admin."""

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from tests.factories import make_publication

pytestmark = pytest.mark.django_db
USERS = "/admin/auth/user/"


def press(client: Client, action: str, *accounts: User, **fields: str) -> str:
    form = {"action": action, "_selected_action": [one.pk for one in accounts], **fields}
    return client.post(USERS, form, follow=True).content.decode()


class TestALink:
    def test_opens_the_account_once(self, admin_client: Client) -> None:
        mira = User.objects.create_user("mira")
        found = re.search(
            r"http://testserver(/sign-in/[\w/-]+/)", press(admin_client, "make_link", mira)
        )
        assert found
        assert [Client().post(found[1]).status_code for _ in range(2)] == [302, 410]

    def test_to_staff_is_for_superusers_to_make(self, client: Client) -> None:
        clerk = User.objects.create_user("clerk", is_staff=True)
        clerk.user_permissions.set(Permission.objects.filter(codename__endswith="_user"))
        client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
        page = press(client, "make_link", User.objects.create_superuser("keeper"))
        assert "only a superuser may" in page
        assert "http://testserver/sign-in/" not in page

    def test_to_a_closed_account_is_none(self, admin_client: Client) -> None:
        closed = User.objects.create_user("closed", is_active=False)
        assert "is not active" in press(admin_client, "make_link", closed)


class TestDeleting:
    def test_leaves_signed_pictures_without_the_name(self, admin_client: Client) -> None:
        mira = User.objects.create_user("mira")
        publication = make_publication(author=mira, is_anonymous=False)
        press(admin_client, "delete_selected", mira, post="yes")
        publication.refresh_from_db()
        assert (publication.author, publication.is_anonymous) == (None, True)
        tomasz = User.objects.create_user("tomasz")
        admin_client.post(f"{USERS}{tomasz.pk}/delete/", {"post": "yes"})
        assert list(User.objects.values_list("username", flat=True)) == ["admin"]

    def test_spares_the_last_who_can_run_the_site(self, admin_client: Client) -> None:
        page = press(
            admin_client, "delete_selected", User.objects.get(username="admin"), post="yes"
        )
        assert "the last account that can run the site" in page
        assert User.objects.filter(username="admin").exists()
