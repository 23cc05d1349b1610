"""Small pictures of new individuals, drawn once: by the worker that bred them, or when published."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from evolution.genomes.base import Population

if TYPE_CHECKING:  # the web process uses `portrait` alone
    from evolution.rendering import Renderer

SIDE = 64  # pixels: a tile of a wall or a mosaic
QUALITY = 80  # of WebP: about a kilobyte, so that a live update can carry it


class Portraitist:
    """Makes thumbnails of pictures that are larger than one; small ones are their own."""

    def __init__(self, renderer: Renderer, image_size: int) -> None:
        self._renderer = renderer
        self._image_size = image_size

    def portraits(self, genomes: Population) -> list[bytes | None]:
        """Return a WebP for each genome; None where the picture is no larger than that."""
        if self._image_size <= SIDE or not len(genomes):
            return [None] * len(genomes)
        images = self._renderer.express(genomes, self._image_size)
        pixels = np.asarray(images if isinstance(images, np.ndarray) else images.cpu())
        return [portrait(image) for image in pixels]


def portrait(image: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> bytes:
    """Reduce an (S, S, 1 or 3) uint8 picture to a WebP of SIDE x SIDE by averaging."""
    flat = image[:, :, 0] if image.shape[2] == 1 else image
    whole = Image.fromarray(flat)
    if len(image) % SIDE == 0:  # the usual case, three times as fast
        small = whole.reduce(len(image) // SIDE)
    else:
        small = whole.resize((SIDE, SIDE), Image.Resampling.BOX)
    file = BytesIO()
    small.save(file, "WEBP", quality=QUALITY, method=2)
    return file.getvalue()
