"""Masking a part of a picture by its local background."""

import numpy as np
import pytest

from evolution.errors import InvalidInput
from evolution.measures.masking import Mask, Picture, masked


def square(channels: int = 3) -> tuple[Picture, Mask]:
    """A white square on a plane of one colour, and where it is."""
    part = np.zeros((28, 28), dtype=bool)
    part[10:16, 10:16] = True
    colour = np.array([0.2, 0.4, 0.6])[:channels]
    picture = np.tile(colour, (28, 28, 1))
    picture[part] = 1.0
    return picture, part


class TestMasked:
    def test_the_part_is_gone(self) -> None:
        picture, part = square()
        assert np.allclose(masked(picture, part), [0.2, 0.4, 0.6])

    def test_grey(self) -> None:
        picture, part = square(1)
        assert np.allclose(masked(picture[:, :, 0], part), 0.2)

    def test_the_picture_itself_stays(self) -> None:
        picture, part = square()
        masked(picture, part)
        assert (picture[part] == 1).all()

    def test_a_soft_edge_changes_nothing_far_away(self) -> None:
        picture, part = square()
        found = masked(picture, part, feather=1)
        assert np.array_equal(found[0], picture[0])
        assert 0.2 < found[10, 10, 0] < 1

    def test_other_elements_are_no_background(self) -> None:
        picture, part = square()
        near = np.zeros_like(part)
        near[7:19, 7:19] = True
        near[9, 9] = False
        picture[near & ~part] = 0.9
        assert np.allclose(masked(picture, part, keep_out=near)[part], [0.2, 0.4, 0.6])

    @pytest.mark.parametrize("everywhere", [False, True])
    def test_nothing_and_everything(self, everywhere: bool) -> None:
        picture, _ = square()
        found = masked(picture, np.full((28, 28), everywhere))
        expected = np.median(picture.reshape(-1, 3), axis=0) if everywhere else picture
        assert np.allclose(found, expected)

    def test_a_mask_of_another_size(self) -> None:
        with pytest.raises(InvalidInput, match="like the picture"):
            masked(square()[0], np.ones((3, 3), dtype=bool))
