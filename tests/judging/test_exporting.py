"""The table of all judgments: what a row tells, what it keeps back, and both formats."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError, call_command

from evolution.errors import InvalidInput
from evolution.judging.columns import COLUMNS
from evolution.judging.forms import Form
from evolution.models import Judgment
from evolution.services.judging import exporting, parquet
from tests.factories import NOW, make_publication
from tests.judging_factories import (
    LABEL,
    SECOND,
    make_judging_study,
    make_judgment,
    make_sitting,
    make_stimulus,
    make_trial,
)

pytestmark = pytest.mark.django_db


def rows() -> list[exporting.Row]:
    return [row for page in exporting.pages() for row in page]


def from_csv() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(exporting.csv_text()))))


def from_parquet() -> pa.Table:
    return pq.read_table(io.BytesIO(b"".join(parquet.pieces())))


class TestARow:
    def test_tells_every_column(self) -> None:
        make_judgment(make_trial(make_sitting(make_judging_study())), LABEL)
        (row,) = rows()
        assert set(row) == {column.name for column in COLUMNS}

    def test_tells_what_was_asked_and_answered(self) -> None:
        trial = make_trial(make_sitting(make_judging_study(name="first", digest="d" * 64)))
        make_judgment(trial, SECOND, answered_at=datetime(2026, 3, 1, 9, 8, 7, 6, tzinfo=UTC))
        (row,) = rows()
        assert (row["study"], row["study_digest"]) == ("first", "d" * 64)
        assert (row["form"], row["foil"], row["framing"]) == ("two", "random", "guess")
        assert row["options"] == [SECOND, LABEL]
        assert (row["expected"], row["answer"], row["agrees"]) == (LABEL, SECOND, False)
        assert (row["chance"], row["cannot_tell"], row["counted"]) == (0.5, False, True)
        assert (row["reaction_ms"], row["elapsed_ms"]) == (2100, 3000)
        assert (row["label"], row["second_label"], row["confidence"]) == (LABEL, SECOND, 0.9455)
        assert row["individual"] == trial.stimulus.individual_id
        assert row["answered_at"] == datetime(2026, 3, 1, 9, 8, tzinfo=UTC)

    def test_that_cannot_tell_has_no_answer(self) -> None:
        make_judgment(make_trial(make_sitting(make_judging_study())), "")
        (row,) = rows()
        assert (row["answer"], row["agrees"], row["cannot_tell"]) == ("", None, True)

    def test_names_the_pictures_to_pick_from_as_the_study_numbers_them(self) -> None:
        make_judging_study()
        make_stimulus(make_judging_study())  # so that keys and numbers differ
        trial = make_trial(make_sitting(make_judging_study()), Form.PICK)
        make_judgment(trial, "1")
        (row,) = rows()
        assert row["options"] == ["1", "0", "2", "3"]
        assert row["options"][int(row["expected"])] == str(trial.stimulus.number)

    def test_of_a_free_name_has_no_chance(self) -> None:
        make_judgment(make_trial(make_sitting(make_judging_study()), Form.FREE), "rings")
        (row,) = rows()
        assert (row["chance"], row["offered"], row["options"]) == (None, 0, [])

    def test_of_a_repeat_tells_where_the_question_came_first(self) -> None:
        sitting = make_sitting(make_judging_study())
        make_trial(sitting)
        first = make_trial(sitting)
        again = make_trial(sitting, stimulus=first.stimulus, repeat_of=first)
        make_judgment(first, LABEL)
        make_judgment(again, LABEL)
        assert [row["repeat_of_position"] for row in rows()] == [None, 1]

    def test_of_a_check_has_no_network(self) -> None:
        sitting = make_sitting(make_judging_study())
        stimulus = make_stimulus(sitting.study, "check", truth=["banana"])
        make_judgment(make_trial(sitting, stimulus=stimulus), "banana", is_right=True)
        (row,) = rows()
        assert (row["kind"], row["network"], row["confidence"]) == ("check", "", None)
        assert (row["truth"], row["right"]) == (["banana"], True)


class TestWhatIsKeptBack:
    def test_the_key_of_a_visitor(self) -> None:
        sitting = make_sitting(make_judging_study())
        make_judgment(make_trial(sitting), LABEL)
        told = "".join(exporting.csv_text())
        assert str(sitting.visitor) not in told
        assert sitting.visitor.hex not in told
        assert sitting.code not in told

    def test_a_person_has_one_number_within_a_study_and_none_across(self) -> None:
        study, other = make_judging_study(), make_judging_study()
        make_sitting(other)
        first = make_sitting(study)
        sittings = [
            first,
            make_sitting(study),
            make_sitting(study, visitor=first.visitor),
            make_sitting(other, visitor=first.visitor),
        ]
        for sitting in sittings:
            make_judgment(make_trial(sitting), LABEL)
        assert [row["participant"] for row in rows()] == [0, 1, 0, 1]

    def test_practice(self) -> None:
        sitting = make_sitting(make_judging_study())
        practice = make_stimulus(sitting.study, "practice")
        make_judgment(make_trial(sitting, stimulus=practice), "banana")
        assert rows() == []

    def test_a_title_that_staff_hid(self) -> None:
        study = make_judging_study()
        for hidden in (None, NOW):
            publication = make_publication(title="Two rings", hidden_at=hidden)
            fields = {"individual": publication.individual, "name": "Two rings"}
            stimulus = make_stimulus(study, "hand-bred", **fields)
            make_judgment(make_trial(make_sitting(study), stimulus=stimulus), LABEL)
        assert [row["name"] for row in rows()] == ["Two rings", ""]


class TestCsv:
    def test_an_empty_table_is_its_header(self) -> None:
        assert "".join(exporting.csv_text()) == ",".join(c.name for c in COLUMNS) + "\r\n"

    def test_lists_are_json_and_times_are_iso(self) -> None:
        make_judgment(make_trial(make_sitting(make_judging_study())), LABEL, answered_at=NOW)
        (row,) = from_csv()
        assert json.loads(row["options"]) == [SECOND, LABEL]
        assert (row["answered_at"], row["counted"]) == ("2026-03-01T12:00Z", "true")
        assert row["repeat_of_position"] == ""

    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("x")'])
    def test_a_spreadsheet_takes_no_answer_for_a_formula(self, text: str) -> None:
        make_judgment(make_trial(make_sitting(make_judging_study()), Form.FREE), text)
        assert from_csv()[0]["answer"] == f"'{text}"

    def test_an_answer_may_hold_anything_else(self) -> None:
        text = 'rings, "two"; \u2713'
        make_judgment(make_trial(make_sitting(make_judging_study()), Form.FREE), text)
        assert from_csv()[0]["answer"] == text


class TestParquet:
    def test_tells_the_rows(self) -> None:
        make_judgment(make_trial(make_sitting(make_judging_study()), Form.FREE), "=1+1")
        make_judgment(make_trial(make_sitting(make_judging_study())), LABEL)
        assert from_parquet().to_pylist() == rows()

    def test_carries_the_dictionary_and_the_licence(self) -> None:
        schema = from_parquet().schema
        assert schema.metadata[b"licence"] == b"CC0-1.0"
        for column in COLUMNS:
            told = schema.field(column.name).metadata
            assert told[b"meaning"].decode() == column.meaning

    def test_more_than_a_row_group_is_written_piece_by_piece(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(exporting, "AT_ONCE", 2)
        monkeypatch.setattr(parquet, "GROUP", 4)
        sitting = make_sitting(make_judging_study())
        for _ in range(9):
            make_judgment(make_trial(sitting), LABEL)
        pieces = list(parquet.pieces())
        assert len(pieces) == 4
        file = pq.ParquetFile(io.BytesIO(b"".join(pieces)))
        assert [file.metadata.row_group(n).num_rows for n in range(3)] == [4, 4, 1]
        assert file.read()["position"].to_pylist() == list(range(9))


class TestOneStudy:
    def test_has_its_own_rows_alone(self) -> None:
        mine, other = make_judging_study(name="mine"), make_judging_study()
        for study in (mine, other):
            make_judgment(make_trial(make_sitting(study)), LABEL)
        pages = list(exporting.pages(exporting.study("mine")))
        assert [row["study"] for page in pages for row in page] == ["mine"]

    def test_that_does_not_exist_is_refused(self) -> None:
        with pytest.raises(InvalidInput, match="expected the name of a study, got “mine”"):
            exporting.study("mine")


class TestCommand:
    @pytest.mark.parametrize("kind", ["csv", "parquet"])
    def test_writes_the_file(self, kind: str, tmp_path: Path) -> None:
        make_judgment(make_trial(make_sitting(make_judging_study(name="mine"))), LABEL)
        out = tmp_path / "judgments"
        call_command("judgments", format=kind, out=out, study="mine")
        pieces = (
            [text.encode() for text in exporting.csv_text()]
            if kind == "csv"
            else list(parquet.pieces())
        )
        assert out.read_bytes() == b"".join(pieces)
        assert [path.name for path in tmp_path.iterdir()] == ["judgments"]

    def test_refuses_a_study_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="got “mine”"):
            call_command("judgments", format="csv", out=tmp_path / "file", study="mine")
        assert list(tmp_path.iterdir()) == []

    def test_says_where_it_cannot_write(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="cannot be written: No such file"):
            call_command("judgments", format="csv", out=tmp_path / "no" / "file")


def test_a_row_costs_no_statement(django_assert_num_queries: object) -> None:
    sitting = make_sitting(make_judging_study())
    for _ in range(5):
        make_judgment(make_trial(sitting), LABEL)
    assert Judgment.objects.count() == 5
    with django_assert_num_queries(4):  # type: ignore[operator]  # keys, rows, people; the end
        list(exporting.pages())
