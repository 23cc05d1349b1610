"""Caffe's LeNet for 28 x 28 grey digits, the network that the paper fools (DNN1).

Source: Caffe, examples/mnist/lenet_train_test.prototxt; Nguyen, Yosinski & Clune 2015, §2.1.
"""

import math

import numpy as np
import torch
from torch import Tensor, nn


class LeNet(nn.Module):
    """Two convolutions, two poolings, two dense layers: 431,080 parameters with ten labels.

    Input (B, 1, 28, 28) in [0, 255/256], output (B, n_labels) logits. As in Caffe's file, the
    one non-linearity besides the poolings is the ReLU after the first dense layer.
    """

    def __init__(self, n_labels: int = 10) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 20, 5)
        self.conv2 = nn.Conv2d(20, 50, 5)
        self.pool = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(50 * 4 * 4, 500)
        self.fc2 = nn.Linear(500, n_labels)

    def forward(self, images: Tensor) -> Tensor:
        logits: Tensor = self.fc2(self.embedded(images))
        return logits

    def embedded(self, images: Tensor) -> Tensor:
        """Return (B, 500), what the last layer reads."""
        features = self.pool(self.conv2(self.pool(self.conv1(images))))
        return torch.relu(self.fc1(features.flatten(1)))


def initialised_lenet(rng: np.random.Generator, n_labels: int = 10) -> LeNet:
    """Build an untrained LeNet whose weights depend on rng alone.

    Caffe's "xavier" filler: uniform in ±sqrt(3 / fan_in); biases are zero.
    """
    with torch.device("meta"):  # torch's own initialisation would draw from its global state
        network = LeNet(n_labels)
    network.to_empty(device="cpu")
    with torch.no_grad():
        for parameter in network.parameters():
            shape = tuple(parameter.shape)
            if len(shape) == 1:  # a bias
                parameter.zero_()
                continue
            bound = math.sqrt(3 / math.prod(shape[1:]))
            weights = rng.uniform(-bound, bound, shape).astype(np.float32)
            parameter.copy_(torch.from_numpy(weights))
    return network
