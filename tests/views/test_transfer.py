"""Who else is fooled: on the page of a run, and on that of one picture."""

from typing import Any

import pytest
from django.test import Client

from evolution import tasks
from evolution.exhibits import transfers
from evolution.models import Prediction, Run
from evolution.services import predicting
from tests.factories import make_elite, make_individual, make_prediction, make_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """The questions that were enqueued."""
    told: list[tuple[Any, ...]] = []
    for task in (tasks.predict, tasks.predict_champions):
        monkeypatch.setattr(task, "delay_on_commit", lambda *what: told.append(what))
    return told


def finished_run(confidences: list[float], **fields: Any) -> Run:
    """A run against LeNet A whose cell k is held by a picture of which that network is so sure."""
    run = make_run(**{"status": "finished", "generation": 201, **fields})
    for label, confidence in enumerate(confidences):
        individual = make_individual(run)
        make_elite(run, label, individual=individual, confidence=confidence)
        make_prediction(individual, top=[[label, confidence]])
    return run


def answer(run: Run, label: int, top: list[list[float]], classifier: str = "lenet-b") -> None:
    holder = run.elites.holders().get(cell=label).individual
    make_prediction(holder, classifier=classifier, top=top)


def page(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


class TestFigures:
    def test_count_same_labels_and_both_sure(self) -> None:
        run = finished_run([0.999, 0.999, 0.6, 0.999])
        answer(run, 0, [[0, 0.995], [1, 0.005]])
        answer(run, 1, [[1, 0.7]])
        answer(run, 2, [[2, 0.999]])
        (row,) = transfers.transfers(run)
        assert (row.classifier, row.champions, row.asked) == ("lenet-b", 4, 3)
        assert (row.same, row.both_sure) == (3, 1)
        assert row.share == 1.0
        assert not row.is_complete

    def test_leave_out_cells_that_their_own_network_calls_otherwise(self) -> None:
        run = finished_run([0.999, 0.2])
        Prediction.objects.filter(individual__reigns__cell=1).update(top=[[0, 0.8], [1, 0.2]])
        assert transfers.transfers(run)[0].champions == 1

    def test_of_a_single_target_run_are_left_out(self) -> None:
        run = finished_run([0.9], preset="mnist-cppn-single")
        assert transfers.transfers(run) == []

    def test_other_labels_are_left_out(self) -> None:
        run = finished_run([0.9])
        assert [row.classifier for row in transfers.transfers(run)] == ["lenet-b"]

    def test_members_of_an_ensemble_are_no_others(self) -> None:
        assert transfers.transfers(finished_run([0.9], classifier="lenet-a+lenet-b")) == []


class TestRunPage:
    def test_asks_each_network_once_a_minute(self, client: Client, asked: list[Any]) -> None:
        run = finished_run([0.9])
        first = page(client, f"/runs/{run.pk}/")
        page(client, f"/runs/{run.pk}/transfer?tries=1")
        assert asked == [(run.pk, "lenet-b")]
        assert "Who else is fooled" in first
        assert f'hx-get="/runs/{run.pk}/transfer?tries=1"' in first

    def test_stops_asking_when_all_has_been_said(self, client: Client, asked: list[Any]) -> None:
        run = finished_run([0.9])
        answer(run, 0, [[7, 0.5]])
        found = page(client, f"/runs/{run.pk}/")
        assert not asked
        assert 'aria-busy="true"' not in found
        assert "0.00%" in found

    def test_does_not_ask_while_the_run_goes_on(self, client: Client, asked: list[Any]) -> None:
        run = finished_run([0.9], status="running")
        assert "once the run has stopped" in page(client, f"/runs/{run.pk}/")
        assert not asked

    def test_of_a_preset_that_is_no_longer_known_is_shown(
        self, client: Client, asked: list[Any]
    ) -> None:
        run = finished_run([0.9])
        del run.parameters["algorithm"]["children"]
        run.save(update_fields=["parameters"])
        assert "Who else is fooled" in page(client, f"/runs/{run.pk}/")
        assert asked == [(run.pk, "lenet-b")]

    def test_gives_up_some_time(self, client: Client, asked: list[Any]) -> None:
        run = finished_run([0.9])
        assert "hx-get" not in page(client, f"/runs/{run.pk}/transfer?tries=100")


class TestTask:
    def test_goes_on_until_all_have_been_asked(
        self, asked: list[Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = finished_run([0.9] * 5)
        monkeypatch.setattr(predicting, "MOST_VIEWS", 2)
        again: list[tuple[int, str]] = []
        monkeypatch.setattr(tasks.predict_champions, "delay", lambda *what: again.append(what))
        rounds = [(run.pk, "lenet-b")]
        while rounds:
            tasks.predict_champions(*rounds.pop())
            rounds, again[:] = list(again), []
        said = Prediction.objects.filter(classifier="lenet-b")
        assert said.count() == 5
        assert transfers.transfers(run)[0].is_complete

    def test_asking_twice_stores_once(self, asked: list[Any]) -> None:
        run = finished_run([0.9] * 3)
        tasks.predict_champions(run.pk, "lenet-b")
        tasks.predict_champions(run.pk, "lenet-b")
        assert Prediction.objects.filter(classifier="lenet-b").count() == 3

    def test_damaged_genomes_are_left_out(self, asked: list[Any]) -> None:
        run = finished_run([0.9] * 2)
        run.individuals.filter(reigns__cell=0).update(genome=b"damaged")
        tasks.predict_champions(run.pk, "lenet-b")
        assert Prediction.objects.filter(classifier="lenet-b").count() == 1

    @pytest.mark.parametrize("what", [(0, "lenet-b"), (None, "nobody"), (None, "squeezenet")])
    def test_what_cannot_be_asked_is_logged(
        self, what: tuple[int | None, str], caplog: pytest.LogCaptureFixture
    ) -> None:
        run = finished_run([0.9])
        number, classifier = what
        tasks.predict_champions(run.pk if number is None else number, classifier)
        assert "were not shown to" in caplog.text


class TestPicturePage:
    def test_members_of_an_ensemble_are_told_as_such(
        self, client: Client, asked: list[Any]
    ) -> None:
        run = finished_run([0.9], classifier="lenet-a+lenet-b")
        answer(run, 0, [[0, 0.8]])
        found = page(client, f"/individuals/{run.individuals.get().pk}/")
        assert "LeNet B, one of those it was bred against" in found
        assert "other network" not in found

    def test_says_who_is_fooled_too(self, client: Client, asked: list[Any]) -> None:
        run = finished_run([0.9])
        answer(run, 0, [[0, 0.8]])
        found = page(client, f"/individuals/{run.individuals.get().pk}/")
        assert "<b>1 of 1</b> other network also sees “0” first." in found
        assert "fooled too" in found

    def test_says_who_is_not(self, client: Client, asked: list[Any]) -> None:
        run = finished_run([0.9])
        answer(run, 0, [[4, 0.8]])
        found = page(client, f"/individuals/{run.individuals.get().pk}/")
        assert "<b>0 of 1</b> other network also sees “0” first." in found
        assert "not fooled" in found

    def test_says_nothing_before_others_have_answered(
        self, client: Client, asked: list[Any]
    ) -> None:
        run = finished_run([0.9])
        assert "other network" not in page(client, f"/individuals/{run.individuals.get().pk}/")
