"""The one place where pictures become what a network was trained on."""

import torch
from torch import Tensor, nn

from classifiers.entries import Preprocessing


class Prepared(nn.Module):
    """A network behind its preprocessing, so that an engine can run both as one.

    Input (B, C, H, W) float32 in [0, 1], in the order red, green, blue; output as the network's.
    """

    mean: Tensor | None
    std: Tensor | None

    def __init__(
        self,
        network: nn.Module,
        preprocessing: Preprocessing,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__()
        self.network = network
        self.preprocessing = preprocessing
        self.dtype = dtype
        """What the network computes in; preprocessing is always done in float32."""
        self.register_buffer("mean", _a_channel(preprocessing.mean, without=0.0))
        self.register_buffer("std", _a_channel(preprocessing.std, without=1.0))
        self.training = False  # an exported module may not be asked to switch modes

    def forward(self, pictures: Tensor) -> object:
        if self.preprocessing.colours == "bgr":
            pictures = pictures.flip(1)
        batch = pictures * self.preprocessing.scale
        if self.mean is not None:
            batch -= self.mean
        if self.std is not None:
            batch /= self.std
        answer: object = self.network(batch.to(self.dtype))
        return answer


def _a_channel(values: tuple[float, ...], *, without: float) -> Tensor | None:
    """One value a channel, to be broadcast over images; None where it would change nothing."""
    if all(value == without for value in values):
        return None
    return torch.tensor(values, dtype=torch.float32).view(1, -1, 1, 1)
