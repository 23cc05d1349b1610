"""What a study came to, to take away."""

import csv
import json
from io import BytesIO, StringIO

import pytest
from django.test import Client
from kombu.exceptions import OperationalError
from PIL import Image

from evolution import tasks
from evolution.models import Study
from evolution.views import seeing, studies_files, studies_report
from evolution.views.bounds import Turns
from tests.factories import make_individual, make_run
from tests.study_factories import make_part, make_picture, make_study, sampler

__all__ = ["sampler"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sampler")]


@pytest.fixture
def study() -> Study:
    return make_study()


def rows(client: Client, address: str) -> list[list[str]]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(StringIO(answer.content.decode(), newline="")))


class TestTables:
    def test_have_full_precision_and_no_formula(self, client: Client, study: Study) -> None:
        assert rows(client, f"/studies/{study.pk}/tables/shares.csv") == [
            ["what", "sure", "counted", "n"],
            ["'=cmd()", "0.99999", "1.0", "12345"],
            ["none", "", "0.5", "2"],
        ]

    def test_of_plots_have_one_row_a_point(self, client: Client, study: Study) -> None:
        found = rows(client, f"/studies/{study.pk}/plots/rise.csv")
        assert found[0] == ["line", "generation", "confidence"]
        assert found[-1] == ["up", "1000.0", "1.0"]
        assert len(found) == 1002

    def test_of_bars_name_the_categories(self, client: Client, study: Study) -> None:
        found = rows(client, f"/studies/{study.pk}/plots/bars.csv")
        assert found[1:] == [["a", "one", "0.5"], ["a", "two", "1.0"]]

    def test_of_heat_maps_leave_holes_empty(self, client: Client, study: Study) -> None:
        found = rows(client, f"/studies/{study.pk}/heat-maps/small.csv")
        assert found == [["", "c", "d"], ["a", "0.999", ""], ["b", "0.0", "1.0"]]

    def test_of_the_paper_and_here_tell_why(self, client: Client, study: Study) -> None:
        found = rows(client, f"/studies/{study.pk}/comparisons.csv")
        assert found[2] == [
            *("sampler-two", "§0", "a number", "'=1+1", "2", "there", "differs"),
            "Because it is another machine.",
        ]

    def test_of_parts_are_as_they_are_now(self, client: Client, study: Study) -> None:
        make_part(study, 9, done=False, status="failed", error="=trouble")
        found = rows(client, f"/studies/{study.pk}/parts.csv")
        assert [row[1] for row in found[1:]] == ["part 0", "part 1", "part 2", "part 3", "part 9"]
        assert found[-1][-1] == "'=trouble"

    @pytest.mark.parametrize(
        "name", ["tables/nothing.csv", "nothing/shares.csv", "sheets/no.png", "heat-maps/no.png"]
    )
    def test_that_there_are_not_are_not_found(
        self, client: Client, study: Study, name: str
    ) -> None:
        assert client.get(f"/studies/{study.pk}/{name}").status_code == 404


class TestCaching:
    @pytest.mark.parametrize(
        "name",
        [
            *("tables/shares.csv", "comparisons.csv", "findings.json"),
            *("sheets/bred.png", "heat-maps/large.png"),
        ],
    )
    def test_nothing_is_sent_to_who_has_it(self, client: Client, study: Study, name: str) -> None:
        address = f"/studies/{study.pk}/{name}"
        etag = client.get(address)["ETag"]
        again = client.get(address, headers={"If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b"")

    def test_what_is_found_later_is_sent(self, client: Client) -> None:
        study = make_study(done=1)
        address = f"/studies/{study.pk}/findings.json"
        etag = client.get(address)["ETag"]
        make_part(study, 9)
        assert client.get(address, headers={"If-None-Match": etag}).status_code == 200


class TestEverything:
    def test_is_one_object(self, client: Client, study: Study) -> None:
        answer = client.get(f"/studies/{study.pk}/findings.json")
        document = json.loads(answer.content)
        assert (document["kind"], document["done"]) == ("sampler", 4)
        assert document["findings"]["heat_maps"][0]["values"] == [[0.999, None], [0.0, 1.0]]
        assert answer["Content-Disposition"] == (
            f'attachment; filename="foolbreeder-study-{study.pk}.json"'
        )


class TestPictures:
    def test_of_parts_never_change(self, client: Client, study: Study) -> None:
        for kind, told in (("PNG", "image/png"), ("WEBP", "image/webp")):
            stored = make_picture(study.parts.get(position=0), number=len(kind), kind=kind)
            answer = client.get(f"/studies/pictures/{stored.pk}")
            assert answer["Content-Type"] == told
            assert "immutable" in answer["Cache-Control"]
            assert Image.open(BytesIO(answer.content)).size == (32, 32)

    def test_that_there_are_not_are_not_found(self, client: Client) -> None:
        assert client.get("/studies/pictures/1").status_code == 404

    def test_sheets_show_individuals_and_pictures_of_parts(self, client: Client) -> None:
        individual = make_individual(make_run())
        study = make_study(result={"individuals": [individual.pk]})
        make_picture(study.parts.get(position=0))
        for name, count in (("bred", 4), ("made", 2)):
            answer = client.get(f"/studies/{study.pk}/sheets/{name}.png?download=1")
            image = Image.open(BytesIO(answer.content))
            assert image.size[0] > 100 * min(count, 3)
            assert f"sheet-{name}.png" in answer["Content-Disposition"]

    def test_wait_for_their_turn(
        self, client: Client, study: Study, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(studies_files, "_turns", Turns(at_once=1, seconds=0))
        with studies_files._turns.one():
            answer = client.get(f"/studies/{study.pk}/sheets/made.png")
        assert (answer.status_code, answer["Retry-After"]) == (503, "30")


@pytest.fixture
def drawn(study: Study) -> Study:
    """A study whose sheets a worker has drawn."""
    make_picture(study.parts.get(position=0))
    tasks.draw_sheets(study.pk)
    return study


class TestReport:
    def test_is_one_page_that_asks_for_nothing(self, client: Client, drawn: Study) -> None:
        answer = client.get("/studies/report.html")
        page = answer.content.decode()
        assert answer["Content-Disposition"].startswith("attachment")
        assert page.count('src="') == page.count('src="data:image/') == 3
        assert "<script" not in page
        assert "<link" not in page
        assert "url(" not in page
        assert '="/' not in page
        assert "1 of 3 numbers hold, 1 still open" in page
        assert "not run yet" in page

    def test_is_not_sent_to_who_has_it(self, client: Client, drawn: Study) -> None:
        etag = client.get("/studies/report.html")["ETag"]
        answer = client.get("/studies/report.html", headers={"If-None-Match": etag})
        assert answer.status_code == 304
        tasks.draw_sheets(make_study(parts=9, done=9).pk)
        answer = client.get("/studies/report.html", headers={"If-None-Match": etag})
        assert answer.status_code == 200

    def test_has_its_pictures_drawn_by_a_worker(
        self, client: Client, study: Study, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sent: list[int] = []
        monkeypatch.setattr(tasks.draw_sheets, "delay_on_commit", sent.append)
        for _ in range(2):
            page = client.get("/studies/report.html", follow=True).content.decode()
            assert "Ask for it again in a minute." in page
        assert sent == [study.pk]

    def test_is_drawn_at_once_where_no_worker_can_be_reached(
        self, client: Client, study: Study, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(*_: object) -> None:
            raise OperationalError

        monkeypatch.setattr(tasks.draw_sheets, "delay_on_commit", away)
        assert client.get("/studies/report.html").status_code == 200

    def test_is_put_together_for_one_at_a_time(
        self, client: Client, drawn: Study, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(studies_report, "_turns", Turns(at_once=1, seconds=0))
        with studies_report._turns.one():
            assert client.get("/studies/report.html").status_code == 503

    def test_notes_whose_pictures_were_seen(self, client: Client) -> None:
        run = make_run(status="finished")
        study = make_study(parts=0, done=0)
        make_part(study, 0, run=run)
        tasks.draw_sheets(study.pk)
        client.get("/studies/report.html")
        assert run.pk in seeing.read({key: one.value for key, one in client.cookies.items()}).runs
