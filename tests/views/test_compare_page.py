"""Groups of runs side by side: the page without scripts, its pictures and its tables."""

import csv
from io import BytesIO, StringIO

import numpy as np
import pytest
from django.test import Client
from PIL import Image

from evolution.exhibits import sheets as drawing
from evolution.exhibits.comparing import groups, heat_maps, options, sheets
from evolution.models import Individual, Run
from evolution.views import comparing
from evolution.views.bounds import Turns
from tests.factories import make_elite, make_run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    heat_maps._grid.cache_clear()


def finished(preset: str = "mnist-cppn-paper", confidence: float = 0.5, **fields: object) -> Run:
    run = make_run(preset, **{"status": Run.Status.FINISHED, "generation": 3, **fields})
    for cell in range(10):
        make_elite(run, cell, confidence=confidence + cell / 1000)
    return run


@pytest.fixture
def pair() -> tuple[Run, Run]:
    return finished(confidence=0.9), finished("mnist-direct-paper", confidence=0.2)


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode(), newline="")))


class TestThePage:
    def test_offers_runs_before_any_is_chosen(self, client: Client, pair: tuple[Run, Run]) -> None:
        text = client.get("/compare/").content.decode()
        assert f'aria-label="Run {pair[0].pk} in A"' in text
        assert "Tick one run or more" in text
        assert 'hx-trigger="every 10s"' not in text

    def test_shows_every_figure_of_two_groups(self, client: Client, pair: tuple[Run, Run]) -> None:
        text = client.get(f"/compare/?a={pair[0].pk}&b={pair[1].pk}").content.decode()
        assert "The networks are surer of A than of B: 90.45% in the median class" in text
        assert "p &lt; 0.0001" in text
        assert text.count('class="heat machine"') == 2
        assert "0 of 10 classes are at 99% or more, the median class at 90.45%" in text
        assert "The paper’s own figures" not in text

    def test_shows_one_group_without_a_test(self, client: Client, pair: tuple[Run, Run]) -> None:
        for name in "ab":
            text = client.get(f"/compare/?{name}={pair[0].pk}").content.decode()
            assert "Mann" not in text
            assert 'class="heat machine"' in text

    def test_answers_htmx_with_the_figures_alone(
        self, client: Client, pair: tuple[Run, Run]
    ) -> None:
        headers = {"HX-Request": "true", "HX-Target": "figures"}
        text = client.get(f"/compare/?a={pair[0].pk}", headers=headers).content.decode()
        assert text.startswith('<div class="figures" id="figures">')

    def test_looks_again_while_a_run_goes_on(self, client: Client) -> None:
        run = finished(status=Run.Status.RUNNING)
        text = client.get(f"/compare/?a={run.pk}&rows=class").content.decode()
        assert f'hx-get="/compare/?a={run.pk}&amp;rows=class" hx-trigger="every 10s"' in text

    def test_of_a_run_without_an_archive_waits(self, client: Client, pair: tuple[Run, Run]) -> None:
        text = client.get(f"/compare/?a={make_run().pk}&b={pair[0].pk}").content.decode()
        assert "The heat map begins with the first generation" in text
        assert "The test waits until both groups have an archive" in text

    def test_is_linked_from_every_page_and_from_the_list(self, client: Client) -> None:
        assert client.get("/runs/").content.decode().count('href="/compare/"') == 2


class TestWhatCannotBeShown:
    @pytest.mark.parametrize(
        ("asked", "words"),
        [
            ("a=999", "There is no run 999: left out."),
            ("a=x", "A: a run is named by its number, but “x” was asked for: left out."),
            ("b=99999999999", "B: a run is named by its number"),
            ("a=²", "was asked for: left out."),
            ("count=0", "count: expected a whole number from 1 to 200, got “0”."),
            ("rows=x", "rows: expected class or confidence, got “x”."),
            ("label=x", "label: expected a label&#x27;s number"),
        ],
    )
    def test_is_said(self, client: Client, asked: str, words: str) -> None:
        answer = client.get(f"/compare/?{asked}")
        assert answer.status_code == 200
        assert words in answer.content.decode()

    def test_are_more_runs_than_twenty(self, client: Client) -> None:
        asked = "&".join(f"a={number}" for number in range(1, groups.MOST_RUNS + 2))
        assert (
            "at most 20 runs are shown at once" in client.get(f"/compare/?{asked}").content.decode()
        )

    def test_are_runs_with_other_labels(self, client: Client) -> None:
        asked = f"a={make_run().pk}&b={make_run('imagenet-cppn-fast', classifier='squeezenet').pk}"
        text = client.get(f"/compare/?{asked}").content.decode()
        assert "LeNet A and SqueezeNet 1.1 know different labels" in text
        assert client.get(f"/compare/champions.csv?{asked}").status_code == 400

    def test_is_a_network_that_is_gone(self, client: Client) -> None:
        run = make_run()
        Run.objects.update(classifier="gone")
        assert "not in the catalogue" in client.get(f"/compare/?a={run.pk}").content.decode()

    @pytest.mark.parametrize("name", ["heat-map.png", "sheet.png", "heat-map.csv", "classes.csv"])
    @pytest.mark.parametrize("asked", ["", "a=999", "a=x"])
    def test_is_refused_as_a_file(self, client: Client, name: str, asked: str) -> None:
        answer = client.get(f"/compare/{name}?{asked}")
        assert answer.status_code == 400
        assert answer["Content-Type"].startswith("text/plain")

    def test_is_a_heat_map_of_one_label(self, client: Client) -> None:
        run = make_run("mnist-cppn-single", generation=2)
        make_elite(run, 0, label=3)
        for name in ("", "heat-map.png", "heat-map.csv"):
            assert "aims at “3” alone" in client.get(f"/compare/{name}?a={run.pk}").content.decode()


class TestTheHeatMap:
    def test_has_a_pixel_a_class_and_generation(
        self, client: Client, pair: tuple[Run, Run]
    ) -> None:
        answer = client.get(f"/compare/heat-map.png?a={pair[0].pk}&rows=confidence")
        assert Image.open(BytesIO(answer.content)).size == (3, 10)
        assert answer["Cache-Control"] == "private, no-cache"

    def test_is_not_sent_again_to_who_has_it(self, client: Client, pair: tuple[Run, Run]) -> None:
        address = f"/compare/heat-map.png?a={pair[0].pk}"
        etag = client.get(address)["ETag"]
        assert client.get(address, headers={"if-none-match": etag}).status_code == 304
        assert client.get(f"{address}&rows=confidence")["ETag"] != etag

    def test_is_limited_for_each_visitor(
        self, client: Client, pair: tuple[Run, Run], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(comparing, "RATE", "2/m")
        address = f"/compare/heat-map.png?a={pair[0].pk}"
        assert [client.get(address).status_code for _ in range(3)] == [200, 200, 429]

    def test_is_drawn_in_turn(
        self, client: Client, pair: tuple[Run, Run], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(comparing, "_turns", Turns(at_once=2, seconds=0.01))
        with comparing._turns.one(), comparing._turns.one():
            assert client.get(f"/compare/heat-map.png?a={pair[0].pk}").status_code == 503


class TestThePictureSheet:
    def test_is_as_large_as_it_was_asked_for(self, client: Client, pair: tuple[Run, Run]) -> None:
        asked = "count=7&columns=3&size=64"
        answer = client.get(f"/compare/sheet.png?a={pair[0].pk}&{asked}&download=1")
        image = Image.open(BytesIO(answer.content))
        wanted = options.Options(count=7, columns=3, size=64)
        assert image.size == sheets.layout(7, wanted).extent
        assert image.getpixel((0, 0)) == (255, 255, 255)
        assert "attachment" in answer["Content-Disposition"]
        assert (
            f'width="{image.size[0]}"'
            in client.get(f"/compare/?a={pair[0].pk}&{asked}").content.decode()
        )

    @pytest.mark.parametrize(
        "asked",
        ["count=201", "columns=0", "columns=21", "size=31", "size=257", "label=10", "order=x"],
    )
    def test_beyond_its_limits_is_refused(
        self, client: Client, pair: tuple[Run, Run], asked: str
    ) -> None:
        answer = client.get(f"/compare/sheet.png?a={pair[0].pk}&{asked}")
        assert answer.status_code == 400
        assert "expected" in answer.content.decode()

    def test_takes_the_surest_champion_that_has_a_genome(self, pair: tuple[Run, Run]) -> None:
        surest = pair[0].elites.get(cell=4).individual_id
        group = groups.Group("A", pair)
        labels = options.Options(labels=(7, 4), order="class")
        found = sheets.entries(group, labels)
        assert [entry.label for entry in found] == ["7", "4"]
        assert found[1].individual == surest
        assert sheets.entries(group, options.Options(count=2))[0].label == "9"
        Individual.objects.filter(pk=surest).update(genome=None)
        assert (
            sheets.entries(group, labels)[1].individual == pair[1].elites.get(cell=4).individual_id
        )

    def test_says_so_when_no_genome_was_kept(self, client: Client, pair: tuple[Run, Run]) -> None:
        Individual.objects.update(genome=None)
        answer = client.get(f"/compare/sheet.png?a={pair[0].pk}")
        assert (answer.status_code, b"has a picture" in answer.content) == (400, True)

    def test_draws_around_a_damaged_genome(self, client: Client, pair: tuple[Run, Run]) -> None:
        Individual.objects.update(genome=b"\xff" * 40)
        assert client.get(f"/compare/sheet.png?a={pair[0].pk}").status_code == 200

    def test_shortens_labels_that_are_too_long(self) -> None:
        font = drawing.scaled_font(12)
        short = drawing.shortened("African hunting dog, hyena dog, Cape hunting dog", font, 96)
        assert short.endswith("…")
        assert font.getlength(short) <= 96
        assert drawing.shortened("3", font, 96) == "3"


class TestTables:
    def test_of_champions_read_back_exactly(self, client: Client, pair: tuple[Run, Run]) -> None:
        asked = f"a={pair[0].pk}&b={pair[1].pk}"
        answer = client.get(f"/compare/champions.csv?{asked}")
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        header, *rows = rows_of(answer.content)
        assert header[:4] == ["group", "run", "label_index", "label"]
        assert len(rows) == 20
        stored = {(e.run_id, e.label): e for run in pair for e in run.elites.all()}
        for _, run, index, label, confidence, individual, since in rows:
            elite = stored[int(run), int(index)]
            assert (float(confidence), int(individual)) == (elite.confidence, elite.individual_id)
            assert (label, since) == (index, "0")

    def test_of_the_heat_map_hold_what_it_shows(
        self, client: Client, pair: tuple[Run, Run]
    ) -> None:
        header, *rows = rows_of(client.get(f"/compare/heat-map.csv?a={pair[0].pk}").content)
        assert header == ["label_index", "label", "0", "1", "2"]
        field = np.array([row[2:] for row in rows], float)
        expected = heat_maps.grid(groups.Group("A", pair[:1])).confidences
        assert np.array_equal(field, expected)

    def test_of_the_histogram_and_the_classes(self, client: Client, pair: tuple[Run, Run]) -> None:
        asked = f"a={pair[0].pk}&b={pair[1].pk}"
        header, *bins = rows_of(client.get(f"/compare/distribution.csv?{asked}").content)
        assert header == ["from", "to", "champions_A", "champions_B"]
        assert [sum(int(row[place]) for row in bins) for place in (2, 3)] == [10, 10]
        header, *rows = rows_of(client.get(f"/compare/classes.csv?{asked}").content)
        assert dict(zip(header, rows[0], strict=True)) | {
            "at_0.5": "10",
            "share_at_0.9": "1.0",
        } == (dict(zip(header, rows[0], strict=True)))
        assert len(rows) == 2

    def test_of_other_names_do_not_exist(self, client: Client) -> None:
        assert client.get("/compare/secrets.csv").status_code == 404

    def test_are_read_with_get_alone(self, client: Client) -> None:
        for name in ("", "heat-map.png", "sheet.png", "classes.csv"):
            assert client.post(f"/compare/{name}").status_code == 405
