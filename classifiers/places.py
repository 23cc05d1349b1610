"""Where and how classifiers work, and what of a picture they look at."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

WEIGHTS_DIR = Path(__file__).parent / "weights"

Crops = Literal["whole", "ten"]
"""The whole picture; or its corners and its middle, each also mirrored, and the mean of the ten."""


@dataclass(frozen=True)
class Place:
    """One device and one folder of weights.

    device: a torch device. exact: on a GPU, no TF32 and no kernels that are picked by a race.
    """

    device: str = "cpu"
    weights_dir: Path = WEIGHTS_DIR
    exact: bool = True


HERE = Place()
