"""Every renderer draws exactly what the reference draws."""

from typing import get_args

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from evolution.genomes.base import Colour, Coordinates, Population
from evolution.genomes.cppn_population import CppnPopulation
from evolution.genomes.direct_population import DirectPopulation
from evolution.phenotypes import express
from evolution.rendering import renderer
from evolution.rendering.cpu import CpuRenderer
from evolution.rendering.gpu import VALUES_ON_CPU, TorchRenderer
from tests.genomes.populations import evolved

DEVICES = ["compiled", "torch-cpu"] + ["torch-cuda"] * torch.cuda.is_available()


def drawn(device: str, population: Population, size: int) -> NDArray[np.uint8]:
    if device == "compiled":
        return CpuRenderer().express(population, size)
    return TorchRenderer(device.removeprefix("torch-")).express(population, size).cpu().numpy()


def reference(population: CppnPopulation | DirectPopulation, size: int) -> NDArray[np.uint8]:
    return np.stack([express(population[i], size) for i in range(len(population))])


@pytest.mark.parametrize("device", DEVICES)
class TestEveryRenderer:
    @pytest.mark.parametrize("generations", [0, 30, 200])
    @pytest.mark.parametrize("coordinates", get_args(Coordinates))
    @pytest.mark.parametrize("size", [1, 2, 16, 28, 41, 64, 130])
    def test_networks_of_any_age_and_size(
        self, device: str, generations: int, coordinates: Coordinates, size: int
    ) -> None:
        population = evolved(24, generations, seed=generations, coordinates=coordinates)
        images = drawn(device, population, size)
        assert images.shape == (24, size, size, 1)
        assert images.dtype == np.uint8
        assert np.array_equal(images, reference(population, size))

    @pytest.mark.parametrize("colour", get_args(Colour))
    def test_colours(self, device: str, colour: Colour) -> None:
        networks = evolved(16, 40, colour=colour)
        pixels = DirectPopulation.random(4, np.random.default_rng(0), 12, colour)
        for size in (12, 20, 7):
            assert np.array_equal(drawn(device, networks, size), reference(networks, size))
            assert np.array_equal(drawn(device, pixels, size), reference(pixels, size))

    def test_a_picture_does_not_depend_on_its_neighbours(self, device: str) -> None:
        population = evolved(12, 60)
        alone = drawn(device, population.take(np.array([7])), 28)
        assert np.array_equal(drawn(device, population, 28)[7:8], alone)

    @pytest.mark.parametrize("size", [0, 4097])
    def test_impossible_sizes_are_refused(self, device: str, size: int) -> None:
        with pytest.raises(ValueError, match="size must be"):
            drawn(device, evolved(2, 0), size)

    def test_other_populations_are_refused(self, device: str) -> None:
        with pytest.raises(TypeError, match="not list"):
            drawn(device, [], 28)  # type: ignore[arg-type]


@pytest.mark.parametrize("values", [100, 5000, VALUES_ON_CPU])
def test_torch_draws_the_same_in_pieces(values: int) -> None:
    population = evolved(10, 60)
    torch_renderer = TorchRenderer("cpu")
    torch_renderer.values_at_once = values
    images = torch_renderer.express(population, 28).numpy()
    assert np.array_equal(images, reference(population, 28))


def test_the_device_decides() -> None:
    assert isinstance(renderer("cpu"), CpuRenderer)
    assert isinstance(renderer("meta"), TorchRenderer)
