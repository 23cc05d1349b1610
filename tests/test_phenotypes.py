"""From a genome to its picture."""

import subprocess
import sys
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from evolution.genomes import activations, elementary
from evolution.genomes.base import Coordinates, Expression
from evolution.genomes.colours import HLS, HSV
from evolution.genomes.cppn import GAUSSIAN, LINEAR, SIGMOID, SINE, CppnGenome
from evolution.genomes.direct import DirectGenome
from evolution.genomes.fields import axis, distance, normalised_axis
from evolution.phenotypes import express, node_patterns, png, webp
from tests.genomes.populations import cppn_genomes, evolved


def network(activation: int, weights: dict[int, float], **expression: object) -> CppnGenome:
    """Inputs straight into one grey output."""
    settings = {"coordinates": "raw", "base_size": 28} | expression
    return CppnGenome(
        Expression(**settings),  # type: ignore[arg-type]
        np.array([0, 0, 0, 0, activation], np.uint8),
        np.array(list(weights), np.uint16),
        np.full(len(weights), 4, np.uint16),
        np.array([(weight + 10) / 20 for weight in weights.values()], np.float32),
    )


X = np.concatenate([np.linspace(-9, 9, 20_001), np.linspace(-1e4, 1e4, 20_001), [3e6, -3e6]])


class TestActivations:
    @pytest.mark.parametrize(
        ("functions", "x", "error"),
        [
            (activations.NUMPY_64, X, 6e-11),
            (activations.NUMPY_32, X[:-2].astype(np.float32), 2e-7),
        ],
        ids=["double", "single"],
    )
    def test_they_are_what_they_are_called(
        self, functions: activations.Functions, x: NDArray[np.floating], error: float
    ) -> None:
        exact = x.astype(np.float64)
        for activation, expected in (
            (SINE, np.sin(exact)),
            (SIGMOID, np.tanh(exact / 2)),
            (GAUSSIAN, np.exp(-exact * exact)),
            (LINEAR, np.clip(exact, -3, 3) / 3),
        ):
            got = functions[activation](x)
            assert got.dtype == x.dtype
            assert np.abs(got - expected).max() < error
            assert np.abs(got).max() <= 1

    def test_whole_turns_do_not_change_a_sine(self) -> None:
        left = elementary.wrapping()(X)
        assert np.abs(left).max() <= np.pi + 1e-9
        assert np.abs(np.sin(left) - np.sin(X)).max() < 1e-9

    def test_the_logarithm(self) -> None:
        x = np.concatenate([np.linspace(1e-9, 1, 10_001), np.logspace(-300, 300, 10_001)])
        assert elementary.NUMPY_LOGARITHM(x) == pytest.approx(np.log(x), rel=1e-12, abs=1e-12)
        assert elementary.NUMPY_LOGARITHM(np.zeros(1)) < -700

    def test_nothing_in_gives_black_or_for_gaussian_white(self) -> None:
        pixels = [express(network(kind, {}), 4)[0, 0, 0] for kind in (SINE, SIGMOID, LINEAR)]
        assert pixels == [0, 0, 0]
        assert express(network(GAUSSIAN, {}), 4)[0, 0, 0] in (254, 255)


class TestCoordinates:
    def test_raw_ones_are_pixel_indices_at_the_base_size(self) -> None:
        assert axis(Expression("raw", 28), 28).tolist() == list(range(28))

    @pytest.mark.parametrize("size", [2, 17, 55, 256])
    def test_other_sizes_cover_the_same_area(self, size: int) -> None:
        x = axis(Expression("raw", 28), size)
        assert (x[0], x[-1]) == (0, pytest.approx(27))

    def test_a_single_pixel_is_the_middle(self) -> None:
        assert axis(Expression("raw", 28), 1).tolist() == [13.5]
        assert normalised_axis(1).tolist() == [0]

    def test_distance_is_0_in_the_middle_and_root_2_in_the_corners(self) -> None:
        d = distance(normalised_axis(3), normalised_axis(3))
        assert d.tolist() == [
            [pytest.approx(2**0.5), 1, pytest.approx(2**0.5)],
            [1, 0, 1],
            [pytest.approx(2**0.5), 1, pytest.approx(2**0.5)],
        ]

    def test_x_is_the_column_and_y_the_row(self) -> None:
        columns = express(network(LINEAR, {0: 5.0}, coordinates="normalised"), 5)[:, :, 0]
        rows = express(network(LINEAR, {1: 5.0}, coordinates="normalised"), 5)[:, :, 0]
        assert columns[0].tolist() == [255, 212, 0, 212, 255]
        assert (columns == columns[0]).all()
        assert (rows == columns.T).all()


class TestExpress:
    @given(genome=cppn_genomes(), size=st.integers(1, 40))
    @settings(max_examples=40, deadline=None)
    def test_shape_and_determinism(self, genome: CppnGenome, size: int) -> None:
        image = express(genome, size)
        assert image.shape == (size, size, genome.n_outputs)
        assert image.dtype == np.uint8
        assert np.array_equal(image, express(genome, size))

    @pytest.mark.parametrize("coordinates", ["raw", "normalised"])
    def test_a_larger_picture_holds_the_evolved_one(self, coordinates: Coordinates) -> None:
        genome = evolved(8, 40, seed=3, coordinates=coordinates)[3]
        fine = express(genome, 3 * 27 + 1)[::3, ::3].astype(int)
        same = np.abs(fine - express(genome, 28)) <= 1
        assert same.mean() > 0.995

    def test_it_is_the_plain_formula(self) -> None:
        genome = evolved(8, 30, seed=1)[5]
        expected = np.zeros((28, 28))
        for row in range(28):
            for column in range(28):
                expected[row, column] = slowly(genome, row, column)
        difference = np.abs(express(genome, 28)[:, :, 0] - np.trunc(np.abs(expected * 255)))
        assert difference.max() <= 1

    def test_memory_is_bounded_by_blocks_of_rows(self, monkeypatch: pytest.MonkeyPatch) -> None:
        genome = evolved(8, 60, seed=2)[1]
        whole = express(genome, 50)
        monkeypatch.setattr("evolution.genomes.fields.VALUES_AT_ONCE", 700)
        assert np.array_equal(express(genome, 50), whole)

    @pytest.mark.parametrize("size", [0, -3, 4097])
    def test_impossible_sizes_are_refused(self, size: int) -> None:
        with pytest.raises(ValueError, match=r"size must be 1\.\.4096 pixels"):
            express(evolved(2, 0)[0], size)


def slowly(genome: CppnGenome, row: int, column: int) -> float:
    """One pixel of a grey picture with raw coordinates, by the textbook."""
    u, v = column * 2 / 27 - 1, row * 2 / 27 - 1
    values = [float(column), float(row), float(np.hypot(u, v)), 1.0]
    for node in range(4, genome.n_nodes):
        p = sum(
            weight * values[source]
            for source, target, weight in zip(
                genome.sources, genome.targets, genome.weights, strict=True
            )
            if target == node
        )
        kind = genome.activations[node]
        values.append([np.sin(p), np.tanh(p / 2), np.exp(-p * p), np.clip(p, -3, 3) / 3][kind])
    return values[-1]


class TestDirect:
    def genome(self) -> DirectGenome:
        genes = np.array([[0.0, 0.25], [0.5, 1.0]], np.float32)[:, :, None]
        return DirectGenome(genes)

    def test_a_byte_is_the_truncated_gene(self) -> None:
        assert express(self.genome(), 2)[:, :, 0].tolist() == [[0, 63], [127, 255]]

    def test_enlarged_pixels_stay_sharp(self) -> None:
        large = express(self.genome(), 4)[:, :, 0]
        assert large.tolist() == np.kron([[0, 63], [127, 255]], np.ones((2, 2))).tolist()

    def test_reduced_pixels_are_averaged(self) -> None:
        assert int(express(self.genome(), 1)[0, 0, 0]) == pytest.approx(111, abs=1)


class TestColours:
    @pytest.mark.parametrize(
        ("hsv", "rgb"),
        [((0, 255, 255), (255, 0, 0)), ((128, 255, 255), (0, 255, 255)), ((9, 0, 70), (70,) * 3)],
    )
    def test_hsv(self, hsv: tuple[float, ...], rgb: tuple[float, ...]) -> None:
        assert HSV(*map(np.float64, hsv)) == rgb

    @pytest.mark.parametrize(
        ("hls", "rgb"),
        [
            ((0, 127.5, 255), (255, 0, 0)),
            ((60, 127.5, 255), (0, 255, 0)),
            ((200, 127.5, 255), HLS(*map(np.float64, (20, 127.5, 255)))),
            ((50, 255, 255), (255, 255, 255)),
        ],
    )
    def test_hls_hue_repeats_from_180(self, hls: tuple[float, ...], rgb: tuple[float, ...]) -> None:
        assert HLS(*map(np.float64, hls)) == rgb


class TestFiles:
    @pytest.mark.parametrize("write", [png, webp])
    @pytest.mark.parametrize("colour", ["grey", "hsv"])
    def test_files_are_lossless(self, write: object, colour: str) -> None:
        image = express(evolved(4, 30, colour=colour)[2], 33)  # type: ignore[arg-type]
        with Image.open(BytesIO(write(image))) as file:  # type: ignore[operator]
            got = np.asarray(file.convert("L" if colour == "grey" else "RGB"))
        assert np.array_equal(got, image.squeeze())

    def test_a_large_webp_is_small_instead(self) -> None:
        image = express(evolved(4, 30, colour="hsv")[2], 256)
        content = webp(image)
        with Image.open(BytesIO(content)) as file:
            off = np.abs(np.asarray(file.convert("RGB"), int) - image)
        assert off.mean() < 8
        assert len(content) < len(png(image))

    def test_other_arrays_are_refused(self) -> None:
        with pytest.raises(ValueError, match="uint8"):
            png(np.zeros((3, 3, 2), np.uint8))


class TestNodePatterns:
    def test_outputs_look_like_the_picture_and_inputs_like_ramps(self) -> None:
        genome = evolved(8, 40)[2]
        patterns = node_patterns(genome, 28)
        assert patterns.shape == (genome.n_nodes, 28, 28)
        assert np.array_equal(patterns[-1], express(genome, 28)[:, :, 0])
        assert patterns[0, 5].tolist() == sorted(patterns[0, 5])
        assert (patterns[1] == patterns[0].T).all()
        assert (patterns[2, 0, 0], patterns[3].min()) == (255, 255)


def test_drawing_needs_neither_a_compiler_nor_torch() -> None:
    code = (
        "import sys; import evolution.phenotypes, evolution.genomes.codec, "
        "evolution.algorithms.presets; "
        "assert not {'numba', 'torch', 'django'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
