"""All judgments to take away: the page, the files, the dictionary."""

import io

import pyarrow.parquet as pq
import pytest
from django.core.cache import cache
from django.test import Client

from evolution.judging.columns import COLUMNS
from evolution.services.judging import exporting
from evolution.views import judging_data
from tests.judging_factories import (
    LABEL,
    make_judging_study,
    make_judgment,
    make_sitting,
    make_stimulus,
    make_trial,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def uncounted() -> None:
    cache.clear()


def answer(study: str) -> None:
    make_judgment(make_trial(make_sitting(make_judging_study(name=study))), LABEL)


class TestThePage:
    def test_tells_every_column_and_the_licence(self, client: Client) -> None:
        words = client.get("/judge/data/").content.decode()
        assert [name for name in COLUMNS if f'id="column-{name.name}"' not in words] == []
        assert "creativecommons.org/publicdomain/zero/1.0/" in words
        assert "No study has opened yet." in words

    def test_counts_the_judgments_of_a_study_without_practice(self, client: Client) -> None:
        study = make_judging_study(name="rings")
        sitting = make_sitting(study)
        make_judgment(make_trial(sitting), LABEL)
        make_judgment(make_trial(sitting, stimulus=make_stimulus(study, "practice")), "banana")
        words = client.get("/judge/data/").content.decode()
        assert '<td class="number">1</td><td>open</td>' in words
        assert "/judge/data/judgments.parquet?study=rings" in words

    def test_says_nothing_of_a_study_that_never_opened(self, client: Client) -> None:
        make_judging_study(name="secret", status="preparing", digest="", opened_at=None)
        assert b"secret" not in client.get("/judge/data/").content


class TestTheFiles:
    def test_csv(self, client: Client) -> None:
        answer("rings")
        response = client.get("/judge/data/judgments.csv")
        assert response.getvalue().decode() == "".join(exporting.csv_text())
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert response["Content-Disposition"] == 'attachment; filename="foolbreeder-judgments.csv"'
        assert "no-store" in response["Cache-Control"]

    def test_parquet_of_one_study(self, client: Client) -> None:
        answer("rings")
        answer("others")
        response = client.get("/judge/data/judgments.parquet?study=rings")
        table = pq.read_table(io.BytesIO(response.getvalue()))
        assert table["study"].to_pylist() == ["rings"]
        assert "foolbreeder-judgments-rings.parquet" in response["Content-Disposition"]

    @pytest.mark.parametrize("kind", ["csv", "parquet"])
    def test_of_an_unknown_study_are_refused_in_words(self, kind: str, client: Client) -> None:
        response = client.get(f"/judge/data/judgments.{kind}?study=nothing")
        assert response.status_code == 404
        assert (
            response.content
            == b"study: expected the name of a study, got \xe2\x80\x9cnothing\xe2\x80\x9d\n"
        )

    def test_may_not_be_fetched_too_often(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(judging_data, "RATE", "2/h")
        codes = [client.get("/judge/data/judgments.csv").status_code for _ in range(3)]
        assert codes == [200, 200, 429]


def test_the_dictionary_is_json(client: Client) -> None:
    told = client.get("/judge/data/dictionary.json").json()
    assert told["licence"] == "CC0-1.0"
    assert [column["name"] for column in told["columns"]] == [column.name for column in COLUMNS]
    assert set(told["columns"][0]) == {"name", "type", "unit", "values", "meaning"}
    assert {column["type"] for column in told["columns"]} <= set(told["types"])
