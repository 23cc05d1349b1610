"""Runs whose pictures are too large to be sent, or their genomes to be kept."""

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from evolution import phenotypes
from evolution.algorithms.presets import Preset
from evolution.genomes import codec
from evolution.models import Elite, Individual, Run
from evolution.services import evolving, restoring, runs
from evolution.services.evolving import Budget
from evolution.services.portraits import SIDE
from evolution.services.runs import Order

pytestmark = pytest.mark.django_db
Status = Run.Status
SIZE = 80  # pixels: larger than a thumbnail, small enough for a test


def start(preset: str, generations: int = 3) -> Run:
    """A run of a colour preset with small pictures and few children."""
    (run,) = runs.start(Order(preset, "squeezenet", seed=5, generations=generations))
    parameters = run.parameters
    parameters["encoding"]["image_size"] = SIZE
    parameters["algorithm"] |= {"initial": 6, "children": 4}
    run.parameters = parameters
    run.save(update_fields=["parameters"])
    return run


def evolve(run: Run, seconds: float = 600.0) -> Any:
    following = evolving.evolve_slice(run.pk, run.generation, Budget(seconds))
    run.refresh_from_db()
    return following


def story(run: Run) -> list[tuple[object, ...]]:
    """Who reigned where and when, and with which genomes; the same for runs that went the same."""
    reigns = run.elites.order_by("since_generation", "cell").values_list(
        "cell",
        "since_generation",
        "until_generation",
        "confidence",
        "individual__generation",
        "individual__position",
        "individual__genome",
        "individual__thumbnail",
    )
    return [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in reigns]


@pytest.mark.parametrize("preset", ["imagenet-direct-fast", "imagenet-cppn-fast"])
class TestAColourRun:
    def test_fills_a_thousand_cells(self, preset: str) -> None:
        run = start(preset)
        evolve(run)
        assert run.status == Status.FINISHED
        assert run.elites.holders().count() == 1000
        assert run.evaluations == 6 + 3 * 4

    def test_ends_bit_identical_in_many_slices(self, preset: str) -> None:
        whole, sliced = start(preset), start(preset)
        evolve(whole)
        while evolve(sliced, seconds=0):
            pass
        assert sliced.status == Status.FINISHED
        assert story(sliced) == story(whole)

    def test_every_individual_has_a_small_picture(self, preset: str) -> None:
        run = start(preset, generations=1)
        evolve(run)
        for individual in run.individuals.all():
            with Image.open(BytesIO(bytes(individual.thumbnail or b""))) as picture:
                assert picture.size == (SIDE, SIDE)
                assert picture.format == "WEBP"


class TestDirectGenomes:
    def test_are_dropped_with_the_last_cell_and_never_before(self) -> None:
        run = start("imagenet-direct-fast", generations=6)
        while evolve(run, seconds=0):  # each slice reads what the one before left
            reigning = set(run.elites.holders().values_list("individual", flat=True))
            kept = set(run.individuals.drawable().values_list("pk", flat=True))
            assert kept == reigning
        assert run.status == Status.FINISHED
        assert run.individuals.filter(genome__isnull=True).exists()

    def test_rows_and_lineage_stay(self) -> None:
        run = start("imagenet-direct-fast", generations=6)
        evolve(run)
        children = run.individuals.filter(generation__gt=0)
        assert all(child.parent_id for child in children)
        gone = run.individuals.filter(genome__isnull=True)
        assert all(Elite.objects.filter(individual=individual).exists() for individual in gone)
        assert not gone.filter(thumbnail__isnull=True).exists()


class TestCppnGenomes:
    def test_are_all_kept(self) -> None:
        run = start("imagenet-cppn-fast")
        evolve(run)
        assert not run.individuals.filter(genome__isnull=True).exists()

    def test_the_thumbnail_shows_the_picture(self) -> None:
        run = start("imagenet-cppn-fast", generations=1)
        evolve(run)
        individual = Individual.objects.filter(run=run).order_by("pk")[0]
        picture = phenotypes.express(codec.decode(bytes(individual.genome or b"")), SIZE)
        expected = Image.fromarray(picture).resize((SIDE, SIDE), Image.Resampling.BOX)
        with Image.open(BytesIO(bytes(individual.thumbnail or b""))) as small:
            shown = np.asarray(small.convert("L"), np.float64)
        grey = np.asarray(expected.convert("L"), np.float64)
        # Colours are halved in resolution at a kilobyte; light and dark stay where they were.
        assert np.corrcoef(shown.ravel(), grey.ravel())[0, 1] > 0.9


class TestTwoSlicesOfOneRun:
    def test_one_that_reads_while_the_other_prunes_leaves_the_run_alone(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = start("imagenet-direct-fast", generations=60)
        evolve(run, seconds=0)
        read = restoring._population

        def meanwhile(claimed: Run, preset: Preset, elites: list[Elite]) -> Any:
            monkeypatch.setattr(restoring, "_population", read)
            ids = [elite.individual_id for elite in elites]
            pruned = Individual.objects.filter(pk__in=ids, genome__isnull=True)
            generation = claimed.generation
            while not pruned.exists():
                assert evolving.evolve_slice(run.pk, generation, Budget(0)) is not None
                generation += 1
            return read(claimed, preset, elites)

        monkeypatch.setattr(restoring, "_population", meanwhile)
        assert evolve(run) is None
        assert (run.status, run.error) == (Status.RUNNING, "")
