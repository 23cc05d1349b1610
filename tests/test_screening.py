"""A rough network first, the precise one only for those who might take a cell."""

from collections.abc import Sequence

import numpy as np
import pytest

from classifiers.base import FloatArray, Images
from evolution.evaluation import Evaluator
from evolution.genomes.base import Expression
from evolution.genomes.cppn_population import CppnPopulation
from evolution.rendering import renderer

SIZE = 28


class Brightness:
    """Says how bright a picture is, to so many steps; counts the pictures it was shown."""

    name, version, channels, device = "brightness", "1", 1, "cpu"
    engine, notice = "counting, float32", ""
    labels: Sequence[str] = ("dark", "bright")
    forward_seconds = 0.0

    def __init__(self, steps: int, chunk: int = 7) -> None:
        self.steps, self.chunk = steps, chunk
        self.shown = 0

    def confidences(self, images: Images) -> FloatArray:
        self.shown += len(images)
        bright = np.asarray(images).mean(axis=(1, 2, 3), dtype=np.float64) / 255
        bright = np.round(bright * self.steps) / self.steps
        return np.stack([1 - bright, bright], axis=1).astype(np.float32)

    def with_chunk(self, chunk: int) -> "Brightness":
        return Brightness(self.steps, chunk)


@pytest.fixture
def genomes(rng: np.random.Generator) -> CppnPopulation:
    return CppnPopulation.random(60, rng, expression=Expression("normalised", SIZE))


@pytest.fixture
def precise() -> Brightness:
    return Brightness(10**6)


@pytest.fixture
def rough() -> Brightness:
    return Brightness(50)


def judge(precise: Brightness, rough: Brightness | None) -> Evaluator:
    return Evaluator(precise, renderer("cpu"), SIZE, screener=rough)


def test_whoever_would_take_a_cell_is_judged_again(
    genomes: CppnPopulation, precise: Brightness, rough: Brightness
) -> None:
    alone = judge(precise, None).confidences(genomes)
    screened = judge(rough, None).confidences(genomes)
    to_beat = np.quantile(screened.astype(np.float64), 0.9, axis=0)
    precise.shown = rough.shown = 0
    screening = judge(precise, rough)
    found = screening.confidences(genomes, to_beat)
    beats = (screened > to_beat).any(axis=1)
    assert 0 < beats.sum() < len(genomes)
    assert np.array_equal(found[beats], alone[beats])
    assert np.array_equal(found[~beats], screened[~beats])
    assert not (found[~beats] > to_beat).any()  # so that none of them can win
    assert (rough.shown, precise.shown, screening.rescored) == (60, beats.sum(), beats.sum())


def test_where_nobody_would_the_rough_answers_stand(
    genomes: CppnPopulation, precise: Brightness, rough: Brightness
) -> None:
    screening = judge(precise, rough)
    found = screening.confidences(genomes, np.ones(2))
    assert np.array_equal(found, judge(rough, None).confidences(genomes))
    assert (precise.shown, screening.rescored) == (0, 0)


@pytest.mark.parametrize("to_beat", [None, np.array([-np.inf, -np.inf])])
def test_the_first_generation_is_not_screened(
    to_beat: np.ndarray | None, genomes: CppnPopulation, precise: Brightness, rough: Brightness
) -> None:
    screening = judge(precise, rough)
    found = screening.confidences(genomes, to_beat)
    assert np.array_equal(found, judge(precise, None).confidences(genomes))
    assert (rough.shown, screening.rescored) == (0, 0)
