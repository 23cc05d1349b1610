"""Painting over a picture: who may ask what, what is refused, and what is shown."""

from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from evolution import tasks
from evolution.models import Elite, Individual
from evolution.services import painted
from evolution.views import painting as view
from tests.factories import make_archive, make_individual, make_publication, make_run
from tests.views.asking import hide

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
DARK: dict[str, Any] = {"runs": "1x28 0x756", "fills": "#000000"}


@pytest.fixture(autouse=True)
def memory(settings: Any) -> Iterator[None]:
    """A cache of the test's own."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def asked() -> Iterator[mock.Mock]:
    """Questions that went to workers."""
    with mock.patch.object(tasks.ask_about_painting, "delay_on_commit") as delay:
        yield delay


@pytest.fixture
def elite() -> Elite:
    return make_archive(make_run(), cells=1)[0]


def post(client: Client, individual: int, *, htmx: bool = True, **fields: Any) -> Any:
    headers = HTMX if htmx else {}
    return client.post(reverse("paint", args=[individual]), fields, headers=headers)


def answer(asked: mock.Mock) -> None:
    """What workers would do."""
    for call in asked.call_args_list:
        tasks.ask_about_painting(*call.args)


class TestTheTool:
    def test_is_on_the_page_of_a_picture(self, client: Client, elite: Elite) -> None:
        page = client.get(f"/individuals/{elite.individual_id}/").content.decode()
        assert f'action="/individuals/{elite.individual_id}/paint"' in page
        assert page.count('name="cell"') == 64

    def test_is_on_the_page_of_a_published_picture(self, client: Client) -> None:
        number = make_publication().individual_id
        assert (
            f'action="/individuals/{number}/paint"'
            in client.get(f"/individuals/{number}/").content.decode()
        )

    def test_is_not_there_without_a_genome(self, client: Client, elite: Elite) -> None:
        Individual.objects.update(genome=None)
        assert (
            'name="cell"' not in client.get(f"/individuals/{elite.individual_id}/").content.decode()
        )
        assert post(client, elite.individual_id, **DARK).status_code == 410

    def test_its_address_leads_there(self, client: Client, elite: Elite) -> None:
        response = client.get(reverse("paint", args=[elite.individual_id]))
        assert response["Location"] == f"/individuals/{elite.individual_id}/#paint"


class TestAsking:
    def test_every_network_is_asked_once(
        self, client: Client, elite: Elite, asked: mock.Mock
    ) -> None:
        for _ in range(2):
            page = post(client, elite.individual_id, **DARK).content.decode()
        networks = [call.args[2] for call in asked.call_args_list]
        assert networks[0] == "lenet-a"
        assert len(networks) == len(set(networks)) >= 2
        assert "It is being asked" in page
        assert "hx-get" in page

    def test_answers_are_shown_before_and_after(
        self, client: Client, elite: Elite, asked: mock.Mock
    ) -> None:
        post(client, elite.individual_id, **DARK)
        answer(asked)
        page = post(client, elite.individual_id, **DARK).content.decode()
        assert "It is being asked" not in page
        assert "hx-get" not in page
        assert page.count("before: ") >= 3
        assert "--was:" in page
        assert ".png" in page

    def test_the_numbers_are_the_networks(
        self, client: Client, elite: Elite, asked: mock.Mock
    ) -> None:
        post(client, elite.individual_id, runs="1x784", fills="#000000")
        answer(asked)
        (number, digest, classifier), *_ = [call.args for call in asked.call_args_list]
        found = painted.answer(number, digest, classifier)
        assert found is not None
        whole = elite.individual.predictions.filter(classifier=classifier).first()
        assert whole is None  # nothing is stored of a painted picture
        assert len({after for _, _, after in found.readings}) > 1
        assert sum(after for _, _, after in found.readings) <= 1.0001
        assert any(abs(before - after) > 1e-6 for _, before, after in found.readings)

    def test_the_label_of_the_page_is_among_them(
        self, client: Client, elite: Elite, asked: mock.Mock
    ) -> None:
        post(client, elite.individual_id, **DARK)
        answer(asked)
        number, digest, classifier = asked.call_args_list[0].args
        found = painted.answer(number, digest, classifier)
        assert found is not None
        assert elite.label in {index for index, _, _ in found.readings}

    def test_the_painted_picture_can_be_looked_at(
        self, client: Client, elite: Elite, asked: mock.Mock
    ) -> None:
        post(client, elite.individual_id, **DARK)
        digest = asked.call_args_list[0].args[1]
        address = reverse("painted-picture", args=[elite.individual_id, digest])
        assert client.get(address).status_code == 404
        answer(asked)
        response = client.get(address)
        assert response["Content-Type"] == "image/png"
        assert response["Cache-Control"].startswith("max-age=0")

    def test_a_published_picture(self, client: Client, asked: mock.Mock) -> None:
        number = make_publication().individual_id
        response = post(client, number, fill="#808080", cell=["0"])
        assert response.status_code == 200
        assert asked.called

    def test_when_no_worker_can_be_reached(self, client: Client, elite: Elite) -> None:
        with mock.patch("evolution.views.enqueueing.painting", return_value=False):
            page = post(client, elite.individual_id, **DARK).content.decode()
        assert "no worker can be reached" in page
        assert "hx-get" not in page

    def test_when_nothing_can_be_kept(self, client: Client, elite: Elite) -> None:
        with mock.patch.object(cache, "set", side_effect=ConnectionError):
            assert post(client, elite.individual_id, **DARK).status_code == 503

    def test_costs_few_statements(
        self,
        client: Client,
        elite: Elite,
        asked: mock.Mock,
        django_assert_max_num_queries: Any,
    ) -> None:
        post(client, elite.individual_id, **DARK)
        answer(asked)
        digest = asked.call_args_list[0].args[1]
        for name in ("painted", "painted-picture"):
            address = reverse(name, args=[elite.individual_id, digest])
            with django_assert_max_num_queries(4):
                assert client.get(address, headers=HTMX).status_code == 200


class TestWithoutScripts:
    def test_cells_lead_to_a_page(self, client: Client, elite: Elite, asked: mock.Mock) -> None:
        response = post(client, elite.individual_id, htmx=False, fill="background", cell=["0", "9"])
        assert response.status_code == 302
        page = client.get(response["Location"]).content.decode()
        assert "painted over</h1>" in page
        assert "Reload the page to see its answer" in page
        answer(asked)
        assert "before: " in client.get(response["Location"]).content.decode()

    def test_a_picked_colour(self, client: Client, elite: Elite, asked: mock.Mock) -> None:
        fields: dict[str, Any] = {"fill": "picked", "colour": "#12ab34", "cell": ["5"]}
        client.get(post(client, elite.individual_id, htmx=False, **fields)["Location"])
        digest = asked.call_args_list[0].args[1]
        kept = painted.kept(elite.individual, digest)
        assert kept is not None
        assert kept.painting.fills == ["#12ab34"]

    def test_nothing_chosen_is_told_on_the_page(self, client: Client, elite: Elite) -> None:
        response = post(client, elite.individual_id, htmx=False, fill="background")
        assert response["Location"] == f"/individuals/{elite.individual_id}/#paint"
        page = client.get(f"/individuals/{elite.individual_id}/").content.decode()
        assert "Choose at least one part" in page


class TestRefusals:
    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"runs": "1x784", "fills": "javascript:alert(1)"}, "fills: expected"),
            ({"runs": "1x785", "fills": "#000000"}, "runs: expected 28 rows"),
            ({"runs": "0x784", "fills": "#000000"}, "got nothing"),
            ({"runs": "9x784", "fills": "#000000"}, "runs: expected pairs"),
            ({"runs": "1x1 " * 30_000, "fills": "#000000"}, "runs: expected up to 20,000"),
            ({"runs": "\x00", "fills": "#000000"}, "runs: expected pairs"),
            ({"cell": ["64"], "fill": "#000000"}, "cell: expected numbers"),
            ({"cell": ["1"], "fill": "<b>"}, "fill: expected"),
            ({"cell": ["1"], "fill": "picked", "colour": "#12"}, "fill: expected"),
            ({"cell": ["1"]}, "fill: expected"),
        ],
    )
    def test_say_what_was_expected(
        self, client: Client, elite: Elite, asked: mock.Mock, fields: dict[str, Any], words: str
    ) -> None:
        response = post(client, elite.individual_id, **fields)
        assert response.status_code == 400
        assert words in response.content.decode()
        assert response["Content-Type"].startswith("text/plain")
        assert not asked.called

    def test_too_large_a_form(self, client: Client, elite: Elite) -> None:
        response = post(client, elite.individual_id, runs="1" * 1_500_000, fills="#000000")
        assert response.status_code == 400

    def test_a_picture_that_is_not_there(self, client: Client) -> None:
        assert post(client, 987654321, **DARK).status_code == 404

    def test_a_hidden_picture(self, client: Client, asked: mock.Mock) -> None:
        publication = make_publication()
        number = publication.individual_id
        post(client, number, fill="#808080", cell=["0"])
        digest = asked.call_args_list[0].args[1]
        hide(publication)
        assert post(client, number, fill="#808080", cell=["0"]).status_code == 410
        for name in ("painted", "painted-picture"):
            assert client.get(reverse(name, args=[number, digest])).status_code == 410

    @pytest.mark.parametrize("digest", ["0" * 32, "x", "..", "0" * 400, "%00"])
    def test_a_painting_that_is_not_there(self, client: Client, elite: Elite, digest: str) -> None:
        for name in ("painted", "painted-picture"):
            assert client.get(reverse(name, args=[elite.individual_id, digest])).status_code == 404

    def test_a_painting_over_another_picture(
        self, client: Client, elite: Elite, asked: mock.Mock
    ) -> None:
        post(client, elite.individual_id, **DARK)
        other = make_individual(elite.run, generation=5)
        digest = asked.call_args_list[0].args[1]
        assert client.get(reverse("painted", args=[other.pk, digest])).status_code == 404

    def test_a_post_from_another_site(self, elite: Elite) -> None:
        strict = Client(enforce_csrf_checks=True)
        assert post(strict, elite.individual_id, **DARK).status_code == 403

    def test_asking_too_often(
        self, client: Client, elite: Elite, asked: mock.Mock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(view, "RATE", "2/m")
        codes = [post(client, elite.individual_id, **DARK).status_code for _ in range(4)]
        assert codes == [200, 200, 429, 429]

    def test_an_address_that_forgets_its_cookies(
        self, elite: Elite, asked: mock.Mock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(view, "ADDRESS_RATE", "2/m")
        codes = [post(Client(), elite.individual_id, **DARK).status_code for _ in range(3)]
        assert codes == [200, 200, 429]


def test_who_saw_it_is_not_asked_blind(client: Client, elite: Elite, asked: mock.Mock) -> None:
    """Readings of a picture are noted as seen, wherever they are."""
    post(client, elite.individual_id, **DARK)
    from evolution.views import seeing

    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    assert elite.individual_id in seeing.read(cookies).individuals
