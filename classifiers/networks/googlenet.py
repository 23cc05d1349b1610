"""GoogLeNet (Inception v1) with batch normalisation, for the 1000 labels of ImageNet.

Source: Szegedy et al. 2015, "Going deeper with convolutions"; parameters have the names and
shapes of torchvision's googlenet, whose weights load once UNUSED_PREFIXES are left out. As
there, and unlike in the paper, the third branch of a module filters 3 x 3 pixels, not 5 x 5.
Its weights do not ship with the project.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

UNUSED_PREFIXES = ("aux1.", "aux2.")
"""Parameters in torchvision's file that this network lacks: the two heads used in training."""


class GoogLeNet(nn.Module):
    """Three convolutions and nine inception modules: 6,624,904 parameters.

    Input (B, 3, 224, 224): RGB in [-1, 1], that is (image - 0.5) / 0.5. (torchvision's own
    network gets there from the usual means of ImageNet, by its transform_input.) Output
    (B, n_labels) logits.
    """

    def __init__(self, n_labels: int = 1000) -> None:
        super().__init__()
        self.conv1 = Convolution(3, 64, 7, stride=2)
        self.conv2 = Convolution(64, 64, 1)
        self.conv3 = Convolution(64, 192, 3)
        self.inception3a = Inception(192, 64, (96, 128), (16, 32), 32)
        self.inception3b = Inception(256, 128, (128, 192), (32, 96), 64)
        self.inception4a = Inception(480, 192, (96, 208), (16, 48), 64)
        self.inception4b = Inception(512, 160, (112, 224), (24, 64), 64)
        self.inception4c = Inception(512, 128, (128, 256), (24, 64), 64)
        self.inception4d = Inception(512, 112, (144, 288), (32, 64), 64)
        self.inception4e = Inception(528, 256, (160, 320), (32, 128), 128)
        self.inception5a = Inception(832, 256, (160, 320), (32, 128), 128)
        self.inception5b = Inception(832, 384, (192, 384), (48, 128), 128)
        self.fc = nn.Linear(1024, n_labels)

    def forward(self, images: Tensor) -> Tensor:
        logits: Tensor = self.fc(self.embedded(images))
        return logits

    def embedded(self, images: Tensor) -> Tensor:
        """Return (B, 1024), what the last layer reads: the mean over each map."""
        features = _halved(self.conv1(images), 3)
        features = _halved(self.conv3(self.conv2(features)), 3)
        features = _halved(self.inception3b(self.inception3a(features)), 3)
        features = self.inception4b(self.inception4a(features))
        features = self.inception4e(self.inception4d(self.inception4c(features)))
        features = self.inception5b(self.inception5a(_halved(features, 2)))
        means: Tensor = features.mean((2, 3))
        return means


class Inception(nn.Module):
    """Four ways to look at the same map, their channels put side by side.

    channels: of the input. The others are the channels that come out of the 1 x 1 filters; of
    two pairs of 1 x 1 and 3 x 3 filters; and of the 1 x 1 filters behind a pooling.
    """

    def __init__(
        self,
        channels: int,
        plain: int,
        middle: tuple[int, int],
        small: tuple[int, int],
        pooled: int,
    ) -> None:
        super().__init__()
        self.branch1 = Convolution(channels, plain, 1)
        self.branch2 = nn.Sequential(
            Convolution(channels, middle[0], 1), Convolution(middle[0], middle[1], 3)
        )
        self.branch3 = nn.Sequential(
            Convolution(channels, small[0], 1), Convolution(small[0], small[1], 3)
        )
        self.branch4 = nn.Sequential(
            nn.MaxPool2d(3, stride=1, padding=1), Convolution(channels, pooled, 1)
        )

    def forward(self, features: Tensor) -> Tensor:
        branches = (self.branch1, self.branch2, self.branch3, self.branch4)
        return torch.cat([branch(features) for branch in branches], 1)


class Convolution(nn.Module):
    """A convolution that keeps the size (but for its stride), normalised, then ReLU."""

    def __init__(self, channels: int, out: int, kernel: int, *, stride: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, out, kernel, stride=stride, padding=kernel // 2, bias=False)
        self.bn = nn.BatchNorm2d(out, eps=1e-3)

    def forward(self, features: Tensor) -> Tensor:
        return functional.relu(self.bn(self.conv(features)))


def _halved(features: Tensor, kernel: int) -> Tensor:
    return functional.max_pool2d(features, kernel, stride=2, ceil_mode=True)
