"""Removing repeated elements step by step, and the control beside it."""

import numpy as np

from evolution.measures.removal import Mask, elsewhere, series


def squares() -> tuple[np.ndarray, list[Mask]]:
    """Four white squares on grey."""
    picture = np.full((40, 40, 3), 0.4)
    elements = []
    for top, left in ((4, 4), (4, 24), (24, 4), (24, 24)):
        mask = np.zeros((40, 40), dtype=bool)
        mask[top : top + 8, left : left + 8] = True
        picture[mask] = 1.0
        elements.append(mask)
    return picture, elements


def test_one_element_goes_at_each_step() -> None:
    picture, elements = squares()
    steps = series(picture, elements, 16, np.random.default_rng(0))
    assert list(steps.left) == [4, 3, 2, 1, 0]
    for left, shown in zip(steps.left, steps.removed, strict=True):
        assert (shown == 1.0).all(axis=2).sum() == left * 64
    assert np.allclose(steps.removed[-1], 0.4)


def test_the_control_leaves_all_elements() -> None:
    picture, elements = squares()
    everything = np.logical_or.reduce(elements)
    picture[~everything] *= np.random.default_rng(1).random((int((~everything).sum()), 1))
    steps = series(picture, elements, 16, np.random.default_rng(0))
    assert len(steps.control) == len(steps.removed)
    for shown in steps.control:
        assert np.array_equal(shown[everything], picture[everything])
    assert not np.array_equal(steps.control[-1], picture)


def test_many_elements_go_in_few_steps() -> None:
    picture, elements = squares()
    steps = series(picture, elements, 2, np.random.default_rng(0))
    assert list(steps.left) == [4, 2, 0]


def test_the_picture_itself_stays() -> None:
    picture, elements = squares()
    before = picture.copy()
    steps = series(picture, elements, 4, np.random.default_rng(0))
    assert np.array_equal(picture, before)
    assert np.array_equal(steps.removed[0], before)


def test_elsewhere_has_the_same_shape_where_it_fits() -> None:
    _, elements = squares()
    taken = np.logical_or.reduce(elements)
    for seed in range(20):
        place = elsewhere(elements[0], taken, np.random.default_rng(seed))
        assert place.sum() == 64
        assert not (place & taken).any()


def test_elsewhere_takes_another_shape_where_it_does_not_fit() -> None:
    shape = np.zeros((20, 20), dtype=bool)
    shape[5, :] = True
    taken = np.zeros_like(shape)
    taken[:, 9] = True
    place = elsewhere(shape, taken, np.random.default_rng(0))
    assert place.sum() == 20
    assert not (place & taken).any()


def test_elsewhere_is_smaller_where_there_is_no_room() -> None:
    shape = np.ones((10, 10), dtype=bool)
    taken = shape.copy()
    assert not elsewhere(shape, taken, np.random.default_rng(0)).any()
    taken[0, :3] = False
    assert elsewhere(shape, taken, np.random.default_rng(0)).sum() == 3
