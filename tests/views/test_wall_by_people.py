"""What people say under the pictures of the wall, and the orders that follow from it."""

import re
from typing import Any

import pytest
from django.test import Client

from evolution.exhibits import changes, walls
from evolution.models import Elite, Run
from tests.factories import NOW, make_elite, make_publication, make_run, take_cells
from tests.judging_factories import (
    make_agreement,
    make_answers,
    make_judging_study,
    make_judgment,
    make_sitting,
    make_stimulus,
    make_trial,
)
from tests.views.test_one_gallery import shown, wall

pytestmark = pytest.mark.django_db


def judged(run: Run, cell: int, agreeing: int, answers: int, **fields: Any) -> Elite:
    elite = make_elite(run, cell, **fields)
    make_agreement(elite.individual, agreeing, answers, confidence=elite.confidence)
    return elite


def order(client: Client, by: str, query: str = "") -> list[str]:
    return [place.split("-")[-1] for place in shown(wall(client, f"?order={by}{query}"))]


class TestATile:
    def test_shows_people_beside_the_network(self, client: Client) -> None:
        judged(make_run(), 0, 13, 22)
        html = wall(client)
        assert '<span>people agree</span> <data value="0.5909090909090909">13 of 22</data>' in html
        assert '<i class="dots" style="--k:13;--n:22"></i>' in html

    def test_names_the_label_where_it_is_another(self, client: Client) -> None:
        judged(make_run(), 5, 3, 4)
        assert "people agree on “0”" in wall(client)

    def test_says_that_nobody_was_asked(self, client: Client) -> None:
        make_elite(make_run())
        assert "nobody asked yet" in wall(client)

    def test_of_a_published_picture_shows_the_label_most_were_asked_about(
        self, client: Client
    ) -> None:
        publication = make_publication()
        make_agreement(publication.individual, 1, 5, version="old")
        make_agreement(publication.individual, 4, 6, label="banana")
        for html in (wall(client), client.get("/published/").content.decode()):
            assert "people agree on “banana”" in html
            assert ">4 of 6<" in html

    def test_in_a_live_update_is_the_same(self) -> None:
        run = make_run(status="running", generation=1)
        since = changes.gallery_version()
        take_cells(run, [3], 1)
        make_agreement(Elite.objects.get().individual, 1, 2)
        assert ">1 of 2<" in changes.gallery_changes(since).html

    def test_of_another_version_of_the_network_does_not_count(self, client: Client) -> None:
        elite = make_elite(make_run())
        make_agreement(elite.individual, 1, 2, version="old")
        assert "nobody asked yet" in wall(client)


class TestOrders:
    def test_the_most_fooling_first(self, client: Client) -> None:
        run = make_run()
        judged(run, 1, 19, 20, confidence=0.9)
        judged(run, 2, 10, 20, confidence=0.9)
        judged(run, 3, 10, 20, confidence=0.5)
        assert order(client, "fooling") == ["2", "3", "1"]

    def test_most_and_least_agreement(self, client: Client) -> None:
        run = make_run()
        for cell, agreeing in ((1, 15), (2, 20), (3, 3)):
            judged(run, cell, agreeing, 20)
        assert order(client, "agreed") == ["2", "1", "3"]
        assert order(client, "disputed") == ["3", "1", "2"]

    def test_both_kinds_hang_together(self, client: Client) -> None:
        judged(make_run(), 1, 15, 20)
        published = make_publication()
        make_agreement(published.individual, 18, 20)
        assert order(client, "agreed") == [str(published.pk), "1"]
        assert order(client, "disputed") == ["1", str(published.pk)]
        assert order(client, "agreed", "&by=networks") == ["1"]

    def test_only_enough_answers_have_a_place(self, client: Client) -> None:
        run = make_run()
        judged(run, 1, 15, 20)
        judged(run, 2, 19, 19)
        html = wall(client, "?order=agreed")
        assert len(shown(html)) == 1
        assert "1 picture that 20 people or more answered about" in html

    def test_an_empty_one_says_why(self, client: Client) -> None:
        judged(make_run(), 2, 19, 19)
        assert "No such picture has 20 answers yet." in wall(client, "?order=fooling")

    def test_a_picture_of_many_cells_hangs_once_under_its_surest(self, client: Client) -> None:
        run = make_run()
        elite = judged(run, 1, 15, 20, confidence=0.6)
        make_elite(run, 2, individual=elite.individual, confidence=0.7)
        make_elite(run, 3, individual=elite.individual, confidence=0.4)
        assert order(client, "fooling") == ["2"]
        assert "1 picture that" in wall(client, "?order=fooling")

    def test_filters_hold(self, client: Client) -> None:
        one, other = make_run(), make_run(seed=1)
        judged(one, 1, 15, 20)
        judged(other, 2, 15, 20)
        assert order(client, "fooling", f"&run={other.pk}") == ["2"]
        assert order(client, "fooling", "&label=1") == ["1"]

    def test_hidden_pictures_and_lost_cells_do_not_hang(self, client: Client) -> None:
        elite = judged(make_run(generation=2), 1, 15, 20)
        Elite.objects.filter(pk=elite.pk).update(until_generation=1)
        hidden = make_publication(hidden_at=NOW)
        make_agreement(hidden.individual, 15, 20)
        assert order(client, "fooling") == []

    @pytest.mark.parametrize("by", ["fooling", "agreed", "disputed"])
    def test_pages_follow_one_another(
        self, by: str, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = make_run()
        for cell in range(8):
            judged(run, cell, 10 + cell // 3, 20)
        for agreeing in (10, 12):
            make_agreement(make_publication().individual, agreeing, 20)
        whole = shown(wall(client, f"?order={by}"))
        assert len(whole) == 10
        monkeypatch.setattr(walls, "PAGE", 3)
        query, pages = f"?order={by}", []
        while query:
            html = wall(client, query)
            pages.append(shown(html))
            older = re.search(r'<a class="button" href="/(\?[^"]+)"', html)
            query = older[1].replace("&amp;", "&") if older else ""
        assert [len(page) for page in pages] == [3, 3, 3, 1]
        assert [name for page in pages for name in page] == whole

    def test_what_lost_its_cell_still_marks_the_end_of_a_page(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = make_run(generation=2)
        for cell in range(4):
            judged(run, cell, 10 + cell, 20)
        monkeypatch.setattr(walls, "PAGE", 2)
        assert order(client, "fooling") == ["0", "1"]
        last = Elite.objects.get(cell=1)
        Elite.objects.filter(pk=last.pk).update(until_generation=1)
        assert order(client, "fooling", f"&after={last.pk}") == ["2", "3"]


class TestTheLead:
    def test_says_what_people_see(self, client: Client) -> None:
        elite = make_elite(make_run("imagenet-cppn-fast", classifier="squeezenet"))
        picture = make_stimulus(make_judging_study(), individual=elite.individual)
        for _ in range(2):
            trial = make_trial(make_sitting(picture.study), "free", picture)
            make_judgment(trial, "two rings")
        html = client.get("/").content.decode()
        assert 'People see <span class="people">two rings</span>.' in html

    def test_says_how_many_chose_the_label(self, client: Client) -> None:
        make_elite(make_run(), 0, confidence=0.99)
        judged(make_run(seed=1), 3, 13, 22, confidence=0.9)
        html = client.get("/").content.decode()
        assert '13 of 22 <span class="people">people</span> chose that name' in html
        assert "90.00%</span> sure" in html

    def test_is_the_surest_while_nobody_was_asked(self, client: Client) -> None:
        make_elite(make_run(), 0, confidence=0.99)
        make_elite(make_run(seed=1), 3, confidence=0.9)
        html = client.get("/").content.decode()
        assert "99.00%</span> sure" in html
        assert "chose that name" not in html

    def test_one_person_s_word_makes_no_headline(self, client: Client) -> None:
        elite = make_elite(make_run())
        picture = make_stimulus(make_judging_study(), individual=elite.individual)
        make_judgment(make_trial(make_sitting(picture.study), "free", picture), "x", matched="bow")
        make_answers(picture, 1, 1)
        assert "People see" not in client.get("/").content.decode()
