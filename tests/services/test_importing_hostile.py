"""Folders that somebody altered: each is refused in words, and nothing of it is stored."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from evolution.services import run_folders
from tests.services.forging import edit_facts, refusal, sum_up

pytestmark = pytest.mark.django_db(transaction=True)


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
        sum_up(folder)
        assert "run.json: expected a JSON object" in refusal(folder)

    @pytest.mark.parametrize("rows", [10**9, 10**30, -1, 3, 1000])
    def test_claimed_rows_are_counted(self, rows: int, folder: Path) -> None:
        words = edit_facts(folder, lambda facts: facts["counts"].update({"elites.csv": rows}))
        assert "elites.csv" in words
        assert "expected" in words
