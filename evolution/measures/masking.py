"""Parts of a picture filled with what surrounds them."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation, gaussian_filter

from evolution.errors import InvalidInput

Picture = NDArray[np.float64]
Mask = NDArray[np.bool_]


def background(picture: Picture, part: Mask, width: int, keep_out: Mask | None = None) -> Picture:
    """The colour in the ring around a part that is nearest to the ring's median.

    The median itself, channel by channel, may be a colour that is nowhere in the picture.
    keep_out: not to be counted, other elements for one. Where that leaves nothing of the ring, the
    whole ring counts; around a part that is the whole picture, the picture itself does.
    """
    ring = binary_dilation(part, iterations=width) & ~part
    clear = ring if keep_out is None else ring & ~keep_out
    chosen = clear if clear.any() else ring if ring.any() else np.ones_like(part)
    colours = picture[chosen]
    far = np.abs(colours - np.median(colours, axis=0)).reshape(len(colours), -1).sum(axis=1)
    return np.asarray(colours[np.argmin(far)])


def masked(
    picture: Picture,
    part: Mask,
    *,
    width: int = 2,
    feather: float = 0.0,
    keep_out: Mask | None = None,
) -> Picture:
    """The picture with a part of it in its local background's colour.

    width: of the ring, in pixels. feather: how far the edge is blurred outwards and inwards, in
    pixels; 0: a hard edge. Raises InvalidInput.
    """
    if part.shape != picture.shape[:2]:
        raise InvalidInput(
            "part", f"expected {picture.shape[:2]} like the picture, got {part.shape}"
        )
    if width < 1:
        raise InvalidInput("width", f"expected 1 or more pixels, got {width}")
    if feather < 0:
        raise InvalidInput("feather", f"expected 0 or more pixels, got {feather}")
    if not part.any():
        return picture.copy()
    colour = background(picture, part, width, keep_out)
    share = part.astype(np.float64)
    if feather > 0:
        share = gaussian_filter(share, feather, mode="nearest")
    if picture.ndim == 3:
        share = share[:, :, None]
    return np.asarray(picture * (1 - share) + colour * share)
