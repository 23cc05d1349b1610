"""The page of one individual: what it says, and what it leaves unsaid."""

import json
from typing import Any

import pytest
from django.test import Client
from kombu.exceptions import OperationalError

from evolution import tasks
from evolution.genomes import codec
from evolution.models import Individual, Run
from tests.factories import make_elite, make_individual, make_prediction, make_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str]]:
    """The questions that were enqueued: (individual, classifier)."""
    told: list[tuple[int, str]] = []
    monkeypatch.setattr(tasks.predict, "delay_on_commit", lambda *what: told.append(what))
    return told


def make_line(steps: int, label: int = 3) -> list[Individual]:
    """Each holds the cell from its generation to the next; confidence rises along the line."""
    run = make_run(generation=steps + 1, status="running")
    line: list[Individual] = []
    for generation in range(steps + 1):
        parent = line[-1] if line else None
        line.append(make_individual(run, generation=generation, parent=parent))
        confidence = (generation + 0.5) / (steps + 1)
        until = None if generation == steps else generation + 1
        make_elite(
            run,
            label,
            individual=line[-1],
            confidence=confidence,
            since_generation=generation,
            until_generation=until,
        )
        make_prediction(line[-1], top=[[label, confidence], [1, 0.001]])
    return line


def page(client: Client, individual: Individual, query: str = "") -> str:
    answer = client.get(f"/individuals/{individual.pk}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def text(html: str) -> str:
    return " ".join(html.split())


@pytest.mark.usefixtures("asked")
class TestHeader:
    def test_says_who_bred_it_and_what_it_holds(self, client: Client) -> None:
        line = make_line(2)
        found = text(page(client, line[-1]))
        run = line[-1].run_id
        assert 'Bred by <span class="by machine">LeNet A</span>, generation 2.' in found
        assert f'Holds the cell <a href="/runs/{run}/#cell-{run}-3">3</a>.' in found
        assert "2 steps from a random genome." in found

    def test_says_what_it_held(self, client: Client) -> None:
        found = text(page(client, make_line(2)[1]))
        assert ">3</a> until generation 2." in found
        assert "1 step from a random genome." in found

    def test_says_that_nothing_was_bred_before(self, client: Client) -> None:
        assert "Nothing was bred before it." in page(client, make_line(0)[0])

    def test_people_were_not_asked(self, client: Client) -> None:
        assert "Nobody was asked yet." in page(client, make_line(0)[0])

    def test_of_a_pruned_genome_keeps_what_is_known(self, client: Client) -> None:
        line = make_line(1)
        Individual.objects.filter(pk=line[0].pk).update(genome=None)
        found = page(client, line[0])
        assert "The picture is gone" in found
        assert "genome.json" not in found
        assert "not kept" in page(client, line[1])

    def test_unknown_is_a_page_of_words(self, client: Client) -> None:
        assert client.get("/individuals/404/").status_code == 404


class TestNetworks:
    def test_shows_what_is_stored_and_asks_the_others_once(
        self, client: Client, asked: list[Any]
    ) -> None:
        individual = make_line(0)[0]
        for _ in range(2):
            found = page(client, individual)
        assert "LeNet A, bred against" in found
        assert "LeNet B, never saw it before" in found
        assert 'hx-trigger="load delay:1s"' in found
        assert "Reload the page to see its answer" in found
        assert asked == [(individual.pk, "lenet-b")]

    def test_fragment_of_the_page_is_the_fragment_that_is_polled(
        self, client: Client, asked: list[Any]
    ) -> None:
        individual = make_line(0)[0]
        make_prediction(individual, "lenet-b")
        fragment = client.get(f"/individuals/{individual.pk}/predictions?tries=4").content.decode()
        assert fragment in page(client, individual)
        assert "hx-get" not in fragment
        assert not asked

    def test_counts_its_tries_and_gives_up(self, client: Client, asked: list[Any]) -> None:
        address = f"/individuals/{make_line(0)[0].pk}/predictions"
        assert "?tries=8" in client.get(address + "?tries=7").content.decode()
        given_up = client.get(address + "?tries=30").content.decode()
        assert "hx-get" not in given_up
        assert "has not answered within half a minute" in given_up
        assert "?tries=1" in client.get(address + "?tries=nonsense").content.decode()

    def test_says_when_no_worker_can_be_reached(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*what: object) -> None:
            raise OperationalError

        monkeypatch.setattr(tasks.predict, "delay_on_commit", refuse)
        assert "no worker can be reached" in page(client, make_line(0)[0])

    def test_never_asks_about_a_pruned_genome(self, client: Client, asked: list[Any]) -> None:
        individual = make_line(0)[0]
        Individual.objects.update(genome=None)
        assert "cannot be asked any more" in page(client, individual)
        assert not asked

    def test_of_a_classifier_that_is_gone_shows_what_it_said(
        self, client: Client, asked: list[Any]
    ) -> None:
        individual = make_line(0)[0]
        individual.predictions.update(classifier="gone")
        Run.objects.update(classifier="gone")
        found = page(client, individual)
        assert "gone, bred against" in found
        assert "label 3" in found
        assert "gone" not in {classifier for _, classifier in asked}

    def test_confidence_is_cut(self, client: Client, asked: list[Any]) -> None:
        individual = make_line(0)[0]
        individual.predictions.update(top=[[3, 0.999999], [4, 0.29]])
        found = page(client, individual)
        assert '<data value="0.999999">99.99%</data>' in found
        assert "29.00%" in found
        assert "100.00%" not in found


@pytest.mark.usefixtures("asked")
class TestFilm:
    def test_shows_the_whole_of_a_short_line(self, client: Client) -> None:
        line = make_line(4)
        found = page(client, line[-1])
        assert found.count('class="film__point') == 5
        assert [f"gen {step.generation}" in found for step in line] == [True] * 5
        assert found.index("gen 0<") < found.index("gen 4<")
        assert 'as <span class="machine">3</span>' in found
        assert "film__fold" not in found

    def test_folds_the_middle_of_a_long_line(self, client: Client) -> None:
        line = make_line(44)
        found = page(client, line[-1])
        assert found.count('class="film__point') == 31
        assert '<a href="?network=lenet-a&amp;label=3&amp;all=1#line">14 more</a>' in found
        assert "gen 0<" in found
        assert "gen 14<" not in found
        assert "gen 15<" in found
        assert page(client, line[-1], "?all=1").count('class="film__point') == 45

    def test_leaves_out_what_was_not_stored(self, client: Client) -> None:
        line = make_line(4)
        line[2].predictions.all().delete()
        found = page(client, line[-1])
        assert found.count('class="film__point') == 4
        assert found.count('class="g-band"') == 2


@pytest.mark.usefixtures("asked")
class TestGenome:
    def test_of_a_network_is_drawn(self, client: Client) -> None:
        individual = make_line(0)[0]
        found = page(client, individual)
        genome = codec.decode(bytes(individual.genome or b""))
        assert found.count('<use href="#patterns"/>') == 5
        assert found.count('id="patterns"') == 1
        assert "5 nodes, 4 links" in found
        for name, weight in zip(("x", "y", "d", "bias"), genome.weights, strict=True):  # type: ignore[union-attr]
            assert f"<title>{name} to grey" in found
            assert f": {weight:+.2f}</title>" in found

    def test_of_pixels_says_so(self, client: Client) -> None:
        individual = make_individual(make_run("mnist-direct-paper"))
        assert "each of its 784 genes is the brightness" in text(page(client, individual))

    def test_json(self, client: Client) -> None:
        individual = make_individual(make_run())
        answer = client.get(f"/individuals/{individual.pk}/genome.json")
        assert answer["Content-Type"] == "application/json"
        expected = codec.to_json(codec.decode(bytes(individual.genome or b"")))
        assert json.loads(answer.content) == expected

    @pytest.mark.parametrize("genome", [None, b"nonsense"])
    def test_json_of_what_is_gone_or_damaged(self, client: Client, genome: bytes | None) -> None:
        individual = make_individual(make_run(), genome=genome)
        answer = client.get(f"/individuals/{individual.pk}/genome.json")
        assert answer.status_code == 410
        assert "genome" in answer.content.decode()
        assert client.get(f"/individuals/{individual.pk}/").status_code == 200


@pytest.mark.usefixtures("asked")
class TestReigns:
    def test_tell_when_and_who_followed(self, client: Client) -> None:
        line = make_line(2)
        found = text(page(client, line[1]))
        rows = found[found.index('id="reign-rows"') :]
        assert "1–2" in rows
        assert "reign--over" in rows
        assert f'<a href="/individuals/{line[2].pk}/">No. {line[2].pk}</a>' in rows
        assert "2–now" in page(client, line[2])


@pytest.mark.usefixtures("asked")
class TestDownload:
    def test_size_form_leads_to_the_picture(self, client: Client) -> None:
        individual = make_individual(make_run())
        answer = client.get(f"/individuals/{individual.pk}/?png=1024")
        assert answer["Location"] == f"/pictures/{individual.pk}/1024.png?download=1"

    @pytest.mark.parametrize("size", ["abc", "", "-1", "0", "100000"])
    def test_nonsense_is_refused_in_words(self, client: Client, size: str) -> None:
        individual = make_individual(make_run())
        answer = client.get(f"/individuals/{individual.pk}/?png={size}", follow=True)
        assert answer.status_code == 400
        assert answer.content.decode().startswith("size: expected a whole number")


def test_queries_do_not_grow_with_the_line(
    client: Client, asked: list[Any], django_assert_max_num_queries: Any
) -> None:
    last = make_line(30)[-1]
    with django_assert_max_num_queries(17):
        page(client, last)
