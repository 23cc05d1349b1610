"""Elements that a picture repeats: synthetic pictures whose number of elements is known."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from evolution.errors import InvalidInput
from evolution.measures.repetition import Repetition, period, repetition

Field = NDArray[np.float64]
SIDE = 96
Y, X = np.mgrid[:SIDE, :SIDE].astype(float)


def dots(across: int, down: int, radius: float = 5.0) -> Field:
    """White dots on black, in rows and columns."""
    picture = np.zeros((SIDE, SIDE))
    for row in range(down):
        for column in range(across):
            middle = (row + 0.5) * SIDE / down, (column + 0.5) * SIDE / across
            picture[np.hypot(Y - middle[0], X - middle[1]) <= radius] = 1.0
    return picture


def bars(count: int, angle: float = 0.0) -> Field:
    """Bright bars between dark ones, narrower than those; so many across at 0 degrees."""
    along = X * np.cos(np.radians(angle)) + Y * np.sin(np.radians(angle))
    wave = 0.5 - 0.5 * np.cos(2 * np.pi * count * (along + 0.5) / SIDE)
    return np.asarray(wave**2)


def found(picture: Field) -> Repetition:
    result = repetition(picture)
    assert result is not None
    return result


@pytest.mark.parametrize("across", [3, 4, 6])
@pytest.mark.parametrize("down", [3, 5])
def test_dots_are_counted(across: int, down: int) -> None:
    assert len(found(dots(across, down)).elements) == across * down


@pytest.mark.parametrize("count", [4, 6, 9])
def test_bars_are_counted(count: int) -> None:
    result = found(bars(count))
    assert len(result.elements) == count
    assert abs(result.period[1] - SIDE / count) <= 1
    assert abs(result.period[0]) <= 1


def test_an_element_covers_its_dot_with_its_edge_and_no_other() -> None:
    picture = dots(4, 4)
    for element in found(picture).elements:
        assert picture[element].sum() == 81  # pixels of a disc of radius 5
        assert 81 < element.sum() < 200


def test_elements_do_not_overlap() -> None:
    assert np.sum(found(bars(6, 30.0)).elements, axis=0).max() == 1


def test_dark_elements_on_a_bright_ground_are_found_as_well() -> None:
    assert len(found(1 - dots(4, 4)).elements) == 16


def test_elements_that_differ_in_colour_alone() -> None:
    share = dots(4, 3)[:, :, None]
    red, green = np.array([0.8, 0.2, 0.2]), np.array([0.2, 0.5, 0.2])
    assert len(found(share * red + (1 - share) * green).elements) == 12


def test_what_looks_otherwise_is_no_element() -> None:
    picture = dots(4, 4)
    picture[:24, :24] = 0.0
    picture[2:20, 9:13] = picture[9:13, 2:20] = 1.0  # a cross in place of a dot
    elements = found(picture).elements
    assert len(elements) == 15
    assert not np.any(elements, axis=0)[:24, :24].any()


def test_the_most_conspicuous_come_first() -> None:
    picture = dots(4, 4) * 0.7
    picture[30:42, :] /= 0.7  # one row of dots is brighter
    first = found(picture).elements[:4]
    assert all(30 <= np.argwhere(element)[:, 0].mean() <= 42 for element in first)


def test_a_large_picture_is_analysed_reduced_and_its_masks_have_its_size() -> None:
    picture = dots(4, 4).repeat(3, axis=0).repeat(3, axis=1)
    result = found(picture)
    assert result.elements[0].shape == picture.shape
    assert len(result.elements) == 16
    assert abs(np.hypot(*result.period) - 72) <= 3


@pytest.mark.parametrize(
    "draw",
    [
        lambda: np.full((SIDE, SIDE), 0.5),
        lambda: X / SIDE,
        lambda: dots(1, 1, 20.0),
        lambda: dots(2, 1, 10.0),
        lambda: np.hypot(X - 48, Y - 48) / 70,
        lambda: np.random.default_rng(0).random((SIDE, SIDE)),
    ],
    ids=["plain", "ramp", "one dot", "two dots", "cone", "noise"],
)
def test_no_repetition(draw: Callable[[], Field]) -> None:
    assert repetition(draw()) is None


def test_smooth_noise_seldom_seems_to_repeat() -> None:
    rng = np.random.default_rng(0)
    blurred = [gaussian_filter(rng.standard_normal((SIDE, SIDE)), s) for s in (2, 4, 8) * 8]
    scaled = [(field - field.min()) / np.ptp(field) for field in blurred]
    assert sum(repetition(field) is not None for field in scaled) <= 2


def test_a_faint_pattern_is_none() -> None:
    assert repetition(0.5 + 0.05 * (bars(6) - 0.5)) is None


def test_a_period_is_the_shortest_one() -> None:
    shift, likeness = period(bars(8)[:, :, None]) or ((0, 0), 0.0)
    assert shift == (0, 12)
    assert likeness > 0.99


def test_digits_sized_pictures() -> None:
    small = np.zeros((28, 28))
    small[:, 3::7] = small[:, 4::7] = 1.0
    assert len(found(small).elements) == 4


@pytest.mark.parametrize("shape", [(8, 8), (5, 40), (40,), (2, 20, 20, 3)])
def test_what_is_no_picture_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(InvalidInput, match="picture: expected"):
        repetition(np.zeros(shape))
