"""The people's panel on the page of an individual."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from evolution.judging.forms import Form
from evolution.models import HiddenName, JudgingStudy, Stimulus
from tests.factories import NOW, make_elite, make_publication, make_run
from tests.judging_factories import (
    make_answers,
    make_judging_study,
    make_judgment,
    make_sitting,
    make_stimulus,
    make_trial,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def picture() -> Stimulus:
    return make_stimulus(make_judging_study())


def page(client: Client, picture: Stimulus, part: str = "") -> str:
    response = client.get(f"/individuals/{picture.individual_id}/{part}")
    assert response.status_code == 200
    return " ".join(str(response.content.decode()).split())


def panel(html: str) -> str:
    found = re.search(r'<section class="observer people asked".*?</section>', html)
    assert found
    return found[0]


def names(picture: Stimulus, *texts: str) -> None:
    for text in texts:
        make_judgment(make_trial(make_sitting(picture.study), Form.FREE, picture), text)


class TestThePage:
    def test_says_that_nobody_was_asked(self, client: Client) -> None:
        elite = make_elite(make_run())
        html = client.get(f"/individuals/{elite.individual_id}/").content.decode()
        assert "Nobody was asked yet." in html
        assert "Fooling score" not in html

    def test_shows_what_people_chose(self, client: Client, picture: Stimulus) -> None:
        make_answers(picture, 13, 22)
        html = panel(page(client, picture))
        assert ">13 of 22</data>" in html
        assert '<i class="dots" style="--k:13;--n:22"></i>' in html
        assert "59%, interval 36% to 79%; guessing gives 50%" in html
        assert "Fooling score" in html
        assert ">0.77</data>" in html

    def test_says_when_there_are_too_few(self, client: Client, picture: Stimulus) -> None:
        make_answers(picture, 13, 19)
        html = panel(page(client, picture))
        assert "Not enough answers yet" in html
        assert 'class="dots dots--few"' in html
        assert "interval" not in html

    def test_shows_names_that_two_people_gave(self, client: Client, picture: Stimulus) -> None:
        names(picture, "two rings", "Two rings", "<b>lamp")
        html = panel(page(client, picture))
        assert ">2 of 3</data>" in html
        assert "lamp" not in html
        assert "1 other name, not shown" in html

    def test_shows_a_name_as_text(self, client: Client, picture: Stimulus) -> None:
        names(picture, "<b>lamp", "<b>lamp")
        assert "<q>&lt;b&gt;lamp</q>" in panel(page(client, picture))

    def test_of_a_hand_bred_picture_keeps_its_title(self, client: Client) -> None:
        publication = make_publication(title="Harbour, night")
        study = make_judging_study()
        fields = {"individual": publication.individual, "name": "Harbour, night"}
        picture = make_stimulus(study, "hand-bred", **fields)
        make_answers(picture, 2, 3)
        html = panel(page(client, picture))
        assert 'Its author calls it <q class="words">Harbour, night</q>.' in html
        assert ">2 of 3</data>" in html


class TestHidingAName:
    def test_is_offered_to_staff_alone(self, client: Client, picture: Stimulus) -> None:
        names(picture, "rings", "rings")
        assert "Hide this name" not in page(client, picture)
        client.force_login(User.objects.create_superuser("staff"))
        html = page(client, picture)
        address = re.search(r'href="([^"]+)">Hide this name', html)
        assert address
        assert 'value="rings"' in client.get(address[1]).content.decode()

    def test_twice_is_told_in_words(self, client: Client) -> None:
        client.force_login(User.objects.create_superuser("staff"))
        add = "/admin/evolution/hiddenname/add/"
        assert client.post(add, {"name": "The rings"}).status_code == 302
        again = client.post(add, {"name": "rings"})
        assert "This name is hidden already." in again.content.decode()
        assert "Expected a word" in client.post(add, {"name": "!!"}).content.decode()
        assert HiddenName.objects.get().folded == "rings"


class TestWhileAnswersComeIn:
    def test_the_page_asks_again(self, client: Client, picture: Stimulus) -> None:
        html = panel(page(client, picture))
        address = re.search(r'hx-get="/individuals/\d+/([^"]+)" hx-trigger="every 10s"', html)
        assert address
        unchanged = client.get(f"/individuals/{picture.individual_id}/{address[1]}")
        assert (unchanged.status_code, unchanged.content) == (204, b"")
        make_answers(picture, 1, 1)
        changed = client.get(f"/individuals/{picture.individual_id}/{address[1]}")
        assert ">1 of 1</data>" in changed.content.decode()
        assert changed["Cache-Control"] == "no-store"

    def test_the_fragment_is_the_one_of_the_page(self, client: Client, picture: Stimulus) -> None:
        make_answers(picture, 1, 2)
        assert panel(page(client, picture, "people")) == panel(page(client, picture))

    def test_nothing_is_asked_of_a_closed_study(self, client: Client, picture: Stimulus) -> None:
        JudgingStudy.objects.update(status=JudgingStudy.Status.CLOSED, closed_at=NOW)
        assert "hx-get" not in panel(page(client, picture))

    def test_a_hidden_picture_says_nothing(self, client: Client) -> None:
        publication = make_publication(hidden_at=NOW)
        response = client.get(f"/individuals/{publication.individual_id}/people")
        assert response.status_code == 410
