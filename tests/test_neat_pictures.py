"""From a genome with historical markings to its picture: Picbreeder's conventions, and ours."""

import colorsys
import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evolution.genomes.activations import NEAT_32, NEAT_64
from evolution.genomes.base import AnyColour, AnyCoordinates, Expression
from evolution.genomes.cppn import INPUTS, N_INPUTS, CppnGenome
from evolution.genomes.fields import axis
from evolution.genomes.markings import Link, Node
from evolution.genomes.neat import IDENTITY, NEAT_ACTIVATIONS, NeatGenome
from evolution.phenotypes import express, node_patterns, outputs
from tests.genomes.populations import cppn_genomes, neat

FORMULAE: dict[str, Callable[[float], float]] = {
    "sine": math.sin,
    "sigmoid": lambda z: 2 / (1 + math.exp(-z)) - 1,
    "gaussian": lambda z: math.exp(-z * z),
    "linear": lambda z: min(max(z, -3), 3) / 3,
    "identity": lambda z: z,
    "cosine": math.cos,
    "bipolar gaussian": lambda z: 2 * math.exp(-z * z) - 1,
}
CONVENTIONS: tuple[AnyCoordinates, ...] = ("site", "fer")


def network(
    outputs: list[tuple[str, dict[str, float]]],
    coordinates: AnyCoordinates = "site",
    greyed: bool = False,
) -> NeatGenome:
    """Inputs and earlier outputs straight into outputs, each an activation and its weights."""
    expression = Expression(coordinates, 9, "ink" if len(outputs) == 1 else "hsb", greyed)
    names = [*INPUTS, *(str(number) for number in range(len(outputs)))]
    marks = {name: (1, number) for number, name in enumerate(names)}
    nodes = [Node(marks[name], IDENTITY) for name in INPUTS]
    links: list[Link] = []
    for number, (activation, weights) in enumerate(outputs):
        nodes.append(Node(marks[str(number)], NEAT_ACTIVATIONS.index(activation)))
        for source, weight in weights.items():
            link = (2, len(links)), marks[source], marks[str(number)], weight
            links.append(Link(*link))
    return NeatGenome.assembled(expression, nodes, links, list(marks.values())[N_INPUTS:])


def flat(*values: float, **options: Any) -> NeatGenome:
    """The same value at every pixel, for every channel."""
    return network([("identity", {"bias": value}) for value in values], **options)


def textbook(genome: NeatGenome, u: float, v: float) -> list[float]:
    """The outputs at one position, one formula after the other."""
    scale = math.sqrt(2) if genome.expression.coordinates == "site" else 1.4
    values = [u, v, scale * math.hypot(u, v), 1.0]
    for number in range(N_INPUTS, genome.n_nodes):
        total = float(genome.biases[number])
        for source, target, weight in zip(
            genome.sources, genome.targets, genome.weights, strict=True
        ):
            if target == number:
                total += float(weight) * values[source]
        values.append(FORMULAE[NEAT_ACTIVATIONS[genome.activations[number]]](total))
    return [values[number] for number in genome.outputs]


class TestActivations:
    @pytest.mark.parametrize("name", NEAT_ACTIVATIONS)
    def test_they_are_what_they_are_called(self, name: str) -> None:
        x = np.linspace(-9, 9, 4001)
        exact = [FORMULAE[name](z) for z in x]
        number = NEAT_ACTIVATIONS.index(name)
        assert NEAT_64[number](x) == pytest.approx(exact, abs=2e-10)
        single = NEAT_32[number](x.astype(np.float32))
        assert single.dtype == np.float32
        assert single == pytest.approx(exact, abs=2e-6)


class TestConventions:
    def test_the_site_samples_the_middles_of_pixels(self) -> None:
        assert axis(Expression("site", 9, "ink"), 4).tolist() == [-0.75, -0.25, 0.25, 0.75]

    def test_fer_samples_both_ends(self) -> None:
        assert axis(Expression("fer", 9, "ink"), 5).tolist() == [-1, -0.5, 0, 0.5, 1]

    @pytest.mark.parametrize("coordinates", CONVENTIONS)
    def test_a_single_pixel_is_the_middle(self, coordinates: AnyCoordinates) -> None:
        assert axis(Expression(coordinates, 9, "ink"), 1).tolist() == [0]

    @pytest.mark.parametrize(("coordinates", "scale"), [("site", math.sqrt(2)), ("fer", 1.4)])
    def test_d_is_scaled(self, coordinates: AnyCoordinates, scale: float) -> None:
        genome = network([("identity", {"d": 1.0})], coordinates)
        end = axis(genome.expression, 8)[-1]
        assert outputs(genome, 8)[0, 0, 0] == pytest.approx(scale * math.sqrt(2) * end)

    def test_x_grows_to_the_right_and_y_down(self) -> None:
        x, y = (outputs(network([("identity", {name: 1.0})]), 4)[:, :, 0] for name in "xy")
        assert x[0].tolist() == [-0.75, -0.25, 0.25, 0.75]
        assert y.tolist() == x.T.tolist()

    @pytest.mark.parametrize("coordinates", CONVENTIONS)
    @pytest.mark.parametrize("seed", range(6))
    def test_every_value_is_the_textbooks(self, coordinates: AnyCoordinates, seed: int) -> None:
        genome = neat(12, 40, seed, limit=1.5)
        genome = replace(genome, expression=Expression(coordinates, 9, "hsb"))
        positions = axis(genome.expression, 9).tolist()
        expected = [[textbook(genome, u, v) for u in positions] for v in positions]
        assert outputs(genome, 9) == pytest.approx(np.array(expected), rel=1e-4, abs=1e-4)


class TestColours:
    @pytest.mark.parametrize(
        ("coordinates", "ink", "level"),
        [
            ("site", 0.5, 128),
            ("fer", 0.5, 127),
            ("site", -0.5, 128),
            ("site", 3.0, 255),
            ("site", -2.0, 255),
            ("fer", 1.0, 255),
            ("site", 0.0, 0),
        ],
    )
    def test_ink_is_mirrored_and_ends_at_1(
        self, coordinates: AnyCoordinates, ink: float, level: int
    ) -> None:
        picture = express(flat(ink, coordinates=coordinates), 2)
        assert picture.shape == (2, 2, 1)
        assert set(picture.ravel().tolist()) == {level}

    @given(
        hue=st.floats(-3, 3, width=16),
        saturation=st.floats(-2, 2, width=16),
        brightness=st.floats(-2, 2, width=16),
        coordinates=st.sampled_from(CONVENTIONS),
    )
    @settings(max_examples=150, deadline=None)
    def test_hue_wraps_saturation_is_clamped_brightness_is_mirrored(
        self, hue: float, saturation: float, brightness: float, coordinates: AnyCoordinates
    ) -> None:
        genome = flat(hue, saturation, brightness, coordinates=coordinates)
        shown = express(genome, 1)[0, 0].tolist()
        limited = hue % 1, min(max(saturation, 0), 1), min(1, abs(brightness))
        exact = np.array(colorsys.hsv_to_rgb(*limited)) * 255
        ends = exact + (0.5 if coordinates == "site" else 0)
        assert (np.floor(ends - 1e-3) <= shown).all()
        assert (shown <= np.floor(ends + 1e-3)).all()

    @pytest.mark.parametrize(
        ("hsb", "rgb"),
        [
            ((0, 1, 1), (255, 0, 0)),
            ((-0.2, 1, 1), (204, 0, 255)),
            ((0.8, 1, -1), (204, 0, 255)),
            ((0.3, -4, 1), (255, 255, 255)),
            ((1 / 3, 5, 9), (0, 255, 0)),
        ],
    )
    def test_by_example(self, hsb: tuple[float, ...], rgb: tuple[int, ...]) -> None:
        assert tuple(express(flat(*hsb), 1)[0, 0].tolist()) == rgb

    def test_greyed_ones_show_brightness_only(self) -> None:
        picture = express(flat(0.3, 1.0, -0.5, greyed=True), 2)
        assert picture.tolist() == [[[128] * 3] * 2] * 2

    def test_brightness_may_depend_on_the_hue_in_grey_too(self) -> None:
        values = [("identity", {"bias": 0.25}), ("identity", {}), ("identity", {"0": 2.0})]
        assert express(network(values, greyed=True), 1)[0, 0].tolist() == [128] * 3

    def test_colour_follows_from_links_out_of_outputs(self) -> None:
        """A renderer that ends at outputs would draw grey."""
        values = [
            ("identity", {"bias": 1 / 3}),
            ("identity", {"0": 3.0}),
            ("identity", {"1": 1.0}),
        ]
        assert express(network(values), 1)[0, 0].tolist() == [0, 255, 0]


class TestFromARun:
    @given(cppn=cppn_genomes(), size=st.integers(1, 40))
    @settings(max_examples=80, deadline=None)
    def test_the_same_bytes(self, cppn: CppnGenome, size: int) -> None:
        genome = NeatGenome.of(cppn, 5)
        assert np.array_equal(express(genome, size), express(cppn, size))
        assert np.array_equal(node_patterns(genome, 9), node_patterns(cppn, 9))


class TestDrawing:
    @pytest.mark.parametrize("colour", ["ink", "hsb"])
    def test_blocks_of_rows_draw_the_same(
        self, monkeypatch: pytest.MonkeyPatch, colour: AnyColour
    ) -> None:
        genome = neat(20, 80, 4, colour)
        whole = express(genome, 50)
        monkeypatch.setattr("evolution.genomes.fields.VALUES_AT_ONCE", 700)
        assert np.array_equal(express(genome, 50), whole)

    @given(seed=st.integers(0, 10_000))
    @settings(max_examples=40, deadline=None)
    def test_whatever_overflows_is_drawn_all_the_same(self, seed: int) -> None:
        genome = neat(60, 200, seed, limit=1000.0)
        endless = np.full(genome.n_nodes - N_INPUTS, IDENTITY, np.uint8)
        kinds = np.concatenate([genome.activations[:N_INPUTS], endless])
        for hostile in (genome, replace(genome, activations=kinds)):
            assert np.array_equal(express(hostile, 5), express(hostile, 5))
            assert node_patterns(hostile, 3).shape == (genome.n_nodes, 3, 3)

    def test_a_chain_of_identities_reaches_infinity(self) -> None:
        nodes = [Node((1, number), IDENTITY) for number in range(300)]
        chain = zip(range(3, 299), range(4, 300), strict=True)
        links = [Link((2, b), (1, a), (1, b), 1000.0) for a, b in chain]
        genome = NeatGenome.assembled(Expression("site", 9, "ink"), nodes, links, [(1, 299)])
        assert express(genome, 2).min() == 255

    def test_nodes_beyond_1_are_white(self) -> None:
        patterns = node_patterns(flat(7.0), 2)
        assert patterns[4].min() == 255

    def test_a_brood_is_drawn_while_a_person_waits(self) -> None:
        brood = [neat(33, 150, seed) for seed in range(15)]
        before = time.perf_counter()
        for genome in brood:
            express(genome, 128)
        assert time.perf_counter() - before < 1.0  # 0.03 s where it was measured
