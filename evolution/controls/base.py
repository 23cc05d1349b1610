"""A control, and the two kinds of pictures that are judged."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


class Domain(StrEnum):
    """What pictures are of. The value is the name of the label set that truths are taken from."""

    PHOTOGRAPHS = "imagenet"
    DIGITS = "digits"

    @property
    def shape(self) -> tuple[int, int, int]:
        """Height, width and channels, as of the pictures that are bred."""
        return (256, 256, 3) if self is Domain.PHOTOGRAPHS else (28, 28, 1)


@dataclass(frozen=True, eq=False)
class Control:
    """A picture whose content is known.

    name: the same one always names the same picture. kind: photograph (of a digit, too), degraded,
    noise, check or practice. truth: every label that is right, the first for preference; none for
    noise. pixels: (H, W, C).
    """

    name: str
    kind: str
    truth: tuple[str, ...]
    pixels: Pixels
