"""What gradient ascent is made of: networks with gradients, a blur, and what sets pixels to zero."""

from math import exp

import torch
from torch import Tensor, nn
from torch.nn import functional

from classifiers.base import Classifier, ClassifierError
from classifiers.ensembles import MeanClassifier
from classifiers.entries import Preprocessing
from classifiers.prepared import Prepared
from classifiers.wrapped import NetworkClassifier

WHITE = 255.0
TRUNCATED = 4.0  # standard deviations, as SciPy's Gaussian filter


class Members(nn.Module):
    """The networks behind a classifier, as one that can be differentiated.

    Input (B, C, size, size) shares of white, red first; output (B, n_labels) probabilities. Of an
    ensemble each member sees the picture in its own size, resized without rounding.
    """

    def __init__(self, classifier: Classifier) -> None:
        super().__init__()
        found = classifier.members if isinstance(classifier, MeanClassifier) else [classifier]
        members = [member for member in found if isinstance(member, NetworkClassifier)]
        if len(members) != len(found):
            raise ClassifierError(f"{classifier.name}: expected networks, got another classifier")
        for member in members:
            _check_gradients(member)
        self._members = members
        self._networks = nn.ModuleList(
            Prepared(member.network, member.entry.preprocessing).to(member.device)
            for member in members
        )
        self.place = members[0].place
        self.size = max(member.entry.input_size for member in members)
        self.mean = mean_colour(members[0].entry.preprocessing)
        told = [getattr(member.network, "batch", None) for member in members]
        batches = [int(batch) for batch in told if batch]  # of programs made for one size
        self.only_batch = min(batches) if batches else None

    def forward(self, pictures: Tensor) -> Tensor:
        sums = torch.zeros((), device=pictures.device)
        for member, network in zip(self._members, self._networks, strict=True):
            answer = network(_fitted(pictures, member.entry.input_size))
            if not answer.requires_grad:
                raise ClassifierError(_without_gradients(member, "its program hands on none"))
            is_logits = member.entry.output == "logits"
            sums = sums + (torch.softmax(answer.float(), 1) if is_logits else answer.float())
        return sums / len(self._members)


def mean_colour(preprocessing: Preprocessing) -> Tensor:
    """What a network takes for nothing, in bytes: (1, C, 1, 1), red first."""
    mean = torch.tensor(preprocessing.mean) * (WHITE / preprocessing.scale)
    mean = mean.expand(preprocessing.channels)
    return (mean.flip(0) if preprocessing.colours == "bgr" else mean).reshape(1, -1, 1, 1)


def blurred(pictures: Tensor, sigma: float) -> Tensor:
    """Gaussian blur of every channel; beyond a border the picture is mirrored, the edge repeated.

    The same numbers as scipy.ndimage.gaussian_filter, whose window ends at 4 sigma.
    """
    radius = int(TRUNCATED * sigma + 0.5)
    weights = [exp(-0.5 * (step / sigma) ** 2) for step in range(-radius, radius + 1)]
    for axis in (2, 3):
        size = pictures.shape[axis]
        steps = torch.arange(-radius, size + radius, device=pictures.device) % (2 * size)
        padded = pictures.index_select(axis, torch.minimum(steps, 2 * size - 1 - steps))
        pictures = sum(
            (
                padded.narrow(axis, step, size) * (weight / sum(weights))
                for step, weight in enumerate(weights)
            ),
            start=torch.zeros_like(pictures),
        )
    return pictures


def zeroed_below(pictures: Tensor, values: Tensor, percent: float) -> Tensor:
    """Set the pixels to zero whose (B, 1, H, W) values lie below their picture's percentile."""
    least = torch.quantile(values.flatten(1), percent / 100, dim=1).view(-1, 1, 1, 1)
    return torch.where(values < least, torch.zeros_like(pictures), pictures)


def _fitted(pictures: Tensor, size: int) -> Tensor:
    if pictures.shape[-1] != size:
        pictures = functional.interpolate(
            pictures, size=(size, size), mode="bilinear", antialias=True
        )
    return pictures.contiguous(memory_format=torch.channels_last)


def _check_gradients(member: NetworkClassifier) -> None:
    if member.entry.weights.file.endswith(".onnx"):
        why = "it is an ONNX file, and onnxruntime computes answers alone"
        raise ClassifierError(_without_gradients(member, why))


def _without_gradients(member: NetworkClassifier, why: str) -> str:
    return f"{member.name}: expected a network with gradients, got none: {why}"
