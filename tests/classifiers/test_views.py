"""What a network is shown of a picture."""

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from classifiers.base import FloatArray
from classifiers.catalogue import entries, load
from classifiers.views import resized, shares, ten_crops, views

SIDE, CROP = 16, 10


def places() -> Tensor:
    """A (1, 3, 16, 16) picture whose pixels tell their row, their column, and nothing."""
    rows, columns = torch.meshgrid(torch.arange(SIDE), torch.arange(SIDE), indexing="ij")
    return torch.stack([rows, columns, torch.zeros_like(rows)])[None] / 255


def where(crop: Tensor) -> tuple[int, int, bool]:
    """The first row and first column of a crop, and whether it is mirrored."""
    rows, columns, _ = (crop[0] * 255).round().int()
    assert (rows == rows[:, :1]).all()
    assert (columns == columns[:1]).all()
    steps = columns[0].diff().unique().tolist()
    assert rows[:, 0].diff().unique().tolist() == [1]
    assert steps in ([1], [-1])
    return int(rows[0, 0]), int(columns.min()), steps == [-1]


def test_ten_crops_are_corners_and_middle_each_also_mirrored() -> None:
    found = [where(crop) for crop in ten_crops(places(), CROP)]
    corners = [(0, 0), (0, 6), (6, 0), (6, 6), (3, 3)]
    assert found == [(*corner, mirrored) for corner in corners for mirrored in (False, True)]


def test_ten_crops_are_cut_from_the_canvas() -> None:
    shown = list(views(places(), "ten", size=CROP, canvas=12))
    assert len(shown) == 10
    assert {tuple(view.shape) for view in shown} == {(1, 3, CROP, CROP)}
    whole = resized(places(), 12)
    assert torch.equal(shown[6], whole[:, :, 2:, 2:])


def test_the_whole_picture_is_one_view() -> None:
    (shown,) = views(places(), "whole", size=SIDE, canvas=99)
    assert torch.equal(shown, places())


@pytest.mark.parametrize("size", [7, 100, 224, 227, 300])
def test_pictures_are_resized_as_pillow_does(size: int) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (256, 256, 3), dtype=np.uint8)
    picture = torch.from_numpy(pixels).permute(2, 0, 1)[None]
    found = resized(picture, size)
    assert torch.equal(resized(picture / 255, size), found)
    expected = Image.fromarray(pixels).resize((size, size), Image.Resampling.BILINEAR)
    np.testing.assert_allclose(
        found[0].permute(1, 2, 0).float(), np.asarray(expected, np.float32), atol=1
    )


def test_shares_of_white_are_those_of_the_bytes() -> None:
    shades = torch.arange(256, dtype=torch.uint8).view(1, 1, 16, 16)
    out = torch.empty(1, 1, 16, 16)
    shares(shades, out)
    assert torch.equal(out, torch.arange(256).view(1, 1, 16, 16) / 255)
    shares(out.clone(), out)
    assert torch.equal(out, torch.arange(256).view(1, 1, 16, 16) / 255)


def test_ten_crops_give_the_mean_of_ten_answers() -> None:
    entry = next(entry for entry in entries() if entry.name == "lenet-a")
    shades = np.random.default_rng(1).integers(0, 256, (1, entry.canvas, entry.canvas, 1))
    picture = shades.astype(np.float32) / np.float32(255)
    rest, size = entry.canvas - entry.input_size, entry.input_size
    crops: list[FloatArray] = []
    for top, left in ((0, 0), (0, rest), (rest, 0), (rest, rest), (rest // 2, rest // 2)):
        crop = picture[:, top : top + size, left : left + size]
        crops += [crop, crop[:, :, ::-1]]
    alone = load(entry.name, chunk=1)
    by_hand = np.mean([alone.confidences(crop) for crop in crops], axis=0)
    found = load(entry.name, crops="ten", chunk=1).confidences(picture)
    np.testing.assert_allclose(found, by_hand, rtol=0, atol=1e-6)
