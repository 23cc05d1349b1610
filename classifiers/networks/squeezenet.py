"""SqueezeNet 1.1 for the 1000 labels of ImageNet: AlexNet's accuracy with a fiftieth of its weights.

Source: Iandola et al. 2016, "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and
< 0.5 MB model size"; layers as in the authors' Caffe files (SqueezeNet_v1.1/deploy.prototxt).
"""

import torch
from torch import Tensor, nn
from torch.nn import functional


class SqueezeNet(nn.Module):
    """Ten layers, eight of them fire modules: 1,235,496 parameters.

    Input (B, 3, 227, 227): BGR bytes as numbers from 0 to 255, less the means of ImageNet
    (104.006, 116.669, 122.679). Output (B, n_labels) logits. Parameters have Caffe's names.
    """

    def __init__(self, n_labels: int = 1000) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, stride=2)
        self.fire2 = Fire(64, squeezed=16, expanded=64)
        self.fire3 = Fire(128, squeezed=16, expanded=64)
        self.fire4 = Fire(128, squeezed=32, expanded=128)
        self.fire5 = Fire(256, squeezed=32, expanded=128)
        self.fire6 = Fire(256, squeezed=48, expanded=192)
        self.fire7 = Fire(384, squeezed=48, expanded=192)
        self.fire8 = Fire(384, squeezed=64, expanded=256)
        self.fire9 = Fire(512, squeezed=64, expanded=256)
        self.conv10 = nn.Conv2d(512, n_labels, 1)
        # Caffe rounds the size of a pooled map up: 227 pixels become 113, 56, 28, 14.
        self.pool = nn.MaxPool2d(3, stride=2, ceil_mode=True)

    def forward(self, images: Tensor) -> Tensor:
        return functional.relu(self.conv10(self.maps(images))).mean((2, 3))

    def embedded(self, images: Tensor) -> Tensor:
        """Return (B, 512), the mean over each of the maps that the last layer reads."""
        return self.maps(images).mean((2, 3))

    def maps(self, images: Tensor) -> Tensor:
        """What the last layer sees of pictures of 227 pixels: (B, 512, 14, 14), none below 0."""
        features = self.pool(functional.relu(self.conv1(images)))
        features = self.pool(self.fire3(self.fire2(features)))
        features = self.pool(self.fire5(self.fire4(features)))
        maps: Tensor = self.fire9(self.fire8(self.fire7(self.fire6(features))))
        return maps


class Fire(nn.Module):
    """Few 1 x 1 filters, then many of 1 x 1 and 3 x 3 side by side: 2 * expanded channels."""

    def __init__(self, channels: int, *, squeezed: int, expanded: int) -> None:
        super().__init__()
        self.squeeze1x1 = nn.Conv2d(channels, squeezed, 1)
        self.expand1x1 = nn.Conv2d(squeezed, expanded, 1)
        self.expand3x3 = nn.Conv2d(squeezed, expanded, 3, padding=1)

    def forward(self, features: Tensor) -> Tensor:
        squeezed = functional.relu(self.squeeze1x1(features))
        # An engine does each ReLU with its convolution; after the concatenation it is another pass.
        few, many = (
            functional.relu(self.expand1x1(squeezed)),
            functional.relu(self.expand3x3(squeezed)),
        )
        return torch.cat((few, many), 1)
