"""Tables that somebody altered, with checksums that fit: every value is looked at."""

import json
from pathlib import Path
from typing import Any

import pytest

from evolution.models import Elite
from evolution.services import exporting, runs
from tests.factories import cppn_bytes, plain_webp
from tests.services.forging import edit_line, put, refusal, sum_up
from tests.services.test_evolving import evolve, start

pytestmark = pytest.mark.django_db(transaction=True)


class TestIndividuals:
    @pytest.mark.parametrize(
        ("at", "value", "words"),
        [
            (0, "7000000000", "number: expected 12"),
            (1, "99999999999999999999", "generation: expected a whole number"),
            (1, "7", "generation: expected a whole number from 0 to 6"),
            (2, "-1", "position: expected a whole number"),
            (3, "12", "parent: expected the number of somebody born in an earlier generation"),
            (3, "13", "parent: expected the number of somebody born in an earlier generation"),
            (3, "-1", "parent: expected a whole number"),
            (4, "99999", "mate: expected the number of somebody born in an earlier generation"),
            (5, "direct", "encoding: expected one of cppn"),
            (6, "nobody", "selected_by: expected one of person"),
            (7, "0", "genome_at: expected"),
            (8, "999999999", "genome_bytes: expected a whole number from 1 to 4,000,000"),
            (8, "1e3", "genome_bytes: expected a whole number"),
            (8, "", "genome_bytes: expected a whole number"),
        ],
    )
    def test_each_value_is_checked(self, at: int, value: str, words: str, folder: Path) -> None:
        told = edit_line(folder, "individuals.csv", 13, put(at, value))
        assert told.startswith("individuals.csv, line 14")
        assert words in told

    def test_parents_in_a_circle_cannot_be_told(self, folder: Path) -> None:
        """Two of one generation that name each other: whoever comes first names a later one."""
        edit = edit_line(folder, "individuals.csv", 1, put(3, "1"))
        assert "individuals.csv, line 2, parent" in edit

    def test_a_mate_needs_a_parent(self, folder: Path) -> None:
        def edit(values: list[str]) -> None:
            values[3:5] = ["", "0"]

        lines = (folder / "individuals.csv").read_text().splitlines()
        later = next(n for n, line in enumerate(lines) if n and line.split(",")[1] == "2")
        assert "mate: expected none where there is no parent" in edit_line(
            folder, "individuals.csv", later, edit
        )

    @pytest.mark.parametrize("size", [40, 28])
    def test_a_genome_of_another_kind_is_refused(self, size: int, folder: Path) -> None:
        """Sound in itself, but not what the preset breeds."""
        genome = cppn_bytes(0, size) if size != 28 else b"FB" + bytes(30)
        lines = [line.split(",") for line in (folder / "individuals.csv").read_text().splitlines()]
        content = (folder / "genomes.bin").read_bytes()
        grown = len(genome) - int(lines[1][8])
        (folder / "genomes.bin").write_bytes(genome + content[int(lines[1][8]) :])
        lines[1][8] = str(len(genome))
        for line in lines[2:]:
            line[7] = str(int(line[7]) + grown)
        (folder / "individuals.csv").write_text("\n".join(",".join(line) for line in lines) + "\n")
        sum_up(folder)
        words = refusal(folder)
        assert words.startswith("individuals.csv, line 2, genome: expected a")

    def test_what_is_no_picture_is_not_kept_as_one(self, folder: Path) -> None:
        (folder / "thumbnails.bin").write_bytes(b"<script>alert(1)</script>")

        def edit(values: list[str]) -> None:
            values[9:11] = ["0", "25"]

        assert "thumbnail: expected a WebP picture of 64 x 64 pixels" in edit_line(
            folder, "individuals.csv", 1, edit
        )

    def test_a_picture_of_another_size_is_none(self, folder: Path) -> None:
        content = plain_webp(1, side=128)
        (folder / "thumbnails.bin").write_bytes(content)

        def edit(values: list[str]) -> None:
            values[9:11] = ["0", str(len(content))]

        assert "got one of (128, 128)" in edit_line(folder, "individuals.csv", 1, edit)

    def test_bytes_that_nobody_names_are_refused(self, folder: Path) -> None:
        with (folder / "genomes.bin").open("ab") as file:
            file.write(b"more")
        sum_up(folder)
        assert "genomes.bin: expected" in refusal(folder)

    def test_cut_off_genomes_are_refused(self, folder: Path) -> None:
        with (folder / "genomes.bin").open("r+b") as file:
            file.truncate(1000)
        sum_up(folder)
        assert "bytes that are left" in refusal(folder)


class TestOtherTables:
    @pytest.mark.parametrize(
        ("at", "value", "words"),
        [
            (0, "10", "cell: expected a whole number from 0 to 9"),
            (1, "3", "label: expected 0"),
            (3, "9999999", "individual: expected the number of somebody born by generation 0"),
            (4, "nan", "confidence: expected a number from 0 to 1, got 'nan'"),
            (4, "1.0001", "confidence: expected a number from 0 to 1"),
            (4, "-0.1", "confidence: expected a number from 0 to 1"),
            (4, "1e999", "confidence: expected a number from 0 to 1"),
            (5, "1000", "since_generation: expected a whole number from 0 to 6"),
            (6, "0", "until_generation: expected a whole number from 1 to 6"),
            (7, "now", "taken_at: expected a time"),
        ],
    )
    def test_each_value_of_a_reign_is_checked(
        self, at: int, value: str, words: str, folder: Path
    ) -> None:
        assert words in edit_line(folder, "elites.csv", 1, put(at, value))

    def test_two_holders_of_one_cell_are_refused(self, folder: Path) -> None:
        lines = (folder / "elites.csv").read_text().splitlines()
        ended = next(n for n, line in enumerate(lines) if line.split(",")[6].isdigit())
        words = edit_line(folder, "elites.csv", ended, put(6, ""))
        assert f"elites.csv, line {ended + 2}, since_generation: expected no other reign" in words

    def test_a_gap_between_two_reigns_is_refused(self, folder: Path) -> None:
        lines = (folder / "elites.csv").read_text().splitlines()
        ended = next(n for n, line in enumerate(lines) if line.split(",")[6] in "12345")
        words = edit_line(folder, "elites.csv", ended, put(6, "6"))
        assert "since_generation: expected 6, where the reign before ends" in words

    @pytest.mark.parametrize(
        ("at", "value", "words"),
        [
            (0, "0", "generation: expected a whole number from 1 to 6"),
            (1, "2", "median: expected a number from 0 to 1"),
            (3, "NaN", "minimum: expected a number"),
            (6, "x", "evaluations: expected a whole number"),
            (7, "-3", "elapsed: expected a number"),
        ],
    )
    def test_figures_are_checked(self, at: int, value: str, words: str, folder: Path) -> None:
        assert words in edit_line(folder, "statistics.csv", 2, put(at, value))

    @pytest.mark.parametrize(
        ("name", "value", "words"),
        [
            ("individual", 10**9, "individual: expected a whole number"),
            ("top", [[3, 2.0]], "top, confidence: expected a number from 0 to 1"),
            ("top", [[-3, 0.5]], "top, label: expected a whole number"),
            ("top", [[1, 0.1]] * 11, "top: expected 1 to 10 pairs"),
            ("top", "all", "top: expected 1 to 10 pairs"),
            ("top", [1, 2], "top: expected pairs"),
            ("version", "x" * 65, "version: expected a text of up to 64"),
        ],
    )
    def test_predictions_are_checked(self, name: str, value: Any, words: str, folder: Path) -> None:
        path = folder / "predictions.jsonl"
        first, rest = path.read_text().split("\n", 1)
        path.write_text(json.dumps({**json.loads(first), name: value}) + "\n" + rest)
        sum_up(folder)
        assert words in refusal(folder)

    def test_an_answer_told_twice_is_the_databases_to_refuse(self, folder: Path) -> None:
        path = folder / "predictions.jsonl"
        lines = path.read_text().splitlines()
        lines[1] = lines[0]
        path.write_text("\n".join(lines) + "\n")
        sum_up(folder)
        assert "folder: expected rows that fit together" in refusal(folder)

    def test_a_head_with_other_columns_is_refused(self, folder: Path) -> None:
        assert "elites.csv: expected the columns" in edit_line(
            folder, "elites.csv", 0, put(0, "place")
        )

    def test_a_row_that_is_too_short_is_refused(self, folder: Path) -> None:
        assert "elites.csv, line 3: expected 8 values, got 7" in edit_line(
            folder, "elites.csv", 2, lambda values: values.pop()
        )


def test_a_run_that_cannot_go_on_is_not_taken_for_one_that_can(tmp_path: Path) -> None:
    run = start()
    evolve(run, seconds=0)
    runs.pause(run.pk)
    Elite.objects.filter(run=run, cell=9).delete()
    exporting.export(run.pk, tmp_path / "run")
    runs.cancel(run.pk)
    runs.delete([run.pk])
    assert "expected a holder for each of 10 cells" in refusal(tmp_path / "run")
