"""The mean of several classifiers as a classifier of its own."""

from collections.abc import Sequence

import numpy as np

from classifiers.base import Classifier, FloatArray, Images
from classifiers.described import Described
from classifiers.entries import Ensemble


class MeanClassifier(Described):
    """Averages the confidences of its members, each of which sees the picture in its own way.

    Source: Nguyen, Yosinski & Clune 2015, supplement §B.
    """

    def __init__(self, entry: Ensemble, members: Sequence[Classifier]) -> None:
        super().__init__(entry)
        self.entry = entry
        self.members = members

    @property
    def device(self) -> str:
        return self.members[0].device

    @property
    def engine(self) -> str:
        return "; ".join(dict.fromkeys(member.engine for member in self.members))

    @property
    def notice(self) -> str:
        return " ".join(dict.fromkeys(member.notice for member in self.members if member.notice))

    @property
    def chunk(self) -> int:
        return min(member.chunk for member in self.members)

    @property
    def forward_seconds(self) -> float:
        return sum(member.forward_seconds for member in self.members)

    def with_chunk(self, chunk: int) -> "MeanClassifier":
        return MeanClassifier(self.entry, [member.with_chunk(chunk) for member in self.members])

    def confidences(self, images: Images) -> FloatArray:
        """Return the (B, n_labels) mean over the members. images: (B, S, S, C) in [0, 1]."""
        sums = np.zeros((len(images), len(self.labels)), np.float64)
        for member in self.members:
            sums += member.confidences(images)
        return (sums / len(self.members)).astype(np.float32)
