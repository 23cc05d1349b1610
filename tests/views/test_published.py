"""The wall of published pictures, its form, and what it says of each picture."""

import re
import uuid
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.test import Client

from evolution.exhibits import publications_wall, standings, tag_cloud
from evolution.models import Publication, Rating, Tag
from tests.factories import (
    NOW,
    make_brood,
    make_hand_bred,
    make_prediction,
    make_publication,
    make_session,
)

pytestmark = pytest.mark.django_db


def page(client: Client, query: str = "", **headers: str) -> str:
    response = client.get(f"/published/{query}", headers=headers)
    assert response.status_code == 200
    return str(response.content.decode())


def shown(html: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="published-(\d+)"', html)]


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


class TestATile:
    def test_tells_what_people_and_networks_say(self, client: Client) -> None:
        mira = User.objects.create_user("Mira")
        publication = make_publication(title="<b>Two rings</b>", author=mira)
        for stars in (5, 4, 4):
            Rating.objects.create(publication=publication, visitor=uuid.uuid4(), stars=stars)
        make_prediction(publication.individual, "squeezenet", top=[[2, 0.25], [3, 0.1]])
        make_prediction(publication.individual, "efficientnet-lite0", top=[[0, 0.89999]])
        html = page(client)
        assert "&lt;b&gt;Two rings&lt;/b&gt;" in html
        assert f'<a href="/individuals/{publication.individual_id}/">' in html
        assert '<span class="by people"><a class="plain" href="/people/Mira/">Mira</a>' in html
        assert "3 ratings 4.3 of 5" in words(html)
        assert "tench 89.99%" in words(html)
        assert "shark" not in html
        assert f'src="/pictures/{publication.individual_id}/' in html

    def test_says_what_nobody_said_yet(self, client: Client) -> None:
        make_publication()
        html = words(page(client))
        assert "not rated yet" in html
        assert "no network asked yet" in html
        assert "anonymous" in html

    def test_an_author_without_a_name_stays_so(self, client: Client) -> None:
        mira = User.objects.create_user("Mira")
        make_publication(author=mira, is_anonymous=True)
        assert "Mira" not in page(client)
        assert shown(page(client, "?author=Mira")) == []
        assert shown(page(client, "?q=mira")) == []

    def test_marks_what_a_network_selected(self, client: Client) -> None:
        individual = make_hand_bred(make_brood(make_session()), selected_by="network")
        make_publication(individual)
        assert '<span class="by machine">a network picked its parents</span>' in page(client)


class TestTheForm:
    def test_asks_for_a_view_a_tag_and_an_author(self, client: Client) -> None:
        mira = User.objects.create_user("Mira")
        tag = Tag.objects.create(name="night sky")
        publication = make_publication(author=mira, featured_at=NOW)
        publication.tags.add(tag)
        make_publication(author=mira)
        other = make_publication()
        other.tags.add(tag)
        assert shown(page(client, "?view=picks")) == [publication.pk]
        assert shown(page(client, "?tag=Night+Sky")) == [other.pk, publication.pk]
        assert shown(page(client, "?tag=night+sky&author=Mira")) == [publication.pk]
        assert shown(page(client, "?tag=night")) == []

    def test_keeps_what_was_asked(self, client: Client) -> None:
        html = page(client, "?view=best&q=two&tag=red&author=Mira")
        assert 'value="best" checked' in html
        for name, value in (("q", "two"), ("tag", "red"), ("author", "Mira")):
            assert f'name="{name}" value="{value}"' in html

    def test_says_what_an_empty_view_waits_for(self, client: Client) -> None:
        for view, sentence in (
            ("newest", "Nothing has been published yet."),
            ("best", "Nobody has rated a picture yet."),
            ("branched", "Nobody has bred on from a published picture yet."),
            ("picks", "The editors have not picked a picture yet."),
        ):
            assert sentence in page(client, f"?view={view}")
        assert "No published picture fits." in page(client, "?q=unicorn")

    def test_random_keeps_its_order_over_pages(self, client: Client) -> None:
        numbers = {make_publication().pk for _ in range(publications_wall.PAGE + 9)}
        first = page(client, "?view=random")
        link = re.search(r'href="/published/(\?view=random&amp;seed=\d+&amp;after=\d+)"', first)
        assert link is not None
        second = page(client, link[1].replace("&amp;", "&"))
        assert sorted(shown(first) + shown(second)) == sorted(numbers)
        orders = {tuple(shown(page(client, "?view=random"))) for _ in range(3)}
        assert len(orders) == 3


class TestFragments:
    def test_the_wall_answered_to_htmx_is_that_of_the_page(self, client: Client) -> None:
        make_publication()
        headers = {"HX-Request": "true", "HX-Target": "published"}
        wall = page(client, "?q=two", **headers)
        assert "<!doctype" not in wall
        assert wall in page(client, "?q=two")

    def test_more_pictures_come_as_tiles_and_the_next_link(self, client: Client) -> None:
        for _ in range(publications_wall.PAGE + 2):
            make_publication()
        last = shown(page(client))[-1]
        headers = {"HX-Request": "true", "HX-Target": "published-pictures"}
        html = page(client, f"?after={last}", **headers)
        assert len(shown(html)) == html.count("<li>") == 2
        assert 'id="more" hx-swap-oob="true"></p>' in html


class TestHiddenPictures:
    def test_are_shown_nowhere(self, client: Client) -> None:
        mira = User.objects.create_user("Mira")
        hidden = make_publication(
            title="Secret", author=mira, is_anonymous=False, featured_at=NOW, hidden_at=NOW
        )
        hidden.tags.add(Tag.objects.create(name="secret tag"))
        Rating.objects.create(publication=hidden, visitor=uuid.uuid4(), stars=5)
        make_publication(branched_from=hidden, title="Child")
        make_prediction(hidden.individual, "squeezenet", top=[[2, 0.9]])
        addresses = [f"/published/?view={view}" for view in standings.VIEWS]
        addresses += ["/published/?q=secret", "/published/?q=shark", "/published/?tag=secret+tag"]
        addresses += ["/published/?author=Mira", "/tags/", "/people/"]
        addresses += ["/", "/?by=people", "/?order=surest", "/?label=shark", "/?least=50"]
        for address in addresses:
            html = client.get(address).content.decode()
            assert hidden.pk not in shown(html), address
            assert "“Secret”" not in html, address
            assert "<q>Secret</q>" not in html, address
        assert "secret tag" not in client.get("/tags/").content.decode()
        assert "Mira" not in client.get("/people/").content.decode()
        assert client.get("/people/Mira/").status_code == 404


class TestHostileInput:
    @pytest.mark.parametrize(
        "query",
        [
            "view=worst",
            "view=%00",
            f"tag={'t' * 31}",
            "tag=%00",
            f"author={'a' * 151}",
            "author=x%00y",
            "view=random&seed=-1",
            "view=random&seed=99999999999999999999",
            "view=random&seed=%D9%A1",
            "after=x",
            "after=99999999999",
            "after=1;drop",
        ],
    )
    def test_what_cannot_be_used_is_left_out_and_named(self, client: Client, query: str) -> None:
        number = make_publication().pk
        html = page(client, f"?{query}")
        assert html.count("was asked for: left out") == 1
        assert shown(html) == [number]

    @pytest.mark.parametrize("text", ["%", "_", "'; DROP TABLE x; --", '"', "\\", "a\x00b", "🦈"])
    def test_what_is_searched_for_is_text(self, client: Client, text: str) -> None:
        make_publication()
        assert shown(page(client, f"?q={quote(text)}")) == []

    def test_a_long_search_is_cut_and_that_is_said(self, client: Client) -> None:
        html = page(client, f"?q={'x' * 10_000}")
        assert "Only the first 100 characters are searched for." in html
        assert "x" * 101 not in html
        assert "Only the first 8 words" in page(client, "?q=a+b+c+d+e+f+g+h+i")

    def test_a_nul_parts_words(self, client: Client) -> None:
        number = make_publication(title="Two rings").pk
        assert shown(page(client, "?q=two%00rings")) == [number]


class TestTags:
    def test_are_counted_and_sized_in_the_order_of_the_alphabet(self, client: Client) -> None:
        often, seldom = Tag.objects.create(name="wave"), Tag.objects.create(name="a & b")
        for number in range(9):
            publication = make_publication()
            publication.tags.set([often, seldom] if number == 0 else [often])
        html = client.get("/tags/").content.decode()
        assert words(html).index("a &amp; b 1 picture") < words(html).index("wave 9 pictures")
        assert 'class="cloud__5"><a href="/published/?tag=wave">' in html
        assert 'class="cloud__1"><a href="/published/?tag=a%20%26%20b">' in html

    def test_lead_to_the_pictures(self, client: Client) -> None:
        publication = make_publication()
        publication.tags.add(Tag.objects.create(name="a-b c"))
        link = re.search(r'href="/published/(\?tag=[^"]*)"', client.get("/tags/").content.decode())
        assert link is not None
        assert shown(page(client, link[1])) == [publication.pk]

    def test_the_most_frequent_two_hundred(self, client: Client) -> None:
        names = [f"tag {number:03}" for number in range(tag_cloud.MOST + 1)]
        tags = Tag.objects.bulk_create([Tag(name=name) for name in names])
        make_publication().tags.set(tags)
        make_publication().tags.set(tags[1:])
        html = client.get("/tags/").content.decode()
        assert html.count("cloud__") == tag_cloud.MOST
        assert "tag 000" not in html

    def test_steps_go_from_one_to_five(self) -> None:
        counts = {"once": 1, "thrice": 3, "ten": 10, "hundred": 30}
        for name, count in counts.items():
            tag = Tag.objects.create(name=name)
            tag.publications.set([make_publication() for _ in range(count)])
        steps = {tag.name: tag.step for tag in tag_cloud.cloud()}
        assert steps == {"once": 1, "thrice": 2, "ten": 4, "hundred": 5}


def test_a_publication_of_the_future_is_no_error(client: Client) -> None:
    make_publication(published_at=NOW + timedelta(days=36500))
    assert len(shown(page(client))) == Publication.objects.count() == 1
