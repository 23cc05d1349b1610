"""Pictures of gradient ascent as rows of the gallery: each once, and whole."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifiers import catalogue
from classifiers.ascent import Unit
from evolution.algorithms.parameters import BadParameters
from evolution.errors import InvalidInput
from evolution.genomes import codec
from evolution.genomes.pixels import PixelGenome
from evolution.models import Elite, Individual, Prediction, Run, RunStatistics
from evolution.services import ascent_plans, exporting, importing, predicting, runs
from evolution.services.ascending import AscentGallery
from evolution.services.judging import gathering
from tests.ascents import ITERATIONS, ascent, climbed

pytestmark = pytest.mark.django_db(transaction=True)


class TestStoring:
    def test_the_stored_picture_is_what_the_confidence_is_of(self) -> None:
        run = climbed([3])
        elite = run.elites.get()
        genome = codec.decode(bytes(elite.individual.genome or b""))
        assert isinstance(genome, PixelGenome)
        asked = catalogue.load("lenet-a").confidences(genome.pixels.copy()[np.newaxis])[0]
        assert asked[3] == pytest.approx(elite.confidence, abs=1e-6)
        said = Prediction.objects.get(individual=elite.individual)
        assert said.top[0][0] == int(asked.argmax())
        assert (elite.cell, elite.label, run.evaluations) == (3, 3, ITERATIONS)

    def test_a_run_is_finished_at_once_and_sums_up_its_pictures(self) -> None:
        run = climbed([3, 7])
        assert (run.status, run.generation, run.planned) == ("finished", ITERATIONS, ITERATIONS - 1)
        assert (run.encoding, run.algorithm, run.preset) == ("ascent", "ascent", "ascent-none")
        figures = run.statistics.get()
        confidences = list(run.elites.values_list("confidence", flat=True))
        assert (figures.minimum, figures.maximum) == (min(confidences), max(confidences))
        assert (figures.evaluations, figures.takeovers) == (2 * ITERATIONS, 2)

    def test_the_same_is_stored_once(self) -> None:
        climbing = ascent()
        gallery, unit = AscentGallery(climbing), Unit(3, 0)
        (found,) = climbing.climb([unit])
        first = gallery.keep(found, 1.0)
        assert AscentGallery(climbing).keep(found, 1.0) == first
        assert (Run.objects.count(), Individual.objects.count()) == (1, 1)
        assert (Elite.objects.count(), RunStatistics.objects.count()) == (1, 1)
        assert Run.objects.get().elapsed == 1.0
        assert gallery.missing([unit, Unit(4, 0), Unit(3, 1)]) == [Unit(4, 0), Unit(3, 1)]

    def test_labels_join_a_run_and_other_seeds_or_settings_have_another(self) -> None:
        run = climbed([3])
        assert climbed([7]) == run
        assert climbed([3], seed=1) != run
        assert climbed([3], style="l2") != run
        assert Run.objects.count() == 3

    def test_another_batch_size_is_told(self) -> None:
        run = climbed([3])
        climbing = ascent(batch=1)
        for found in climbing.climb([Unit(7, 0)]):
            AscentGallery(climbing).keep(found, 0.1)
        run.refresh_from_db()
        assert "1 pictures at once" in run.notice

    def test_a_single_iteration_cannot_be_stored(self) -> None:
        with pytest.raises(InvalidInput, match="store: iterations: expected at least 2"):
            AscentGallery(ascent(iterations=1))

    def test_runs_are_deleted_whole(self) -> None:
        runs.delete([climbed([3]).pk])
        assert (Run.objects.count(), Individual.objects.count()) == (0, 0)


class TestPlans:
    def test_stored_parameters_are_read_again(self) -> None:
        run = climbed([3])
        assert ascent_plans.is_ascent(run.parameters)
        plan = ascent_plans.from_parameters(run.parameters)
        assert (plan.encoding.image_size, plan.encoding.colour) == (28, "grey")
        assert plan.algorithm.early_progress == 0.02
        assert "Fig. 13" in plan.sources["algorithm.early_progress"]
        assert "chosen" in plan.sources["algorithm.iterations"]
        assert run.image_shape == (28, 28, 1)

    @pytest.mark.parametrize(
        ("part", "name", "value"),
        [
            ("algorithm", "kind", "map-elites"),
            ("algorithm", "iterations", 1),
            ("algorithm", "decay", 2.0),
            ("algorithm", "unknown", 1),
            ("encoding", "image_size", 4096),
            ("encoding", "colour", "hsv"),
        ],
    )
    def test_what_is_wrong_is_refused(self, part: str, name: str, value: Any) -> None:
        parameters = climbed([3]).parameters
        parameters[part][name] = value
        with pytest.raises(BadParameters):
            ascent_plans.from_parameters(parameters)


class TestElsewhere:
    def test_a_run_can_be_exported_and_imported(self, tmp_path: Path) -> None:
        run = climbed([3, 7])
        kept = list(run.elites.order_by("cell").values_list("cell", "confidence"))
        genomes = list(run.individuals.order_by("position").values_list("genome", flat=True))
        exporting.export(run.pk, tmp_path / "run")
        assert len(list((tmp_path / "run" / "pictures").iterdir())) == 2
        runs.delete([run.pk])
        back = importing.read(tmp_path / "run")
        assert list(back.elites.order_by("cell").values_list("cell", "confidence")) == kept
        again = list(back.individuals.order_by("position").values_list("genome", flat=True))
        assert [bytes(one or b"") for one in again] == [bytes(one or b"") for one in genomes]
        assert climbed([3]) == back  # known again by what it was made with

    @pytest.mark.parametrize(
        ("name", "value", "words"),
        [
            ("status", "cancelled", "status: expected it to fit"),
            ("planned", 5, "generation: expected|planned: expected"),
            ("algorithm", "map-elites", "algorithm: expected 'ascent', as the parameters have it"),
        ],
    )
    def test_a_folder_that_claims_another_end_is_refused(
        self, tmp_path: Path, name: str, value: Any, words: str
    ) -> None:
        run = climbed([3])
        exporting.export(run.pk, tmp_path / "run")
        runs.delete([run.pk])
        facts = tmp_path / "run" / "run.json"
        told = json.loads(facts.read_text())
        told["run"][name] = value
        facts.write_text(json.dumps(told))
        (tmp_path / "run" / "SHA256SUMS").unlink()
        exporting.write_sums(tmp_path / "run")
        with pytest.raises(InvalidInput, match=words):
            importing.read(tmp_path / "run")

    def test_judging_gathers_its_pictures_by_their_encoding(self) -> None:
        run = climbed([3, 7])
        found = gathering.eligible(0.0, "lenet-a", "ascent")
        assert set(found.values_list("run", "label")) == {(run.pk, 3), (run.pk, 7)}
        assert not gathering.eligible(0.0, "lenet-a", "direct").exists()

    def test_another_network_can_be_asked(self) -> None:
        run = climbed([3])
        individual = run.individuals.get()
        said = predicting.predict(individual.pk, "lenet-b")
        assert said.classifier == "lenet-b"
