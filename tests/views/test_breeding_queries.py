"""What the pages of breeding by hand ask the database, whether little was bred there or much."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evolution.models import Brood
from tests.factories import make_brood, make_publication
from tests.views.breeders import begin, shown

pytestmark = pytest.mark.django_db

# The name of an address, one such address, and the statements that it costs at most.
BY_HAND = {
    ("breed", "/breed/"): 4,
    ("breeding-session", "/breed/{code}/"): 8,
    ("breeding-session", "/breed/{code}/?all=1"): 8,
    ("breeding-link", "/breed/{code}/link/"): 4,
    ("brood-readings", "/breed/{code}/readings/{number}"): 4,
    ("brood-picture", "/breed/{code}/pictures/{number}/0-256.webp"): 4,
    ("onlooker-labels", "/breed/labels/squeezenet"): 0,
    ("publish", "/breed/{code}/publish/?brood={number}&slot=0"): 12,
    ("family", "/individuals/{published}/family/"): 8,
    ("line", "/individuals/{published}/line"): 14,
    ("outcomes", "/individuals/{published}/outcomes"): 6,
}
BY_POST_ONLY = (
    "branch",
    "breeding-bring",
    "breeding-step",
    "rate",
    "report",
    "moderate",
    "account-picture",
    "challenge",
)


def statements(client: Client, address: str, broods: int) -> int:
    session = begin(client)
    brood: Brood = shown(session)
    for _ in range(broods):
        brood = make_brood(session, brood, n=15)
    individuals = [make_publication().individual_id for _ in range(broods)]
    names = {"code": session.code, "number": brood.number, "published": individuals[0]}
    cache.clear()
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address.format_map(names))
        _ = answer.getvalue()
    assert answer.status_code == 200, address
    return len(asked)


@pytest.mark.parametrize(("name", "address"), BY_HAND)
def test_is_bounded_and_does_not_grow(name: str, address: str) -> None:
    few, many = statements(Client(), address, 2), statements(Client(), address, 40)
    assert few == many
    assert many <= BY_HAND[name, address]
