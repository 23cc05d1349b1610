"""AlexNet in its one-column form, for the 1000 labels of ImageNet.

Source: Krizhevsky 2014, "One weird trick for parallelizing convolutional neural networks";
parameters have the names and shapes of torchvision's alexnet, whose weights load as they are.
Its weights do not ship with the project.
"""

from torch import Tensor, nn


class AlexNet(nn.Module):
    """Five convolutions and three dense layers: 61,100,840 parameters.

    Input (B, 3, 224, 224): RGB in [0, 1], less (0.485, 0.456, 0.406), divided by
    (0.229, 0.224, 0.225). Output (B, n_labels) logits.
    """

    def __init__(self, n_labels: int = 1000) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, 11, stride=4, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(3, stride=2),
            nn.Conv2d(64, 192, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(3, stride=2),
            nn.Conv2d(192, 384, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(384, 256, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(256, 256, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(3, stride=2),
        )
        # The dropouts do nothing outside training; they keep the layers' numbers.
        self.classifier = nn.Sequential(
            nn.Dropout(),
            nn.Linear(256 * 6 * 6, 4096),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(4096, 4096),
            nn.ReLU(),
            nn.Linear(4096, n_labels),
        )

    def forward(self, images: Tensor) -> Tensor:
        logits: Tensor = self.classifier[-1](self.embedded(images))
        return logits

    def embedded(self, images: Tensor) -> Tensor:
        """Return (B, 4096), what the last layer reads."""
        hidden: Tensor = self.features(images).flatten(1)
        for layer in list(self.classifier)[:-1]:
            hidden = layer(hidden)
        return hidden
