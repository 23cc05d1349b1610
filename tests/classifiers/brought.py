"""A small network of somebody's own, in the forms in which it can be brought."""

import io
import warnings
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from torch import Tensor, nn

SIDE, LABELS = 32, ("disc", "square", "stripes")
TOML = """\
title = "Shapes"
dataset = "three shapes"
file = "{file}"
labels = ["disc", "square", "stripes"]
input_size = 32
output = "logits"

[preprocessing]
colours = "rgb"
scale = 1.0
mean = [0.5, 0.4, 0.3]
std = [0.25, 0.3, 0.35]
"""


class Shapes(nn.Module):
    """Input (B, 3, 32, 32), output (B, 3) logits."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(3, 8, 5, stride=2)
        self.norm = nn.BatchNorm2d(8)
        self.dropout = nn.Dropout()
        self.dense = nn.Linear(8 * 14 * 14, len(LABELS))

    def forward(self, images: Tensor) -> Tensor:
        features = torch.relu(self.norm(self.convolution(images)))
        logits: Tensor = self.dense(self.dropout(features).flatten(1))
        return logits


def shapes(seed: int = 0) -> Shapes:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return Shapes().eval()


def exported(network: nn.Module, batch: int | None = None) -> bytes:
    """What torch.export.save writes; batch: the one size of a batch, or None for any."""
    sample = torch.zeros(batch or 2, 3, SIDE, SIDE)
    sizes = None if batch else ({0: torch.export.Dim("batch")},)
    file = io.BytesIO()
    torch.export.save(torch.export.export(network, (sample,), dynamic_shapes=sizes), file)
    return file.getvalue()


def onnx(network: nn.Module, batch: int | None = None, **options: Any) -> bytes:
    file = io.BytesIO()
    options |= {} if batch else {"dynamic_axes": {"images": {0: "batch"}}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # this exporter is the older one; the other wants a package
        torch.onnx.export(
            network,
            (torch.zeros(batch or 2, 3, SIDE, SIDE),),
            file,  # type: ignore[arg-type]  # this exporter takes one
            input_names=["images"],
            dynamo=False,
            **options,
        )
    return file.getvalue()


def program(suffix: str, network: nn.Module, batch: int | None = None) -> bytes:
    return exported(network, batch) if suffix == ".pt2" else onnx(network, batch)


def safetensors_of(network: nn.Module) -> bytes:
    return safetensors.torch.save(dict(network.state_dict()))


def bring(folder: Path, file: str, content: bytes, toml: str = TOML) -> str:
    """Put a network and its description into a folder; returns its name."""
    folder.mkdir(exist_ok=True)
    (folder / file).write_bytes(content)
    name = Path(file).stem
    (folder / f"{name}.toml").write_text(toml.replace("{file}", file))
    return name
