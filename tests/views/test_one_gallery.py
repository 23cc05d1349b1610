"""People's pictures beside the champions of runs, on one wall and in one order."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from evolution.exhibits import walls
from tests.factories import (
    NOW,
    make_archive,
    make_elite,
    make_prediction,
    make_publication,
    make_run,
)

pytestmark = pytest.mark.django_db


def wall(client: Client, query: str = "") -> str:
    response = client.get(f"/{query}", headers={"HX-Request": "true", "HX-Target": "wall"})
    assert response.status_code == 200
    return str(response.content.decode())


def shown(html: str) -> list[str]:
    return re.findall(r'<figure class="tile" id="(?:tile|published)-([\d-]+)"', html)


class TestBothKinds:
    def test_hang_in_the_order_of_time(self, client: Client) -> None:
        run = make_run()
        make_elite(run, 1, taken_at=NOW)
        published = make_publication(published_at=NOW + timedelta(seconds=1))
        make_elite(run, 2, taken_at=NOW + timedelta(seconds=2))
        html = wall(client)
        assert shown(html) == [f"{run.pk}-2", f"{published.pk}", f"{run.pk}-1"]
        assert "3 pictures" in html

    def test_are_marked_by_who_selected_them(self, client: Client) -> None:
        make_elite(make_run(), 1)
        make_publication()
        html = wall(client)
        machine, person = (
            re.findall(r"<figure.*?</figure>", part, re.DOTALL)[0]
            for part in (wall(client, "?by=networks"), wall(client, "?by=people"))
        )
        assert 'class="by machine"' in machine
        assert 'class="by people"' not in machine
        assert 'class="by people"' in person
        assert 'class="by machine"' not in person
        assert machine in html
        assert person in html

    def test_by_confidence_people_s_have_that_of_the_surest_network(self, client: Client) -> None:
        run = make_run()
        make_elite(run, 1, confidence=0.7)
        make_elite(run, 2, confidence=0.3)
        asked = make_publication()
        make_prediction(asked.individual, "squeezenet", top=[[1, 0.2]])
        make_prediction(asked.individual, "efficientnet-lite0", top=[[5, 0.5], [6, 0.4]])
        unasked = make_publication()
        assert shown(wall(client, "?order=surest")) == [
            f"{run.pk}-1",
            f"{asked.pk}",
            f"{run.pk}-2",
            f"{unasked.pk}",
        ]


class TestFilters:
    def test_by_who_selected(self, client: Client) -> None:
        run = make_run()
        make_elite(run, 1)
        published = make_publication()
        assert shown(wall(client, "?by=people")) == [f"{published.pk}"]
        assert shown(wall(client, "?by=networks")) == [f"{run.pk}-1"]
        assert 'name="by" value="people" checked' in client.get("/?by=people").content.decode()

    @pytest.mark.parametrize(
        "query", ["run={run}", "classifier=lenet-a", "encoding=cppn", "group=fish&least=0"]
    )
    def test_what_only_runs_have_leaves_people_out(self, client: Client, query: str) -> None:
        run = make_run()
        make_elite(run, 1)
        published = make_publication()
        asked = query.format(run=run.pk)
        assert f"{published.pk}" not in shown(wall(client, f"?{asked}"))
        html = wall(client, f"?by=people&{asked}")
        assert shown(html) == [f"{published.pk}"]
        assert "have no run, network, encoding or super-class: left out." in html

    def test_a_label_is_meant_by_what_a_network_puts_first(self, client: Client) -> None:
        run = make_run("imagenet-cppn-fast", classifier="squeezenet")
        make_elite(run, 2)
        shark, tench, unsure = (make_publication() for _ in range(3))
        make_prediction(shark.individual, "efficientnet-lite0", top=[[2, 0.6], [0, 0.2]])
        make_prediction(tench.individual, "squeezenet", top=[[0, 0.6], [2, 0.2]])
        make_prediction(unsure.individual, "squeezenet", top=[[2, 0.09]])
        assert shown(wall(client, "?label=white+shark")) == [f"{shark.pk}", f"{run.pk}-2"]
        assert shown(wall(client, "?label=white+shark&by=people&least=90")) == []
        assert len(shown(wall(client, "?label=white+shark&by=people&least=0"))) == 2

    def test_the_usual_least_confidence_leaves_nobody_out(self, client: Client) -> None:
        unasked, claimed = make_publication(), make_publication()
        make_prediction(claimed.individual, "squeezenet", top=[[0, 0.95]])
        assert len(shown(wall(client))) == len(shown(wall(client, "?least=0"))) == 2
        assert shown(wall(client, "?least=90")) == [f"{claimed.pk}"]
        assert shown(wall(client, "?least=99")) == []
        assert unasked.individual.predictions.count() == 0

    @pytest.mark.parametrize("query", ["by=robots", "by=%00", "after=p", "after=px", "after=pp1"])
    def test_what_cannot_be_used_is_named(self, client: Client, query: str) -> None:
        make_publication()
        html = wall(client, f"?{query}")
        assert html.count("was asked for: left out") == 1
        assert len(shown(html)) == 1


class TestPaging:
    @pytest.mark.parametrize("query", ["", "?order=surest"])
    def test_over_both_kinds_shows_each_once(self, client: Client, query: str) -> None:
        """All at the same time and with few confidences, so that pages end within ties."""
        for seed in range(7):
            make_archive(make_run(seed=seed))
        for number in range(70):
            published = make_publication()
            if number % 2:
                make_prediction(published.individual, "squeezenet", top=[[1, 0.5]])
        pages = []
        html = wall(client, query)
        while link := re.search(r'href="/(\?[^"#]*after=p?\d+)"', html):
            pages.append(shown(html))
            html = wall(client, link[1].replace("&amp;", "&"))
        pages.append(shown(html))
        assert [len(page) for page in pages] == [walls.PAGE, walls.PAGE, 20]
        assert len({tile for page in pages for tile in page}) == 140

    def test_a_page_may_begin_after_either_kind(self, client: Client) -> None:
        run = make_run()
        elite = make_elite(run, 1)
        first, second = make_publication(), make_publication()
        assert shown(wall(client)) == [f"{second.pk}", f"{first.pk}", f"{run.pk}-1"]
        assert shown(wall(client, f"?after=p{second.pk}")) == [f"{first.pk}", f"{run.pk}-1"]
        assert shown(wall(client, f"?after={elite.pk}")) == []
        first.hidden_at = NOW
        first.save()
        assert shown(wall(client, f"?after=p{first.pk}")) == [f"{run.pk}-1"]


class TestTheRowOfNewPictures:
    def test_is_there_with_the_first_publication(self, client: Client) -> None:
        assert "Bred and published by people" not in client.get("/").content.decode()
        for number in range(10):
            make_publication(title=f"Picture {number}")
        html = client.get("/").content.decode()
        row = html.split('id="recent"')[1].split("</section>")[0]
        assert re.findall(r"<q>Picture (\d)</q>", row) == list("98765432")
        assert 'href="/published/"' in row

    def test_repeats_no_id_of_the_wall(self, client: Client) -> None:
        make_publication()
        ids = re.findall(r' id="([^"]+)"', client.get("/").content.decode())
        assert len(ids) == len(set(ids))
