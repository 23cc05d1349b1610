"""The benchmarks measure what they say; how fast it is, is nobody's test."""

import numpy as np
import pytest

from evolution import benchmarks
from evolution.benchmarks import Figure


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benchmarks, "REPEATS", 1)
    monkeypatch.setattr(benchmarks, "SIZES", (28,))
    monkeypatch.setattr(benchmarks, "JUDGED", (("lenet-a", "grey", (28, 64)),))


def units(figures: list[Figure]) -> dict[str, str]:
    assert all(np.isfinite(figure.value) and figure.value > 0 for figure in figures)
    return {figure.name: figure.unit for figure in figures}


def test_every_device_is_measured() -> None:
    assert benchmarks.devices()[0] == "cpu"


def test_rendering_is_measured_in_grey_and_in_colour() -> None:
    figures = list(benchmarks.renders("cpu"))
    assert units(figures)["pictures a second"] == "1/s"
    conditions = {figure.conditions.split(",")[0] for figure in figures}
    assert conditions == {"28 px grey", "28 px hsv"}


def test_judging_is_measured_at_every_size() -> None:
    figures = list(benchmarks.evaluations("cpu"))
    assert units(figures) == {"drawn and judged a second": "1/s"}
    assert [figure.conditions.split(", ")[1] for figure in figures] == ["28 px grey", "64 px grey"]


def test_a_bare_loop_says_where_the_time_goes() -> None:
    figures = {f.name: f.value for f in benchmarks.loop("mnist-cppn-paper", "lenet-a", 2)}
    assert 0 < figures["inside the network"] + figures["drawing"] <= 101
