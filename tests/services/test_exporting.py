"""A run as a folder, read as a script of somebody else would read it."""

import csv
import hashlib
import io
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from evolution.errors import InvalidInput
from evolution.genomes import codec
from evolution.models import Elite, Run
from evolution.services import exporting, run_folders, runs
from evolution.services.export_tables import Wish
from tests.factories import make_archive, make_elite, make_individual, make_run, plain_webp
from tests.services.test_evolving import evolve, start

pytestmark = pytest.mark.django_db(transaction=True)


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(newline="") as file:
        return list(csv.DictReader(file))


def small_run(**fields: Any) -> Run:
    run = make_run(status="cancelled", generation=3, **fields)
    make_archive(run)
    return run


class TestTheFolder:
    def test_holds_every_row_of_the_run_and_of_no_other(self, tmp_path: Path) -> None:
        run, other = start(), start()
        evolve(run)
        evolve(other)
        out = tmp_path / "run"
        counts = exporting.export(run.pk, out)
        individuals = table(out, "individuals.csv")
        assert len(individuals) == counts["individuals"] == run.individuals.count()
        assert [row["number"] for row in individuals] == [str(n) for n in range(len(individuals))]
        elites = table(out, "elites.csv")
        assert len(elites) == run.elites.count()
        stored = {
            (elite.cell, elite.since_generation): elite.confidence for elite in run.elites.all()
        }
        told = {
            (int(row["cell"]), int(row["since_generation"])): float(row["confidence"])
            for row in elites
        }
        assert told == stored  # to the last bit
        assert {row["label_name"] for row in elites} == set("0123456789")
        assert len(table(out, "statistics.csv")) == 7
        lines = (out / "predictions.jsonl").read_text().splitlines()
        assert len(lines) == len(individuals)
        assert json.loads(lines[0])["classifier"] == "lenet-a"

    def test_lineage_and_genomes_are_found_by_number(self, tmp_path: Path) -> None:
        run = start()
        evolve(run)
        out = tmp_path / "run"
        exporting.export(run.pk, out)
        rows = table(out, "individuals.csv")
        content = (out / "genomes.bin").read_bytes()
        stored = {(i.generation, i.position): i for i in run.individuals.select_related("parent")}
        assert any(row["parent"] for row in rows)
        for row in rows:
            individual = stored[int(row["generation"]), int(row["position"])]
            start_at, size = int(row["genome_at"]), int(row["genome_bytes"])
            genome = content[start_at : start_at + size]
            assert genome == bytes(individual.genome or b"")
            assert codec.decode(genome).encoding == row["encoding"] == "cppn"
            if individual.parent is None:
                assert row["parent"] == ""
            else:
                parent = rows[int(row["parent"])]
                assert (int(parent["generation"]), int(parent["position"])) == (
                    individual.parent.generation,
                    individual.parent.position,
                )

    def test_facts_tell_preset_seed_and_programs(self, tmp_path: Path) -> None:
        run = small_run(seed=41, engine="OpenVINO 1, float32", notice="went on")
        exporting.export(run.pk, tmp_path / "run")
        facts = json.loads((tmp_path / "run" / "run.json").read_text())
        assert (facts["format"], facts["version"]) == ("foolbreeder run", 1)
        assert facts["run"]["parameters"] == run.parameters
        assert (facts["run"]["seed"], facts["run"]["engine"]) == (41, "OpenVINO 1, float32")
        assert facts["labels"] == list("0123456789")
        assert set(facts["exported_with"]) == {"foolbreeder", "python", *exporting.PACKAGES}
        assert "owner" not in facts["run"]

    def test_checksums_are_those_that_sha256sum_knows(self, tmp_path: Path) -> None:
        exporting.export(small_run().pk, tmp_path / "run")
        done = subprocess.run(
            ["sha256sum", "-c", "--strict", "SHA256SUMS"],
            cwd=tmp_path / "run",
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        named = {
            line.split("  ")[1]
            for line in (tmp_path / "run/SHA256SUMS").read_text().split("\n")[:-1]
        }
        there = {
            p.relative_to(tmp_path / "run").as_posix() for p in (tmp_path / "run").rglob("*.*")
        }
        assert named == there
        assert (
            hashlib.sha256((tmp_path / "run/run.json").read_bytes()).hexdigest()
            in (tmp_path / "run/SHA256SUMS").read_text()
        )

    def test_the_readme_explains_every_file_and_column(self, tmp_path: Path) -> None:
        exporting.export(small_run().pk, tmp_path / "run")
        words = (tmp_path / "run" / "README.txt").read_text()
        for path in (tmp_path / "run").iterdir():
            assert path.name in words or path.name == "README.txt"
        for found in run_folders.TABLES:
            assert all(f"    {column} " in words for column in found.columns)
        assert "&" not in words


class TestPictures:
    def test_are_of_the_champions_as_the_network_saw_them(self, tmp_path: Path) -> None:
        run = small_run()
        past = make_elite(run, 10, until_generation=2)
        exporting.export(run.pk, tmp_path / "run")
        names = sorted(path.name for path in (tmp_path / "run" / "pictures").iterdir())
        assert len(names) == 10
        assert names[3] == "0003-3-3.png"
        with Image.open(tmp_path / "run" / "pictures" / names[3]) as image:
            assert (image.format, image.size, image.mode) == ("PNG", (28, 28), "L")
        assert past.until_generation == 2

    def test_come_in_any_size_and_of_all_who_ever_reigned(self, tmp_path: Path) -> None:
        run = small_run()
        Elite.objects.filter(run=run, cell=3).update(until_generation=1)
        make_elite(run, 3, since_generation=1)
        exporting.export(run.pk, tmp_path / "run", Wish(side=50, history=True))
        pictures = list((tmp_path / "run" / "pictures").glob("0003-*.png"))
        assert len(pictures) == 2
        with Image.open(pictures[0]) as image:
            assert image.size == (50, 50)

    def test_a_pruned_genome_leaves_its_row_and_its_small_picture(self, tmp_path: Path) -> None:
        run = make_run(
            "imagenet-direct-fast", classifier="squeezenet", status="cancelled", generation=2
        )
        gone = make_individual(run, genome=None, thumbnail=plain_webp(1))
        make_elite(run, 1, individual=gone, until_generation=1)
        exporting.export(run.pk, tmp_path / "run", Wish(history=True))
        (row,) = table(tmp_path / "run", "individuals.csv")
        assert (row["genome_at"], row["genome_bytes"]) == ("", "")
        small = (tmp_path / "run" / "thumbnails.bin").read_bytes()[: int(row["thumbnail_bytes"])]
        assert Image.open(io.BytesIO(small)).format == "WEBP"
        assert not list((tmp_path / "run" / "pictures").iterdir())


class TestARunThatGoesOn:
    def test_is_exported_as_it_was_at_one_generation(self, tmp_path: Path) -> None:
        run = make_run(status="running", generation=1)
        make_archive(run)
        # Committed between two reads of the export: the row of the run was read before.
        Elite.objects.filter(run=run, cell=2).update(until_generation=1)
        make_elite(run, 2, since_generation=1, confidence=0.9)
        exporting.export(run.pk, tmp_path / "run")
        rows = table(tmp_path / "run", "elites.csv")
        assert len(rows) == 10
        assert all(row["until_generation"] == "" for row in rows)
        assert len(table(tmp_path / "run", "individuals.csv")) == 10
        assert len(list((tmp_path / "run" / "pictures").iterdir())) == 10

    def test_is_refused_while_it_drops_genomes(self, tmp_path: Path) -> None:
        run = make_run("imagenet-direct-fast", classifier="squeezenet", status="running")
        with pytest.raises(InvalidInput, match="pause it first"):
            exporting.export(run.pk, tmp_path / "run")
        runs.pause(run.pk)
        exporting.export(run.pk, tmp_path / "run")


class TestWhereItGoes:
    def test_an_interrupted_export_leaves_nothing(self, tmp_path: Path) -> None:
        def interrupt(done: int, total: int) -> None:
            assert total == 20 + 10  # individuals, reigns, pictures
            if done == 15:
                raise KeyboardInterrupt

        run = small_run()
        with pytest.raises(KeyboardInterrupt):
            exporting.export(run.pk, tmp_path / "run", progress=interrupt)
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("there", ["a file in it", "a file", "a link", "no folder above"])
    def test_only_a_new_or_empty_folder_is_written(self, there: str, tmp_path: Path) -> None:
        out = tmp_path / "run"
        if there == "a file in it":
            out.mkdir()
            (out / "notes.txt").write_text("mine")
        elif there == "a file":
            out.write_text("mine")
        elif there == "a link":
            (tmp_path / "elsewhere").mkdir()
            out.symlink_to(tmp_path / "elsewhere")
        else:
            out = tmp_path / "none" / "run"
        before = sorted(tmp_path.rglob("*"))
        with pytest.raises(InvalidInput, match="out: expected"):
            exporting.export(small_run().pk, out)
        assert sorted(tmp_path.rglob("*")) == before

    def test_an_empty_folder_is_filled(self, tmp_path: Path) -> None:
        (tmp_path / "run").mkdir()
        exporting.export(small_run().pk, tmp_path / "run")
        assert (tmp_path / "run" / "run.json").exists()

    def test_an_unknown_run_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(InvalidInput, match="run: expected the number of a stored run, got 77"):
            exporting.export(77, tmp_path / "run")
        assert list(tmp_path.iterdir()) == []
