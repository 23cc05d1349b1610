"""Names of accounts."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import User
from django.db import connection

from evolution.errors import InvalidInput
from evolution.services import accounts

WORDS = "a honeycomb at night"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    ["", "ab", "x" * 31, "-ab", "with space", "mira.k", "mіra", "admin", "Ad-Min_", "OPERATOR"],
)
def test_some_cannot_be_had(name: str) -> None:
    with pytest.raises(InvalidInput, match="username: "):
        accounts.sign_up(name, WORDS)
    assert not User.objects.exclude(username=accounts.OPERATOR).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["abc", "x" * 30, "0-_", "mira_K-2"])
def test_others_can(name: str) -> None:
    account = accounts.sign_up(name, WORDS)
    assert account.check_password(WORDS)
    assert (account.is_staff, account.is_superuser) == (False, False)


@pytest.mark.django_db(transaction=True)
def test_of_those_who_want_one_name_at_once_one_gets_it() -> None:
    names = ("mira", "Mira", "mIra", "MIRA")
    together = threading.Barrier(len(names))

    def sign_up(name: str) -> bool:
        try:
            together.wait(timeout=20)
            accounts.sign_up(name, WORDS)
        except InvalidInput:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(names)) as pool:
        assert sum(pool.map(sign_up, names)) == 1
    assert User.objects.filter(username__iexact="mira").count() == 1
