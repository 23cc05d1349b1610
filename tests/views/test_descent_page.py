"""The page of an archive's families, and its file."""

import csv
import io
import re

import pytest
from django.test import Client

from evolution.views import seeing
from tests.exhibits.test_descents import two_families
from tests.factories import make_run

pytestmark = pytest.mark.django_db


def test_tells_families_in_words_a_drawing_and_a_table(client: Client) -> None:
    run, (first, other, *_, left, _) = two_families()
    page = client.get(f"/runs/{run.pk}/descent").content.decode()
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "4 cells are held by 3 pictures, which descend from 2 founders" in words
    assert "The largest family holds 3 cells." in words
    assert page.count("<svg") >= 2
    for number in (first.pk, other.pk, left.pk):
        assert f'href="/individuals/{number}/"' in page
    row = next(part for part in page.split("<tr>") if f"No. {first.pk}</a></th>" in part)
    assert "75.00%" in row
    assert "99.00%" in row


def test_the_run_page_leads_there(client: Client) -> None:
    run, _ = two_families()
    assert f'href="/runs/{run.pk}/descent"' in client.get(f"/runs/{run.pk}/").content.decode()


def test_the_file_has_every_cell(client: Client) -> None:
    run, (first, other, _, left, right) = two_families()
    answer = client.get(f"/runs/{run.pk}/descent.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [(int(row["founder"]), int(row["individual"])) for row in rows] == [
        (first.pk, left.pk), (first.pk, left.pk), (first.pk, right.pk), (other.pk, other.pk),
    ]  # fmt: skip
    assert rows[0]["confidence"] == "0.99"
    assert f"families-{run.pk}.csv" in answer["Content-Disposition"]


def test_a_run_that_has_evaluated_nothing(client: Client) -> None:
    page = client.get(f"/runs/{make_run().pk}/descent").content.decode()
    assert "Nothing has been evaluated yet" in page


def test_a_run_that_does_not_exist(client: Client) -> None:
    assert client.get("/runs/999999999/descent").status_code == 404
    assert client.get("/runs/999999999/descent.csv").status_code == 404


def test_whoever_saw_it_is_not_asked_about_its_pictures(client: Client) -> None:
    run, (first, other, *_, left, _) = two_families()
    client.get(f"/runs/{run.pk}/descent")
    seen = seeing.read({name: morsel.value for name, morsel in client.cookies.items()})
    assert {first.pk, other.pk, left.pk} <= set(seen.individuals)


def test_too_many_at_once_are_refused(client: Client) -> None:
    run, _ = two_families()
    codes = [client.get(f"/runs/{run.pk}/descent.csv").status_code for _ in range(62)]
    assert codes[0] == 200
    assert codes[-1] == 429
