"""The page of a picture that a person bred: published, or on the way to one."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from evolution import tasks
from evolution.models import Publication
from evolution.services import tagging
from tests.factories import NOW, make_elite, make_prediction, make_publication, make_run
from tests.views.published import be, make_long, page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str]]:
    told: list[tuple[int, str]] = []
    monkeypatch.setattr(tasks.predict, "delay_on_commit", lambda *what: told.append(what))
    return told


class TestWords:
    def test_tell_who_bred_it_and_under_which_licence(self, client: Client) -> None:
        ada = User.objects.create_user("ada")
        made = make_publication(author=ada, title="A <b>lamp</b>", licence="CC0-1.0")
        made.tags.set(tagging.rows(["night sky"]))
        found = page(client, made)
        assert "A &lt;b&gt;lamp&lt;/b&gt;</h1>" in found
        assert '<a href="/people/ada/">ada</a></span>, published' in found
        assert '<a class="tag" href="/published/?tag=night%20sky">night sky</a>' in found
        assert 'href="https://creativecommons.org/publicdomain/zero/1.0/">CC0</a>' in found
        assert "night sky" in found

    def test_keep_a_name_that_is_not_to_be_shown(self, client: Client) -> None:
        ada = User.objects.create_user("adalovelace")
        found = page(client, make_publication(author=ada, is_anonymous=True))
        assert "adalovelace" not in found
        assert "somebody without a name" in found

    def test_never_tell_the_browser(self, client: Client) -> None:
        made = make_publication()
        be(client, made.visitor)
        assert str(made.visitor) not in page(client, made)

    def test_count_steps_and_who_chose(self, client: Client) -> None:
        assert "3 steps from a random genome: people chose at 2 of them, networks at 1." in page(
            client, make_long()
        )

    def test_name_what_it_stems_from_and_what_came_of_it(self, client: Client) -> None:
        origin = make_publication(title="Origin")
        child = make_publication(title="Child", branched_from=origin)
        make_publication(title="Secret", branched_from=origin, hidden_at=NOW)
        assert "“" not in page(client, child).partition("Branched from")[0].partition("<main")[2]
        assert "<q>Origin</q>" in page(client, child)
        found = page(client, origin)
        assert "<q>Child</q>" in found
        assert "1 published picture" in found
        assert "Secret" not in found

    def test_show_the_title_beside_the_three_surest_labels(self, client: Client) -> None:
        made = make_publication()
        make_prediction(made.individual, "lenet-a", top=[[3, 0.62], [8, 0.3], [5, 0.02], [1, 0.01]])
        caption = page(client, made).partition("<figcaption")[2].partition("</figcaption>")[0]
        assert "Two rings" in caption
        assert [value in caption for value in ("62.00%", "30.00%", "2.00%", "1.00%")] == [
            True, True, True, False,
        ]  # fmt: skip

    def test_of_a_fragment_bring_the_caption_along(self, client: Client) -> None:
        made = make_publication()
        make_prediction(made.individual)
        answer = client.get(f"/individuals/{made.individual_id}/predictions")
        assert 'id="caption" hx-swap-oob="true"' in answer.content.decode()


def test_every_page_of_one_that_can_be_drawn_offers_to_breed_from_it(client: Client) -> None:
    for individual in (make_publication().individual, make_elite(make_run()).individual):
        answer = client.get(f"/individuals/{individual.pk}/").content.decode()
        assert f'<form method="post" action="/breed/branch/{individual.pk}/">' in answer


class TestCard:
    def test_has_absolute_addresses_and_what_is_seen(self, client: Client) -> None:
        made = make_publication(title='A "lamp"', author=User.objects.create_user("ada"))
        make_prediction(made.individual, top=[[3, 0.62], [8, 0.3], [5, 0.02]])
        found = page(client, made)
        number = made.individual_id
        assert f'<link rel="canonical" href="http://testserver/individuals/{number}/">' in found
        assert 'property="og:title" content="“A &quot;lamp&quot;” by ada"' in found
        assert f'"og:image" content="http://testserver/pictures/{number}/640.png"' in found
        assert 'content="LeNet A sees 3 (62.00%), 8 (30.00%), 5 (2.00%)."' in found
        assert 'name="twitter:card"' in found
        assert client.get(f"/pictures/{number}/640.png").status_code == 200


class TestSteps:
    def test_say_where_they_led(self, client: Client) -> None:
        made = make_long()
        step = made.individual.parent
        assert step
        answer = client.get(f"/individuals/{step.pk}/").content.decode()
        assert (
            f'A step on the way to <a class="people" href="/individuals/{made.individual_id}/">'
            in answer
        )
        assert "og:title" not in answer
        assert "/rate" not in answer

    def test_of_a_hidden_picture_do_not_name_it(self, client: Client) -> None:
        made = make_long()
        Publication.objects.update(hidden_at=NOW)
        assert made.individual.parent_id
        answer = client.get(f"/individuals/{made.individual.parent_id}/").content.decode()
        assert "Two rings" not in answer
        assert "What it led to is not shown." in answer
