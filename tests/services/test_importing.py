"""From one site to another: what comes back is what went, row by row and byte by byte."""

from pathlib import Path
from typing import Any

import pytest

from evolution.errors import InvalidInput
from evolution.models import Elite, Individual, Prediction, Run
from evolution.services import exporting, importing, runs
from tests.factories import make_elite, make_individual, make_prediction, make_run, plain_webp
from tests.services.test_evolving import evolve, start, story

pytestmark = pytest.mark.django_db(transaction=True)
PRESETS = ["mnist-cppn-published", "mnist-direct-published", "mnist-direct-single"]


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def forget(run: Run) -> None:
    """As on a site that never had it."""
    if run.is_active:
        runs.cancel(run.pk)
    runs.delete([run.pk])


def facts(run: Run) -> dict[str, Any]:
    return {name: getattr(run, name) for name in exporting.FIELDS}


def answers(run: Run) -> list[Any]:
    return list(
        Prediction.objects.filter(individual__run=run)
        .order_by("individual__generation", "individual__position", "classifier")
        .values_list("classifier", "version", "top", "created_at")
    )


@pytest.mark.parametrize("preset", PRESETS)
class TestARoundTrip:
    def test_brings_every_row_and_writes_the_same_bytes(self, preset: str, tmp_path: Path) -> None:
        run = start(preset)
        evolve(run)
        before = story(run), facts(run), answers(run)
        exporting.export(run.pk, tmp_path / "first")
        forget(run)
        back = importing.read(tmp_path / "first")
        back.refresh_from_db()
        assert back.status == Run.Status.FINISHED
        assert (story(back), facts(back), answers(back)) == before
        exporting.export(back.pk, tmp_path / "second")
        assert files(tmp_path / "second") == files(tmp_path / "first")

    def test_a_paused_run_ends_as_it_would_have(self, preset: str, tmp_path: Path) -> None:
        whole, moved = start(preset), start(preset)
        evolve(whole)
        evolve(moved, seconds=0)
        evolve(moved, seconds=0)
        runs.pause(moved.pk)
        exporting.export(moved.pk, tmp_path / "run")
        forget(moved)
        back = importing.read(tmp_path / "run")
        assert (back.status, back.generation) == (Run.Status.PAUSED, 2)
        runs.resume(back.pk)
        evolve(back)
        assert back.status == Run.Status.FINISHED
        assert story(back) == story(whole)


class TestAnImport:
    def test_keeps_small_pictures_of_pruned_genomes(self, tmp_path: Path) -> None:
        run = make_run(
            "imagenet-direct-fast", classifier="squeezenet", status="cancelled", generation=2
        )
        gone = make_individual(run, genome=None, thumbnail=plain_webp(5))
        make_elite(run, 1, individual=gone, until_generation=1)
        make_prediction(gone)
        exporting.export(run.pk, tmp_path / "run")
        forget(run)
        back = importing.read(tmp_path / "run")
        found = back.individuals.get()
        assert found.genome is None
        assert bytes(found.thumbnail or b"") == plain_webp(5)

    @pytest.mark.parametrize("status", ["queued", "running"])
    def test_of_a_run_that_went_on_is_paused(self, status: str, tmp_path: Path) -> None:
        run = start()
        evolve(run, seconds=0)
        Run.objects.filter(pk=run.pk).update(status=status)
        exporting.export(run.pk, tmp_path / "run")
        forget(run)
        back = importing.read(tmp_path / "run")
        assert back.status == Run.Status.PAUSED
        assert (back.heartbeat, back.attempts, back.owner) == (None, 0, None)

    def test_twice_is_refused_unless_a_copy_is_asked_for(self, tmp_path: Path) -> None:
        run = start()
        evolve(run)
        exporting.export(run.pk, tmp_path / "run")
        with pytest.raises(InvalidInput, match=f"not here yet, got run {run.pk}"):
            importing.read(tmp_path / "run")
        copy = importing.read(tmp_path / "run", again=True)
        assert copy.submission != run.submission
        assert story(copy) == story(run)

    def test_of_an_unknown_classifier_is_shown_without_it(
        self, tmp_path: Path, client: Any
    ) -> None:
        run = start()
        evolve(run)
        Run.objects.filter(pk=run.pk).update(classifier="gone-net")
        exporting.export(run.pk, tmp_path / "run")
        forget(run)
        back = importing.read(tmp_path / "run")
        assert (back.classifier, back.notice) == ("gone-net", "")
        assert client.get(f"/runs/{back.pk}/").status_code == 200

    def test_against_other_weights_says_so(self, tmp_path: Path) -> None:
        run = start()
        evolve(run)
        Run.objects.filter(pk=run.pk).update(classifier_version="0123456789ab")
        exporting.export(run.pk, tmp_path / "run")
        forget(run)
        back = importing.read(tmp_path / "run")
        assert "judged by lenet-a 0123456789ab" in back.notice

    def test_tells_how_far_it_is(self, tmp_path: Path) -> None:
        run = start()
        evolve(run)
        exporting.export(run.pk, tmp_path / "run")
        forget(run)
        told: list[tuple[int, int]] = []
        importing.read(tmp_path / "run", progress=lambda done, total: told.append((done, total)))
        rows = 2 * Individual.objects.count() + run.planned + 1  # with a prediction each
        rows += Elite.objects.count()
        assert told[-1] == (2 * rows, 2 * rows)
