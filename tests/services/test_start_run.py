import uuid
from dataclasses import replace

import pytest

from evolution.algorithms import presets
from evolution.errors import InvalidInput
from evolution.models import Run
from evolution.services import runs
from evolution.services.runs import Order

pytestmark = pytest.mark.django_db
ORDER = Order("mnist-cppn-paper", "lenet-a", seed=7)


class TestStartingRuns:
    def test_a_run_starts_queued_with_its_parameters_verbatim(self) -> None:
        (run,) = runs.start(ORDER)
        assert run.status == Run.Status.QUEUED
        assert (run.seed, run.generation, run.planned) == (7, 0, 200)
        assert presets.from_parameters(run.parameters) == presets.get("mnist-cppn-paper")

    def test_independent_runs_take_successive_seeds(self) -> None:
        started = runs.start(replace(ORDER, runs=3))
        assert [run.seed for run in started] == [7, 8, 9]
        assert len({run.submission for run in started}) == 1

    def test_a_submission_that_comes_twice_starts_once(self) -> None:
        submission = uuid.uuid4()
        first = runs.start(replace(ORDER, runs=2), submission=submission)
        again = runs.start(replace(ORDER, runs=2), submission=submission)
        assert [run.pk for run in first] == [run.pk for run in again]
        assert Run.objects.count() == 2

    def test_a_single_target_is_stored_with_the_parameters(self) -> None:
        (run,) = runs.start(Order("mnist-cppn-single", "lenet-a", target=8))
        assert presets.from_parameters(run.parameters).target == 8

    def test_the_demonstration_begins_on_an_empty_site_only(self) -> None:
        digits, colour = runs.start_demonstration()
        assert digits.pace == 1.0
        assert not digits.is_background
        assert (colour.classifier, colour.parameters["crops"]) == ("squeezenet", "whole")
        assert colour.is_background
        assert runs.start_demonstration() == []


@pytest.mark.parametrize(
    ("argument", "value", "words"),
    [
        ("preset", "mnist-cpn", "mnist-cppn-paper"),
        ("classifier", "lenet-z", "lenet-a"),
        ("seed", -1, "0 to"),
        ("seed", 2**60, "0 to"),
        ("generations", 0, "1 to 1,000,000, got 0"),
        ("generations", 10**9, "got 1,000,000,000"),
        ("runs", 0, "1 to 100"),
        ("runs", 101, "1 to 100"),
        ("pace", 0.0, "0.05 to 100"),
        ("pace", float("nan"), "0.05 to 100"),
        ("target", 3, "aims at every label"),
    ],
)
class TestRefusing:
    def test_a_bad_order_is_refused_by_name(self, argument: str, value: object, words: str) -> None:
        with pytest.raises(InvalidInput, match=words) as refused:
            runs.start(replace(ORDER, **{argument: value}))  # type: ignore[arg-type]
        assert refused.value.argument == argument
        assert not Run.objects.exists()


class TestRefusingTargets:
    def test_colours_must_be_those_that_the_network_sees(self) -> None:
        with pytest.raises(
            InvalidInput, match="grey pictures as mnist-cppn-paper breeds them, got"
        ):
            runs.start(Order("mnist-cppn-paper", "squeezenet"))

    def test_a_network_that_is_not_installed_says_what_to_do(self) -> None:
        with pytest.raises(InvalidInput, match=r"AlexNet is not installed: put .*7be5be79\.pth"):
            runs.start(Order("imagenet-cppn-fast", "alexnet"))

    def test_a_target_beyond_the_labels_is_refused(self) -> None:
        with pytest.raises(InvalidInput, match="0 to 9, got 10"):
            runs.start(Order("mnist-cppn-single", "lenet-a", target=10))
