"""What a network is shown of a picture: all of it, or ten crops."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from classifiers.places import Crops

_AS_PILLOW: dict[str, Any] = {"mode": "bilinear", "antialias": True}
_HALF = torch.tensor(0.5)


def views(pictures: Tensor, crops: Crops, *, size: int, canvas: int) -> Iterator[Tensor]:
    """Yield what a network of this input size looks at, one batch a view.

    pictures: (B, C, S, S) in [0, 1]. Each view: (B, C, size, size). canvas: the side to which
    pictures are brought before ten crops are cut.
    """
    if crops == "whole":
        yield resized(pictures, size)
        return
    yield from ten_crops(resized(pictures, canvas), size)


def ten_crops(pictures: Tensor, size: int) -> Iterator[Tensor]:
    """The four corners and the middle, each also mirrored.

    Source: Nguyen, Yosinski & Clune 2015, §3.3; fooling, fit/fit_deep_learning.hpp.
    """
    rest = pictures.shape[-1] - size
    middle = rest // 2
    for top, left in ((0, 0), (0, rest), (rest, 0), (rest, rest), (middle, middle)):
        crop = pictures[:, :, top : top + size, left : left + size]
        yield crop
        yield crop.flip(-1)


def resized(pictures: Tensor, size: int) -> Tensor:
    """Bring (B, C, S, S) pictures to another size, by area-aware linear interpolation in bytes.

    Pillow's BILINEAR does the same. Pictures hold whole steps of 1/255 before and after, so a
    picture that was saved as a file and read again is shown to the network unchanged.
    """
    if pictures.shape[-1] == size:
        return pictures
    if pictures.device.type == "cpu":
        small = functional.interpolate(_bytes(pictures), size=(size, size), **_AS_PILLOW)
        return small.float().div_(255)
    small = functional.interpolate(pictures * 255, size=(size, size), **_AS_PILLOW)
    return small.round_().div_(255)


def _bytes(pictures: Tensor) -> Tensor:
    """Round to bytes: those are resized fifteen times as fast as floats.

    NumPy makes bytes of floats four times as fast as torch (one thread, AVX-512).
    """
    rounded = torch.add(_HALF, pictures, alpha=255)
    return torch.from_numpy(rounded.numpy().astype(np.uint8))
