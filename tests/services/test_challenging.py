"""Showing a published picture to the network of a run: what it takes, and what stays as it was."""

import threading
import uuid

import numpy as np
import numpy.typing as npt
import pytest
from django.db import connections

from classifiers import catalogue
from classifiers.base import BadWeights
from evolution.errors import InvalidInput, NotAllowed
from evolution.models import Block, Challenge, Conquest, Elite, Individual, Publication, Run
from evolution.services import challenging, predicting, runs
from evolution.services.places import place
from evolution.services.visitors import Visitor
from tests.factories import NOW, make_archive, make_elite, make_publication, make_run

pytestmark = pytest.mark.django_db


class Sure:
    """Gives label 3 the confidence it was made with, and the rest to the others."""

    def __init__(self) -> None:
        self.confidence = 0.9
        self.shown: list[npt.NDArray[np.uint8]] = []

    def confidences(self, images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        self.shown.append(images)
        one = np.full(10, (1 - self.confidence) / 9, np.float32)
        one[3] = self.confidence
        return np.tile(one, (len(images), 1))


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Sure:
    sure = Sure()
    monkeypatch.setattr(predicting, "_classifier", lambda *_: sure)
    return sure


@pytest.fixture
def run() -> Run:
    found = make_run(status="running", generation=1)
    make_archive(found)
    return found


def somebody() -> Visitor:
    return Visitor(uuid.uuid4())


def make_published() -> Individual:
    return make_publication().individual


def judged(individual: Individual, run: Run) -> Challenge:
    return challenging.judge(challenging.challenge(somebody(), individual, run.pk).pk)


def conquests() -> list[tuple[int, float, float, bool]]:
    rows = Conquest.objects.order_by("pk")
    return [(one.cell, round(one.confidence, 4), one.beaten, one.lost_at is None) for one in rows]


class TestJudge:
    def test_takes_the_cells_in_which_it_is_surer(self, run: Run, network: Sure) -> None:
        found = judged(make_published(), run)
        assert conquests() == [(3, 0.9, 0.5, True)]
        assert found.judged_at
        assert found.best[0] == [3, 3, pytest.approx(0.9), 0.5]
        assert len(found.best) == 10

    def test_shows_it_as_the_run_shows_its_own(self, run: Run, network: Sure) -> None:
        judged(make_published(), run)
        assert [images.shape for images in network.shown] == [(1, 28, 28, 1)]

    def test_takes_nothing_that_is_held_as_surely(self, run: Run, network: Sure) -> None:
        network.confidence = 0.5
        assert not judged(make_published(), run).conquests.exists()

    def test_leaves_the_archive_as_it_was(self, run: Run, network: Sure) -> None:
        before = list(Elite.objects.order_by("pk").values())
        judged(make_published(), run)
        assert list(Elite.objects.order_by("pk").values()) == before

    def test_judged_twice_is_judged_once(self, run: Run, network: Sure) -> None:
        found = judged(make_published(), run)
        challenging.judge(found.pk)
        assert len(network.shown) == 1
        assert len(conquests()) == 1

    def test_has_to_beat_the_person_before(self, run: Run, network: Sure) -> None:
        judged(make_published(), run)
        assert not judged(make_published(), run).conquests.exists()
        network.confidence = 0.95
        judged(make_published(), run)
        first, second = conquests()
        assert first == (3, 0.9, 0.5, False)
        assert (second[1], second[3]) == (0.95, True)
        assert second[2] == pytest.approx(0.9, abs=1e-6)

    def test_of_slots_that_share_a_label_meets_the_surest(self, network: Sure) -> None:
        run = make_run("mnist-direct-single", status="running", generation=1)
        for cell, confidence in enumerate([0.4, 0.8, 0.6]):
            make_elite(run, cell, label=3, confidence=confidence)
        judged(make_published(), run)
        assert conquests() == [(1, 0.9, 0.8, True)]

    def test_writes_down_what_went_wrong(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        def altered(*what: object) -> None:
            raise BadWeights("the weights were altered")

        monkeypatch.setattr(predicting, "_classifier", altered)
        individual = make_published()
        found = judged(individual, run)
        assert (found.error, found.judged_at) == ("the weights were altered", None)
        assert challenging.challenge(somebody(), individual, run.pk).error == ""

    def test_of_a_damaged_genome_says_so(self, run: Run, network: Sure) -> None:
        individual = make_published()
        Individual.objects.filter(pk=individual.pk).update(genome=b"nonsense")
        assert "genome" in judged(individual, run).error


def test_the_real_network_answers_alike_for_challenge_and_picture(run: Run) -> None:
    """LeNet sees the picture at 28 pixels, whatever size its session has."""
    individual = make_published()
    found = judged(individual, run)
    classifier = catalogue.shared("lenet-a", place(), crops="whole", chunk=predicting.CHUNK)
    seen = predicting.picture(bytes(individual.genome or b""), 28)[np.newaxis]
    (confidences,) = classifier.confidences(seen)
    assert {cell: share for cell, _, share, _ in found.best} == pytest.approx(
        dict(enumerate(confidences.tolist())), abs=1e-6
    )
    assert {one.cell for one in Conquest.objects.all()} == {
        cell for cell, _, share, held in found.best if share > held
    }


class TestStanding:
    def test_ends_when_the_run_does_better(self, run: Run, network: Sure) -> None:
        judged(make_published(), run)
        assert Conquest.objects.standing().count() == 1
        run.elites.filter(cell=3).update(until_generation=5)
        make_elite(run, 3, since_generation=5, confidence=0.97)
        assert not Conquest.objects.standing().exists()

    def test_does_not_show_a_hidden_picture(self, run: Run, network: Sure) -> None:
        individual = make_published()
        judged(individual, run)
        publication = individual.publication
        publication.hidden_at = NOW
        publication.save()
        assert not Conquest.objects.standing().exists()

    def test_a_hidden_picture_keeps_nobody_from_its_cell(self, run: Run, network: Sure) -> None:
        individual = make_published()
        judged(individual, run)
        Publication.objects.update(hidden_at=NOW)
        network.confidence = 0.8
        judged(make_published(), run)
        Publication.objects.update(hidden_at=None)
        assert conquests() == [(3, 0.9, 0.5, False), (3, 0.8, 0.5, True)]


class TestChallenge:
    def test_is_one_a_run(self, run: Run) -> None:
        individual = make_published()
        first = challenging.challenge(somebody(), individual, run.pk)
        assert challenging.challenge(somebody(), individual, run.pk) == first

    def test_offers_runs_with_an_archive_whose_network_can_be_shown_it(self, run: Run) -> None:
        make_run(seed=1)  # nothing holds a cell yet
        make_archive(make_run(seed=2, classifier_version="other weights"))
        gone = make_run(seed=3)
        make_archive(gone)
        Run.objects.filter(pk=gone.pk).update(classifier="gone")
        colour = make_run("imagenet-cppn-fast", classifier="squeezenet")
        make_elite(colour)
        grey = make_published()
        assert challenging.challengeable(grey) == [colour, run]
        hue = make_published()
        assert hue.brood
        hue.brood.session.colour = "hsb"
        assert challenging.challengeable(hue) == [colour]

    def test_refuses_what_cannot_be_shown(self, run: Run) -> None:
        individual = make_published()
        assert individual.brood
        individual.brood.session.colour = "hsb"
        with pytest.raises(InvalidInput, match="run: expected a run of colour pictures"):
            challenging.challenge(somebody(), individual, run.pk)
        with pytest.raises(InvalidInput, match="run: expected one that there is, got 404"):
            challenging.challenge(somebody(), make_published(), 404)

    def test_is_for_published_pictures(self, run: Run) -> None:
        unpublished = make_elite(make_run(seed=9)).individual
        with pytest.raises(NotAllowed):
            challenging.challenge(somebody(), unpublished, run.pk)
        hidden = make_publication(hidden_at=NOW).individual
        with pytest.raises(NotAllowed):
            challenging.challenge(somebody(), hidden, run.pk)

    def test_is_not_for_who_is_blocked(self, run: Run) -> None:
        visitor = somebody()
        Block.objects.create(visitor=visitor.id)
        with pytest.raises(NotAllowed):
            challenging.challenge(visitor, make_published(), run.pk)


def test_a_run_goes_with_its_challenges(run: Run, network: Sure) -> None:
    judged(make_published(), run)
    Run.objects.update(status="cancelled", finished_at=NOW)
    runs.delete([run.pk])
    assert not Challenge.objects.exists()
    assert not Conquest.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_leave_one_standing(network: Sure) -> None:
    run = make_run(status="running", generation=1)
    make_archive(run)
    asked = [challenging.challenge(somebody(), make_published(), run.pk).pk for _ in range(4)]
    failed: list[Exception] = []

    def judge(number: int) -> None:
        try:
            challenging.judge(number)
        except Exception as error:  # noqa: BLE001  the assertion below shows it
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=judge, args=[number]) for number in asked * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(conquests()) == 1
    assert Challenge.objects.filter(judged_at=None).count() == 0
