"""Where and how classifiers work, and what of a picture they look at."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

WEIGHTS_DIR = Path(__file__).parent / "weights"

Crops = Literal["whole", "ten"]
"""The whole picture; or its corners and its middle, each also mirrored, and the mean of the ten."""


Engine = Literal["auto", "openvino", "torch"]
"""What runs a network: OpenVINO on processors; torch everywhere; or the first that can."""

Precision = Literal["float32", "bfloat16"]
"""What a network computes in. bfloat16 has 8 bits of precision, and serves screening alone."""


@dataclass(frozen=True)
class Place:
    """One device and one folder of weights, and what computes there.

    device: a torch device. exact: on a GPU, no TF32 and no kernels that are picked by a race.
    """

    device: str = "cpu"
    weights_dir: Path = WEIGHTS_DIR
    exact: bool = True
    engine: Engine = "auto"
    precision: Precision = "float32"


HERE = Place()
