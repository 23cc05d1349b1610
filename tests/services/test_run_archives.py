"""Runs as ZIP files, and of their champions alone."""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from evolution import phenotypes
from evolution.errors import InvalidInput
from evolution.genomes import codec
from evolution.genomes.base import Expression
from evolution.genomes.cppn_population import CppnPopulation
from evolution.genomes.direct_population import DirectPopulation
from evolution.models import Run
from evolution.services import exporting, importing, run_archives, runs
from evolution.services.export_tables import Wish
from evolution.services.portraits import portrait
from tests.factories import make_elite, make_individual, make_run, plain_webp
from tests.services.test_evolving import evolve, start, story

pytestmark = pytest.mark.django_db(transaction=True)

CHAMPIONS = Wish(champions=True, pictures=False)


def finished() -> Run:
    run = start()
    evolve(run)
    return run


def test_a_run_comes_back_from_a_file_as_it_was(tmp_path: Path) -> None:
    run = finished()
    before = story(run)
    exporting.export_as_archive(run.pk, tmp_path / "run.zip")
    runs.delete([run.pk])
    assert story(importing.read_archive(tmp_path / "run.zip")) == before


def test_the_same_run_gives_the_same_file(tmp_path: Path) -> None:
    run = finished()
    for name in ("a.zip", "b.zip"):
        exporting.export_as_archive(run.pk, tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    run, file = finished(), tmp_path / "run.zip"
    file.write_text("mine")
    with pytest.raises(InvalidInput, match=r"^out: expected a new file"):
        exporting.export_as_archive(run.pk, file)
    assert file.read_text() == "mine"


class TestChampionsAlone:
    def test_come_with_their_ancestors_and_nobody_else(self, tmp_path: Path) -> None:
        run = finished()
        ancestors, found = set(), set(run.elites.holders().values_list("individual", flat=True))
        while found:
            ancestors |= found
            kin = run.individuals.filter(pk__in=found).values_list("parent", "mate")
            found = {number for pair in kin for number in pair if number} - ancestors
        assert len(ancestors) < run.individuals.count()
        holders = sorted(run.elites.holders().values_list("cell", "confidence"))
        exporting.export_as_archive(run.pk, tmp_path / "run.zip", CHAMPIONS)
        runs.delete([run.pk])
        back = importing.read_archive(tmp_path / "run.zip")
        assert back.individuals.count() == len(ancestors)
        assert sorted(back.elites.values_list("cell", "confidence")) == holders
        assert "reigns that ended are left out" in back.notice
        assert back.statistics.count() == 7
        assert not back.individuals.filter(parent=None, generation__gt=0).exists()

    def test_may_come_with_ancestors_whose_genomes_are_left_out(self, tmp_path: Path) -> None:
        run = finished()
        wish = Wish(champions=True, lean=True, pictures=False)
        exporting.export_as_archive(run.pk, tmp_path / "run.zip", wish)
        runs.delete([run.pk])
        back = importing.read_archive(tmp_path / "run.zip")
        holders = set(back.elites.holders().values_list("individual", flat=True))
        drawable = set(back.individuals.drawable().values_list("pk", flat=True))
        assert drawable == holders
        assert back.individuals.count() > len(holders)

    def test_alone_can_be_lean(self) -> None:
        with pytest.raises(InvalidInput, match=r"^lean: expected to be asked for with"):
            Wish(lean=True)

    def test_have_no_history_to_draw(self) -> None:
        with pytest.raises(InvalidInput, match=r"^history: expected not to be asked for"):
            Wish(history=True, champions=True)

    def test_are_in_a_file_without_pictures(self, tmp_path: Path) -> None:
        exporting.export_as_archive(finished().pk, tmp_path / "run.zip", CHAMPIONS)
        with zipfile.ZipFile(tmp_path / "run.zip") as archive:
            assert not [name for name in archive.namelist() if name.endswith(".png")]
            assert b"Here are the champions" in archive.read("README.txt")


class TestLargePictures:
    @pytest.mark.parametrize("preset", ["imagenet-cppn-fast", "imagenet-direct-fast"])
    def test_are_left_out_and_drawn_again(self, preset: str, tmp_path: Path) -> None:
        run = make_run(preset, classifier="squeezenet", status="cancelled", generation=1)
        cppn = preset.startswith("imagenet-cppn")
        for seed in range(3):
            genome = large_cppn_bytes(seed) if cppn else large_direct_bytes(seed)
            thumbnail = portrait(phenotypes.express(codec.decode(genome), 256))
            one = make_individual(run, position=seed, genome=genome, thumbnail=thumbnail)
            make_elite(run, seed, individual=one)
        before = pictures(run)
        exporting.export_as_archive(run.pk, tmp_path / "run.zip", Wish(pictures=False))
        with zipfile.ZipFile(tmp_path / "run.zip") as archive:
            assert archive.read("thumbnails.bin") == b""
        runs.delete([run.pk])
        assert pictures(importing.read_archive(tmp_path / "run.zip")) == before

    def test_of_pruned_genomes_are_kept(self, tmp_path: Path) -> None:
        run = make_run(
            "imagenet-direct-fast", classifier="squeezenet", status="cancelled", generation=2
        )
        gone = make_individual(run, genome=None, thumbnail=plain_webp(5))
        make_elite(run, 1, individual=gone, until_generation=1)
        exporting.export_as_archive(run.pk, tmp_path / "run.zip", Wish(pictures=False))
        runs.delete([run.pk])
        assert pictures(importing.read_archive(tmp_path / "run.zip")) == [plain_webp(5)]


def large_cppn_bytes(seed: int) -> bytes:
    rng, expression = np.random.default_rng(seed), Expression("normalised", 256, "hsv")
    return codec.encode(CppnPopulation.random(1, rng, expression=expression)[0])


def large_direct_bytes(seed: int) -> bytes:
    rng = np.random.default_rng(seed)
    return codec.encode(DirectPopulation.random(1, rng, side=256, colour="hsv")[0])


def pictures(run: Run) -> list[bytes]:
    stored = run.individuals.order_by("position").values_list("thumbnail", flat=True)
    return [bytes(content or b"") for content in stored]


class TestAFileOfAnotherKind:
    def test_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "run.zip").write_bytes(b"PK\x03\x04 nothing")
        with pytest.raises(InvalidInput, match=r"^file: expected a ZIP file"):
            importing.read_archive(tmp_path / "run.zip")

    def test_with_damaged_bytes_is_refused(self, tmp_path: Path) -> None:
        file = tmp_path / "run.zip"
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("numbers", bytes(range(256)) * 400)
        content = bytearray(file.read_bytes())
        for place in range(45, len(content) - 120):
            content[place] ^= 0x5A
        file.write_bytes(content)
        with pytest.raises(InvalidInput, match=r"^file: expected a ZIP file"):
            importing.read_archive(file)

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_with_a_name_twice_is_refused(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "run.zip", "w") as archive:
            archive.writestr("run.json", b"{}")
            archive.writestr("run.json", b"[]")
        with pytest.raises(InvalidInput, match=r"^file: expected every name once"):
            importing.read_archive(tmp_path / "run.zip")

    @pytest.mark.parametrize("name", ["../outside", "/outside", "a/../../outside", "a\\b"])
    def test_writes_nothing_outside_its_folder(self, name: str, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "run.zip", "w") as archive:
            archive.writestr(zipfile.ZipInfo(name), b"x")
        with (
            pytest.raises(InvalidInput, match=r"^file: expected names within it"),
            run_archives.unpacked(tmp_path / "run.zip"),
        ):
            pass
        assert not (tmp_path / "outside").exists()

    def test_is_not_unpacked_without_an_end(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(run_archives, "MOST_BYTES", 10_000)
        with zipfile.ZipFile(tmp_path / "run.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("zeros", bytes(1_000_000))
        with (
            pytest.raises(InvalidInput, match=r"^file: expected at most 10,000 bytes"),
            run_archives.unpacked(tmp_path / "run.zip"),
        ):
            pass
