"""What a network says of pictures whose repeated elements were removed."""

from unittest import mock

import numpy as np
import numpy.typing as npt
import pytest

from evolution.errors import Interrupted
from evolution.services import ablating

Bytes = npt.NDArray[np.uint8]
PATCH = "evolution.services.predicting.answers"


def striped(stripes: int = 4) -> Bytes:
    """White stripes, two pixels wide, on black: (28, 28, 1)."""
    picture = np.zeros((28, 28, 1), np.uint8)
    for n in range(stripes):
        picture[:, 3 + 7 * n : 5 + 7 * n] = 255
    return picture


def brightness(entry: object, images: Bytes, crops: str) -> npt.NDArray[np.float32]:
    """A stand-in for a network: sure of label 0 as far as the picture is white."""
    bright = images.reshape(len(images), -1).mean(axis=1) / 255
    return np.stack([bright, 1 - bright], axis=1).astype(np.float32)


def test_a_network_is_asked_about_every_step() -> None:
    with mock.patch(PATCH, brightness):
        found = ablating.ablate(striped(), "lenet-a", "whole", 12, lambda: None)
    assert found is not None
    assert found.left == [4, 3, 2, 1, 0]
    white = 8 / 28
    assert found.removed[:, 0] == pytest.approx([white * n / 4 for n in (4, 3, 2, 1, 0)])
    assert found.control[:, 0] == pytest.approx([white] * 5, abs=0.01)
    assert found.changed == pytest.approx([white * n / 4 for n in (0, 1, 2, 3, 4)])
    assert found.pictures.shape == (5, 28, 28, 1)
    assert not found.pictures[-1].any()


def test_the_control_begins_with_the_same_answer() -> None:
    with mock.patch(PATCH, brightness):
        found = ablating.ablate(striped(), "lenet-a", "whole", 2, lambda: None)
    assert found is not None
    assert np.array_equal(found.removed[0], found.control[0])
    assert len(found.removed) == len(found.control) == len(found.left) == 3


def test_nobody_is_asked_about_a_picture_that_repeats_nothing() -> None:
    with mock.patch(PATCH, side_effect=AssertionError("asked")):
        assert ablating.ablate(striped(1), "lenet-a", "whole", 12, lambda: None) is None


def test_the_real_network_answers_the_same_twice() -> None:
    first, second = (
        ablating.ablate(striped(), "lenet-a", "whole", 12, lambda: None) for _ in range(2)
    )
    assert first is not None
    assert second is not None
    assert np.array_equal(first.removed, second.removed)
    assert np.array_equal(first.control, second.control)
    assert first.removed.sum(axis=1) == pytest.approx(1, abs=1e-5)


def test_work_that_is_wanted_no_more_ends() -> None:
    with pytest.raises(Interrupted), mock.patch(PATCH, brightness):
        ablating.ablate(striped(), "lenet-a", "whole", 12, mock.Mock(side_effect=Interrupted))
