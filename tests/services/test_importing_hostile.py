"""Folders that somebody altered: each is refused in words, and nothing of it is stored."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evolution.errors import InvalidInput
from evolution.models import Elite, Individual, Prediction, Run
from evolution.services import exporting, importing, run_folders, runs
from tests.factories import cppn_bytes, plain_webp
from tests.services.test_evolving import evolve, start

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Of a small finished run that is not stored any more."""
    run = start()
    evolve(run)
    exporting.export(run.pk, tmp_path / "run")
    runs.delete([run.pk])
    return tmp_path / "run"


def sum_up(folder: Path) -> None:
    """Whoever forges a file also forges its checksum."""
    exporting._write_sums(folder)


def refusal(folder: Path) -> str:
    with pytest.raises(InvalidInput) as refused:
        importing.read(folder)
    for model in (Run, Individual, Elite, Prediction):
        assert not model.objects.exists()
    return str(refused.value)


def edit_facts(folder: Path, edit: Callable[[dict[str, Any]], object]) -> str:
    path = folder / "run.json"
    facts = json.loads(path.read_text())
    edit(facts)
    path.write_text(json.dumps(facts))
    (folder / "SHA256SUMS").unlink()
    sum_up(folder)
    return refusal(folder)


def edit_line(folder: Path, name: str, number: int, edit: Callable[[list[str]], object]) -> str:
    """Edit the values of a line of a CSV file; 0 is the head."""
    path = folder / name
    lines = path.read_text().splitlines()
    values = lines[number].split(",")
    edit(values)
    lines[number] = ",".join(values)
    path.write_text("\n".join(lines) + "\n")
    (folder / "SHA256SUMS").unlink()
    sum_up(folder)
    return refusal(folder)


def put(at: int, value: str) -> Callable[[list[str]], object]:
    return lambda values: values.__setitem__(at, value)


class TestFiles:
    def test_one_altered_byte_is_found(self, folder: Path) -> None:
        content = bytearray((folder / "genomes.bin").read_bytes())
        content[100] ^= 1
        (folder / "genomes.bin").write_bytes(content)
        assert "genomes.bin: expected the SHA-256" in refusal(folder)

    def test_an_altered_picture_is_found_too(self, folder: Path) -> None:
        picture = next((folder / "pictures").iterdir())
        picture.write_bytes(picture.read_bytes()[:-1])
        assert f"pictures/{picture.name}: expected the SHA-256" in refusal(folder)

    @pytest.mark.parametrize("name", [*run_folders.NEEDED, "SHA256SUMS"])
    def test_a_missing_file_is_named(self, name: str, folder: Path) -> None:
        (folder / name).unlink()
        assert f"{name}: expected a file, got No such file" in refusal(folder)

    @pytest.mark.parametrize("name", run_folders.NEEDED)
    def test_a_file_without_a_checksum_is_refused(self, name: str, folder: Path) -> None:
        sums = (folder / "SHA256SUMS").read_text().splitlines(keepends=True)
        kept = [line for line in sums if not line.endswith(f"  {name}\n")]
        assert len(kept) == len(sums) - 1
        (folder / "SHA256SUMS").write_text("".join(kept))
        assert f"expected a checksum of {name}" in refusal(folder)

    @pytest.mark.parametrize(
        "name", ["../secret", "pictures/../../secret", "/etc/passwd", "a/b/c", "..", "a\\b"]
    )
    def test_no_name_leads_outside(self, name: str, folder: Path) -> None:
        (folder.parent / "secret").write_text("mine")
        with (folder / "SHA256SUMS").open("a") as file:
            file.write(f"{'0' * 64}  {name}\n")
        words = refusal(folder)
        assert words.startswith("SHA256SUMS: expected a checksum and a name")
        assert "SHA-256" not in words

    @pytest.mark.parametrize("name", ["genomes.bin", "run.json", "SHA256SUMS"])
    def test_no_link_is_followed(self, name: str, folder: Path) -> None:
        (folder / name).rename(folder.parent / "elsewhere")
        (folder / name).symlink_to(folder.parent / "elsewhere")
        assert f"{name}: expected a file, got Too many levels of symbolic links" in refusal(folder)

    def test_nor_is_one_to_a_folder(self, folder: Path) -> None:
        (folder / "pictures").rename(folder.parent / "elsewhere")
        (folder / "pictures").symlink_to(folder.parent / "elsewhere")
        assert "expected a file within the folder, got a link" in refusal(folder)

    def test_a_pipe_is_not_waited_for(self, folder: Path) -> None:
        (folder / "run.json").unlink()
        os.mkfifo(folder / "run.json")
        assert "run.json: expected a plain file" in refusal(folder)

    def test_a_file_without_an_end_is_not_read(self, folder: Path) -> None:
        with (folder / "genomes.bin").open("wb") as file:
            file.truncate(run_folders.MOST_BYTES + 1)  # a hole, which takes no room
        assert "genomes.bin: expected at most 64,000,000,000 bytes" in refusal(folder)

    def test_a_line_without_an_end_is_not_read(self, folder: Path) -> None:
        (folder / "elites.csv").write_text("x" * 1_000_000)
        (folder / "SHA256SUMS").unlink()
        sum_up(folder)
        assert "elites.csv: expected lines of up to 20,000 bytes" in refusal(folder)

    def test_no_folder_at_all(self, folder: Path) -> None:
        shutil.rmtree(folder)
        assert "folder: expected a folder that export_run wrote" in refusal(folder)


class TestFacts:
    @pytest.mark.parametrize(
        ("name", "value", "words"),
        [
            ("seed", -1, "seed: expected a whole number from 0 to"),
            ("seed", 10**30, "seed: expected a whole number"),
            ("seed", True, "seed: expected a whole number"),
            ("generation", 99, "generation: expected a whole number from 0 to 7, got 99"),
            ("generation", 3, "status: expected it to fit a run with 3 generations done"),
            ("planned", 10**9, "planned: expected a whole number from 1 to 1,000,000"),
            ("status", "running", "status: expected it to fit"),
            ("status", "done", "status: expected one of queued"),
            ("elapsed", float("nan"), "run.json: expected a JSON object, got the number NaN"),
            ("elapsed", float("inf"), "got the number Infinity"),
            ("elapsed", -1, "elapsed: expected a number from 0"),
            ("pace", 1e9, "pace: expected a number from 0.05 to 100"),
            ("submission", "me", "submission: expected a UUID"),
            ("created_at", "yesterday", "created_at: expected a time in ISO 8601"),
            ("created_at", "2026-01-01T00:00:00", "expected a time with its zone"),
            ("finished_at", None, "finished_at: expected the time when the run was finished"),
            ("encoding", "direct", "encoding: expected 'cppn', as the parameters have it"),
            ("parameters", {"name": "x"}, "parameters: expected a preset"),
            ("parameters", [], "parameters: expected an object"),
            ("screening", "float8", "screening: expected one of"),
            ("stages", {"forward": "long"}, "stages, forward: expected a number"),
            ("error", "x" * 5000, "error: expected a text of up to 2,000 characters"),
            ("classifier", "x" * 201, "classifier: expected a text of up to 200"),
        ],
    )
    def test_each_is_checked(self, name: str, value: Any, words: str, folder: Path) -> None:
        assert words in edit_facts(folder, lambda facts: facts["run"].update({name: value}))

    def test_another_format_or_a_newer_version_is_named(self, folder: Path) -> None:
        assert "version: expected 1, which this program reads, got 2" in edit_facts(
            folder, lambda facts: facts.update(version=2)
        )
        assert "format: expected 'foolbreeder run', got 'zip'" in edit_facts(
            folder, lambda facts: facts.update(format="zip")
        )

    def test_labels_must_be_those_of_the_classifier_here(self, folder: Path) -> None:
        assert "expected those of lenet-a" in edit_facts(
            folder, lambda facts: facts["labels"].reverse()
        )

    def test_no_json_at_all(self, folder: Path) -> None:
        (folder / "run.json").write_text("[" * 100_000)
        (folder / "SHA256SUMS").unlink()
        sum_up(folder)
        assert "run.json: expected a JSON object" in refusal(folder)

    @pytest.mark.parametrize("rows", [10**9, 10**30, -1, 3, 1000])
    def test_claimed_rows_are_counted(self, rows: int, folder: Path) -> None:
        words = edit_facts(folder, lambda facts: facts["counts"].update({"elites.csv": rows}))
        assert "elites.csv" in words
        assert "expected" in words


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
        (folder / "SHA256SUMS").unlink()
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
        (folder / "SHA256SUMS").unlink()
        sum_up(folder)
        assert "genomes.bin: expected" in refusal(folder)

    def test_cut_off_genomes_are_refused(self, folder: Path) -> None:
        with (folder / "genomes.bin").open("r+b") as file:
            file.truncate(1000)
        (folder / "SHA256SUMS").unlink()
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
        (folder / "SHA256SUMS").unlink()
        sum_up(folder)
        assert words in refusal(folder)

    def test_an_answer_told_twice_is_the_databases_to_refuse(self, folder: Path) -> None:
        path = folder / "predictions.jsonl"
        lines = path.read_text().splitlines()
        lines[1] = lines[0]
        path.write_text("\n".join(lines) + "\n")
        (folder / "SHA256SUMS").unlink()
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
