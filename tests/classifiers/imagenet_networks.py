"""The networks for ImageNet with their real weights, and real photographs to show them."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor

from classifiers import catalogue, pictures
from classifiers.base import FloatArray
from classifiers.wrapped import NetworkClassifier
from evolution.controls.clean import PICTURES

CAT, ESPRESSO, ROCKET = (PICTURES / f"{name}.webp" for name in ("cat", "espresso", "rocket"))
CHINA = Path(__file__).with_name("photographs") / "china.jpg"
NAMES = ("squeezenet", "efficientnet-lite0", "efficientnet-lite1", "efficientnet-lite2")
SIZES = dict(zip(NAMES, (227, 224, 240, 260), strict=True))


def classifier(name: str) -> NetworkClassifier:
    found = catalogue.shared(name, chunk=1)
    assert isinstance(found, NetworkClassifier)
    return found


def photograph(file: Path) -> FloatArray:
    """The middle of a photograph, (1, S, S, 3) in [0, 1]."""
    return pictures.read(file, 3)[None]


def prepared_by_hand(file: Path, name: str) -> Tensor:
    """What a network was trained on, (1, 3, size, size), without the catalogue's help."""
    with Image.open(file) as picture:
        width, height = picture.size
        side, size = min(picture.size), SIZES[name]
        left, top = (width - side) // 2, (height - side) // 2
        square = picture.crop((left, top, left + side, top + side))
        small = square.resize((size, size), Image.Resampling.BILINEAR)
        pixels: npt.NDArray[np.float32] = np.asarray(small, np.float32)
    if name == "squeezenet":
        pixels = pixels[..., ::-1] - np.asarray((104.006, 116.669, 122.679), np.float32)
    else:
        pixels = (pixels - np.float32(127)) / np.float32(128)
    return torch.from_numpy(np.ascontiguousarray(pixels)).permute(2, 0, 1)[None]
