"""A whole study of transfer with two LeNets, checked by a count that shares nothing with it."""

import numpy as np
import pytest

from classifiers import catalogue
from evolution.models import Run, Study
from evolution.services import predicting
from evolution.studying import planning, telling, terminal

pytestmark = pytest.mark.django_db

TINY = {"digit_runs": 2, "digit_generations": 5, "photo_networks": ""}


def confidences(study: Study, own: str, network: str) -> np.ndarray:
    """What a network says of the ten champions of both runs, in the order of cells: (20, 10)."""
    runs = Run.objects.filter(study_parts__study=study, classifier=own)
    genomes = [
        elite.individual.genome
        for run in runs.order_by("seed")
        for elite in run.elites.holders().order_by("cell").select_related("individual")
    ]
    images = np.stack([predicting.picture(bytes(genome or b""), 28) for genome in genomes])
    return predicting.answers(catalogue.entry(network), images, "whole")


def test_agrees_with_an_independent_count() -> None:
    study = planning.start(planning.plan("transfer", "digits", TINY))
    terminal.work_through(study.pk, lambda done, words: None)
    study.refresh_from_db()
    assert study.status == Study.Status.FINISHED
    pairs = telling.findings(study).tables[0]
    assert [row[:3] for row in pairs.rows] == [
        ["lenet-a", "lenet-b", 20],
        ["lenet-b", "lenet-a", 20],
    ]
    for row in pairs.rows:
        own, other = (confidences(study, str(row[0]), str(network)) for network in row[:2])
        same = own.argmax(1) == other.argmax(1)
        sure = same & (own.max(1) >= 0.99) & (other.max(1) >= 0.99)
        higher = same & (own.max(1) > other.max(1))
        assert row[3] == pytest.approx(same.mean())
        assert row[6] == pytest.approx(sure.mean())
        assert row[9] == pytest.approx(higher.sum() / same.sum())
        assert 0 < same.sum() < 20  # else it shows nothing


def test_runs_that_are_there_are_not_evolved_again() -> None:
    alone = planning.plan("mnist-cppn", "quick", {"runs": 1, "generations": 5})
    terminal.work_through(planning.start(alone).pk, lambda done, words: None)
    study = planning.start(planning.plan("transfer", "digits", {**TINY, "digit_runs": 1}))
    terminal.work_through(study.pk, lambda done, words: None)
    parts = study.parts.order_by("position")
    assert list(parts.values_list("reused", flat=True)) == [True, False, False, False]
