"""A network that looks on while somebody breeds: asked for, told as it comes, silent in blind mode."""

from typing import Any

import pytest
from django.test import Client

from classifiers import catalogue
from evolution.models import BreedingSession, Reading
from tests.views.breeders import begin, press, shown

pytestmark = pytest.mark.django_db


class TestOnlooker:
    def look(self, client: Client, session: BreedingSession, wish: str = "") -> Any:
        return press(client, session, do="look", look="1", classifier="squeezenet", wish=wish)

    def reading(self, session: BreedingSession, n: int = 15) -> Reading:
        return Reading.objects.create(
            brood=shown(session),
            classifier="squeezenet",
            version=catalogue.entry("squeezenet").version,
            tops=[[[327, 0.5], [1, 0.2], [2, 0.1]]] * n,
            wished={"starfish": [0.1 + slot / 100 for slot in range(n)]},
        )

    def test_looks_away_unless_asked(self, client: Client) -> None:
        session = begin(client)
        self.reading(session)
        assert "starfish" not in client.get(f"/breed/{session.code}/").content.decode()

    def test_says_its_three_likeliest_labels(self, client: Client) -> None:
        session = begin(client)
        self.reading(session)
        self.look(client, session)
        page = client.get(f"/breed/{session.code}/").content.decode()
        assert page.count("starfish") == 15

    def test_nothing_reaches_a_blind_page(self, client: Client) -> None:
        session = begin(client)
        self.look(client, session)
        self.reading(session)
        press(client, session, do="look")
        for path in ("", "readings/0"):
            assert "starfish" not in client.get(f"/breed/{session.code}/{path}").content.decode()

    def test_marks_its_favourite_for_a_wish(self, client: Client) -> None:
        session = begin(client)
        self.reading(session)
        self.look(client, session, "starfish")
        page = client.get(f"/breed/{session.code}/").content.decode()
        assert page.count("its pick for starfish") == 1
        under = page.index("its pick for starfish")
        assert page.rindex('id="under-14"', 0, under) < under

    def test_asks_again_until_all_is_known(self, client: Client) -> None:
        session = begin(client)
        self.look(client, session)
        found = self.reading(session, 5)
        address = f"/breed/{session.code}/readings/0?tries=1"
        some = client.get(address).content.decode()
        assert "hx-get" in some
        assert some.count("starfish") == 5
        found.tops = [[[327, 0.5]]] * 15
        found.save()
        assert "hx-get" not in client.get(address).content.decode()

    def test_offers_the_labels_of_a_network(self, client: Client) -> None:
        options = client.get("/breed/labels/squeezenet").content.decode()
        assert options.count("<option") == 1000
        assert client.get("/breed/labels/nobody").status_code == 404
