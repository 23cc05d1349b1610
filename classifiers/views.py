"""What a network is shown of a picture: all of it, or ten crops."""

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.nn import functional

from classifiers.places import Crops


def views(pictures: Tensor, crops: Crops, *, size: int, canvas: int) -> Iterator[Tensor]:
    """Yield what a network of this input size looks at, one batch a view.

    pictures: (B, C, S, S) bytes, or float32 in [0, 1]. Each view: (B, C, size, size), likewise;
    bytes where it was resized. canvas: the side to which pictures are brought before ten crops are
    cut.
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
    shades = pictures if pictures.dtype == torch.uint8 else (pictures * 255).round_()
    # On a processor bytes are fifteen times as fast as floats; a GPU has floats alone.
    on_cpu = pictures.device.type == "cpu"
    shades = shades.to(torch.uint8 if on_cpu else torch.float32)
    small = functional.interpolate(shades, size=(size, size), mode="bilinear", antialias=True)
    return small.round_().to(torch.uint8) if small.is_floating_point() else small


def shares(view: Tensor, out: Tensor) -> None:
    """Write a view, bytes or shares of white, into `out` as float32 shares of white."""
    out.copy_(view)
    if view.dtype == torch.uint8:
        out.div_(255)
