"""How many processor threads a worker computes on, and who says so."""

import os
from collections.abc import Iterator

import pytest
import torch
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from evolution import tasks
from evolution.algorithms import presets
from evolution.devices import use_threads
from evolution.models import Run
from evolution.services import evolving, judges, runs
from evolution.services.evolving import Budget
from evolution.services.runs import Order
from fooling_site import environment
from fooling_site.management.commands import up

NAME = "FOOLBREEDER_THREADS"


@pytest.fixture(autouse=True)
def _as_many_afterwards() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


class TestTheSetting:
    def test_is_what_the_process_may_use(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv(NAME, raising=False)
        assert 1 <= environment.threads(NAME) <= len(os.sched_getaffinity(0))

    def test_follows_the_affinity(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3}, raising=False)
        assert environment.cores() == 1

    @pytest.mark.parametrize("wrong", ["0", "-2"])
    def test_is_at_least_one(self, wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(NAME, wrong)
        with pytest.raises(ImproperlyConfigured, match=f"{NAME}: expected .* from 1 on, got"):
            environment.threads(NAME)


class TestWorkers:
    def test_torch_is_told_before_it_is_loaded(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OMP_NUM_THREADS", "9")
        settings.THREADS = 3
        tasks._compute_on_so_many_threads()
        assert os.environ["OMP_NUM_THREADS"] == "3"

    def test_up_gives_evolution_all_cores_and_the_site_precedence(self, settings: Settings) -> None:
        settings.THREADS = 8
        assert threads_of_workers() == {"evolve": "8", "quick": "1"}
        children = up._children("127.0.0.1", 8000)
        assert [child.name for child in children if child.gives_way] == ["evolve"]


def threads_of_workers() -> dict[str, str]:
    children = up._children("127.0.0.1", 8000)
    return {child.name: child.environment[NAME] for child in children if NAME in child.environment}


@pytest.mark.django_db
class TestARun:
    def test_is_judged_on_as_many_as_set_and_comes_to_the_same(self, settings: Settings) -> None:
        ends = []
        for threads in (1, 3):
            settings.THREADS = threads
            order = Order("mnist-cppn-paper", "lenet-a", seed=1, generations=3)
            (run,) = runs.start(order)
            evolving.evolve_slice(run.pk, 0, Budget(600))
            assert torch.get_num_threads() == threads
            ends.append(list(run.elites.order_by("pk").values_list("cell", "confidence")))
        assert ends[0] == ends[1]

    def test_an_evaluator_has_that_many_hands(self, settings: Settings) -> None:
        settings.THREADS = 2
        (run,) = runs.start(Order("mnist-cppn-paper", "lenet-a"))
        preset = presets.from_parameters(run.parameters)
        with judges.of(run, preset, beat=lambda: None) as judge:
            assert judge.hands(200) == 2
        assert Run.objects.get(pk=run.pk).chunk == 50


def test_use_threads_sets_torch() -> None:
    use_threads(2)
    assert torch.get_num_threads() == 2
