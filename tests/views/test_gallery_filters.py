"""Filters are a plain GET form; what cannot be used is said and left out."""

import re

import pytest
from django.test import Client

from evolution.models import Run
from tests.factories import make_archive, make_elite, make_large_run, make_run

pytestmark = pytest.mark.django_db


def shown(client: Client, query: str) -> list[str]:
    html = client.get(f"/{query}").content.decode()
    return re.findall(r'id="(tile-[\d-]+)"', html)


def places(run: Run, *cells: int) -> list[str]:
    return [f"tile-{run.pk}-{cell}" for cell in cells]


class TestFilters:
    def test_by_run(self, client: Client) -> None:
        run, other = make_run(), make_run(seed=1)
        make_elite(run, 1)
        make_elite(other, 1)
        assert shown(client, f"?run={other.pk}") == places(other, 1)

    def test_by_classifier(self, client: Client) -> None:
        run, other = make_run(), make_run(classifier="lenet-b")
        make_elite(run, 1)
        make_elite(other, 1)
        assert shown(client, "?classifier=lenet-b") == places(other, 1)

    def test_by_encoding(self, client: Client) -> None:
        run, other = make_run("mnist-cppn-paper"), make_run("mnist-direct-paper")
        make_elite(run, 1)
        make_elite(other, 1)
        assert shown(client, "?encoding=direct") == places(other, 1)

    def test_by_label(self, client: Client) -> None:
        run = make_run()
        make_archive(run)
        assert shown(client, "?label=7") == places(run, 7)

    def test_a_label_is_found_by_parts_of_its_name(self, client: Client) -> None:
        run = make_large_run(10)
        assert shown(client, "?label=SHARK&order=surest&group=fish") == places(run, 2, 3)
        assert shown(client, "?label=sh+ti") == places(run, 3)

    def test_by_super_class(self, client: Client) -> None:
        run = make_large_run(20)
        assert len(shown(client, "?group=fish&least=0")) == 7
        assert 'data-group="fish" data-confidence' in client.get("/?least=0").content.decode()
        assert shown(client, "?group=birds&label=cock&least=0") == places(run, 7)

    def test_by_least_confidence(self, client: Client) -> None:
        run = make_run()
        make_elite(run, 1, confidence=0.98)
        make_elite(run, 2, confidence=0.99)
        assert shown(client, "?least=99") == places(run, 2)

    def test_together(self, client: Client) -> None:
        run = make_run()
        make_archive(run, confidence=0.95)
        query = f"?run={run.pk}&classifier=lenet-a&encoding=cppn&label=4&least=90&order=surest"
        assert shown(client, query) == places(run, 4)

    def test_the_form_keeps_what_was_chosen(self, client: Client) -> None:
        make_elite(make_run(), 4)
        html = client.get("/?label=4&order=surest&encoding=cppn").content.decode()
        assert '<input type="search" name="label" value="4"' in html
        assert '<option value="surest" selected>' in html
        assert '<option value="cppn" selected>' in html

    def test_nothing_that_fits_is_said_plainly(self, client: Client) -> None:
        make_elite(make_run(), 4)
        assert "Nothing on the wall fits" in client.get("/?label=5").content.decode()


class TestOrder:
    def test_newest_first_unless_told_otherwise(self, client: Client) -> None:
        run = make_run()
        make_elite(run, 1, confidence=0.9)
        make_elite(run, 2, confidence=0.4)
        assert shown(client, "") == places(run, 2, 1)

    def test_most_certain_first(self, client: Client) -> None:
        run = make_run()
        make_elite(run, 1, confidence=0.4)
        make_elite(run, 2, confidence=0.9)
        make_elite(run, 3, confidence=0.1)
        assert shown(client, "?order=surest") == places(run, 2, 1, 3)


class TestValuesThatCannotBeUsed:
    @pytest.mark.parametrize(
        "query",
        [
            "run=abc",
            "run=-1",
            "run=99999999999999999999",
            "run=%D9%A1",
            "classifier=caffenet",
            "encoding=jpeg",
            "label=zebbra",
            "group=unicorns",
            "least=nan",
            "least=101",
            "least=lots",
            "order=best",
            "after=x",
            "after=9999999999",
            "label=%00",
            "run=<script>",
        ],
    )
    def test_are_left_out_and_named(self, client: Client, query: str) -> None:
        make_elite(make_run(), 4)
        response = client.get(f"/?{query}")
        html = response.content.decode()
        assert response.status_code == 200
        assert html.count("was asked for: left out") == 1
        assert "<script>" not in html
        assert len(re.findall('id="tile-', html)) == 1

    def test_a_run_that_does_not_exist_has_no_pictures(self, client: Client) -> None:
        make_elite(make_run(), 4)
        assert shown(client, "?run=2147483647") == []

    def test_a_page_after_an_unknown_picture_is_the_first(self, client: Client) -> None:
        run = make_run()
        make_elite(run, 4)
        assert shown(client, "?after=2147483647") == places(run, 4)


class TestEnsembles:
    def test_are_found_by_name_label_and_group(self, client: Client) -> None:
        run = make_run("imagenet-cppn-fast", classifier="squeezenet+efficientnet-lite0")
        make_elite(run, 0)
        make_elite(run, 823)
        assert shown(client, "?label=stethoscope") == places(run, 823)
        assert shown(client, "?group=fish") == places(run, 0)
        assert len(shown(client, "?classifier=squeezenet%2Befficientnet-lite0")) == 2
        assert (
            "Mean of SqueezeNet 1.1, EfficientNet-Lite0</option>"
            in client.get("/").content.decode()
        )
