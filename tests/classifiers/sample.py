"""Two hundred real digits: the first 20 of each class among MNIST's test images.

digits.png holds them as a contact sheet, one row of 28 x 28 tiles a class.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from classifiers.base import FloatArray


def real_digits() -> tuple[FloatArray, npt.NDArray[np.int64]]:
    """Return images (200, 28, 28, 1) in [0, 1] and labels (200,)."""
    with Image.open(Path(__file__).with_name("digits.png")) as sheet:
        pixels = np.asarray(sheet, np.float32)
    tiles = pixels.reshape(10, 28, 20, 28).transpose(0, 2, 1, 3).reshape(200, 28, 28, 1)
    return tiles / np.float32(255), np.repeat(np.arange(10), 20)
