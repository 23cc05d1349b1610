"""Nothing is missed between a page and its stream, whatever is committed in between."""

import re
from typing import Any

import numpy as np
import pytest

from evolution.errors import InvalidInput
from evolution.exhibits import changes
from evolution.models import Elite, Run
from tests.factories import make_archive, make_elite, make_run

pytestmark = pytest.mark.django_db
PLACES = re.compile(r'id="tile-(\d+)-(\d+)"')


def take(run: Run, cell: int, generation: int) -> Elite:
    run.elites.holders().filter(cell=cell).update(until_generation=generation)
    Run.objects.filter(pk=run.pk).update(generation=generation + 1)
    return make_elite(run, cell, since_generation=generation, confidence=0.9)


def going_on(**fields: Any) -> Run:
    run = make_run(status="running", generation=1, **fields)
    make_archive(run)
    return run


def individuals(html: str) -> set[int]:
    return {int(number) for number in re.findall(r'href="/individuals/(\d+)/"', html)}


def told(run: Run, since: str, limit: int = 20) -> tuple[list[str], str]:
    """Every answer until there is no more, and the version after the last."""
    parts = []
    while True:
        found = changes.run_changes(run.pk, since, limit)
        parts.append(found.html)
        since = found.version
        if not found.more:
            return parts, since


class TestARunsChanges:
    def test_an_up_to_date_page_is_told_nothing(self) -> None:
        run = going_on()
        found = changes.run_changes(run.pk, changes.run_version(run))
        assert (found.html, found.more) == ("", False)

    def test_only_cells_taken_since_are_told(self) -> None:
        run = going_on()
        version = changes.run_version(run)
        take(run, 4, 1)
        html = changes.run_changes(run.pk, version).html
        assert re.findall(r'id="cell-\d+-(\d+)"', html) == ["4"]
        assert all(f'id="{name}"' in html for name in ("run-state", "facts", "plot", "version"))

    def test_a_pause_is_told_though_no_cell_changed(self) -> None:
        run = going_on()
        version = changes.run_version(run)
        Run.objects.filter(pk=run.pk).update(status="paused")
        html = changes.run_changes(run.pk, version).html
        assert "status--paused" in html
        assert "cell-" not in html

    def test_a_generation_without_takeovers_is_told(self) -> None:
        run = going_on()
        version = changes.run_version(run)
        Run.objects.filter(pk=run.pk).update(generation=2)
        assert "generation 1 of 200" in changes.run_changes(run.pk, version).html

    def test_they_come_in_order_and_at_most_a_few_at_a_time(self) -> None:
        run = make_run("mnist-cppn-single", status="running", generation=1)
        make_archive(run, 45, label=3)
        parts, _ = told(run, "-1.0")
        cells = [re.findall(r'id="cell-\d+-(\d+)"', part) for part in parts]
        assert [len(part) for part in cells] == [20, 20, 5]
        assert [int(cell) for part in cells for cell in part] == list(range(45))

    def test_the_order_is_that_of_generations_then_cells(self) -> None:
        run = going_on()
        version = changes.run_version(run)
        for cell, generation in ((7, 1), (2, 2), (5, 1)):
            take(run, cell, generation)
        html = changes.run_changes(run.pk, version).html
        assert re.findall(r'id="cell-\d+-(\d+)"', html) == ["5", "7", "2"]

    def test_being_told_twice_says_the_same(self) -> None:
        run = going_on()
        version = changes.run_version(run)
        take(run, 4, 1)
        assert changes.run_changes(run.pk, version) == changes.run_changes(run.pk, version)

    def test_a_run_that_was_deleted_has_none(self) -> None:
        assert changes.run_changes(123456, "1.2").html == ""

    @pytest.mark.parametrize("since", ["", "rubbish", "1.2.3"])
    def test_garbage_is_refused(self, since: str) -> None:
        with pytest.raises(InvalidInput, match="since"):
            changes.run_changes(going_on().pk, since)

    @pytest.mark.parametrize("seed", range(4))
    def test_whenever_a_page_was_opened_it_ends_up_with_the_whole_archive(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        run = going_on()
        shown: dict[int, int] = dict(run.elites.holders().values_list("cell", "individual_id"))
        version = changes.run_version(run)
        for generation in range(1, 12):
            for cell in rng.choice(10, size=int(rng.integers(0, 6)), replace=False).tolist():
                take(run, cell, generation)
            if rng.random() < 0.5:
                parts, version = told(run, version, limit=int(rng.integers(1, 5)))
                shown.update(read_cells(parts))
        parts, _ = told(run, version)
        shown.update(read_cells(parts))
        assert shown == dict(run.elites.holders().values_list("cell", "individual_id"))


def read_cells(parts: list[str]) -> dict[int, int]:
    pattern = r'id="cell-\d+-(\d+)" href="/individuals/(\d+)/"'
    return {int(c): int(i) for part in parts for c, i in re.findall(pattern, part)}


class TestTheGallerysChanges:
    def test_an_up_to_date_page_is_told_nothing(self) -> None:
        going_on()
        make_run(status="finished", generation=9)
        make_run(status="queued", seed=3)
        assert changes.gallery_changes(changes.gallery_version()).html == ""

    def test_an_empty_site_has_none(self) -> None:
        assert changes.gallery_version() == "0"
        assert changes.gallery_changes("0").html == ""

    def test_a_taken_cell_is_told(self) -> None:
        run = going_on()
        version = changes.gallery_version()
        elite = take(run, 4, 1)
        html = changes.gallery_changes(version).html
        assert PLACES.findall(html) == [(str(run.pk), "4")]
        assert elite.individual_id in individuals(html)

    def test_the_first_run_of_an_empty_site_fills_the_page(self) -> None:
        run = going_on()
        html = changes.gallery_changes("0").html
        assert {int(cell) for _, cell in PLACES.findall(html)} == set(range(10))
        assert f'id="run-{run.pk}-archive"' in html

    def test_a_run_that_began_and_ended_in_between_is_told_once(self) -> None:
        version = changes.gallery_version()
        run = make_run(status="finished", generation=9)
        make_archive(run)
        found = changes.gallery_changes(version)
        assert len(PLACES.findall(found.html)) == 10
        assert changes.gallery_changes(found.version).html == ""

    def test_the_last_takeovers_of_a_run_that_ended_are_told(self) -> None:
        run = going_on()
        version = changes.gallery_version()
        take(run, 4, 1)
        Run.objects.filter(pk=run.pk).update(status="finished", finished_at="2026-01-01T00:00Z")
        found = changes.gallery_changes(version)
        assert len(PLACES.findall(found.html)) == 1
        assert "status--finished" in found.html
        assert str(run.pk) not in found.version.split("~", 1)[1:]

    def test_a_busy_run_does_not_keep_a_quiet_one_waiting(self) -> None:
        busy, quiet = going_on(), going_on(seed=1)
        version = changes.gallery_version()
        for cell in range(10):
            take(busy, cell, 1)
        take(quiet, 5, 1)
        found = changes.gallery_changes(version, limit=4)
        assert found.more
        assert (str(quiet.pk), "5") in PLACES.findall(found.html)

    def test_in_the_end_every_change_of_every_run_was_told(self) -> None:
        runs = [going_on(seed=seed) for seed in range(3)]
        version = changes.gallery_version()
        taken = {take(run, cell, 1).pk: (run.pk, cell) for run in runs for cell in range(3, 9)}
        seen: set[tuple[str, str]] = set()
        for _ in range(20):
            found = changes.gallery_changes(version, limit=5)
            assert len(PLACES.findall(found.html)) <= 5
            seen.update(PLACES.findall(found.html))
            version = found.version
            if not found.more:
                break
        assert seen == {(str(run), str(cell)) for run, cell in taken.values()}

    def test_a_run_that_starts_after_waiting_is_told(self) -> None:
        run = make_run(status="queued")
        version = changes.gallery_version()
        Run.objects.filter(pk=run.pk).update(status="running")
        assert "status--running" in changes.gallery_changes(version).html

    @pytest.mark.parametrize("since", ["", "rubbish", "1~x"])
    def test_garbage_is_refused(self, since: str) -> None:
        with pytest.raises(InvalidInput, match="since"):
            changes.gallery_changes(since)


class TestASingleTargetsRun:
    def test_its_slots_change_in_the_section_and_its_best_alone_on_the_wall(self) -> None:
        run = make_run("mnist-cppn-single", status="running", generation=1)
        make_elite(run, 0, label=3, confidence=0.9)
        version = changes.gallery_version()
        make_elite(run, 1, label=3, confidence=0.2, since_generation=1)
        type(run).objects.filter(pk=run.pk).update(generation=2)
        told = changes.gallery_changes(version).html
        assert f'id="run-{run.pk}-archive"' in told
        assert f'id="cell-{run.pk}-1"' in told
        assert f'id="tile-{run.pk}-1"' not in told
