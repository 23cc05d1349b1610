"""Genomes to confidences: rendering and classifier together, on one device."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from classifiers import catalogue
from classifiers.base import Classifier, FloatArray
from evolution.genomes.base import Population
from evolution.rendering import Renderer
from evolution.rendering import renderer as renderer_on

MOST_AT_ONCE = 200  # pictures drawn and judged together: bounds memory


def available_device(wanted: str) -> str:
    """Resolve "auto" to a GPU when torch sees one."""
    if wanted != "auto":
        return wanted
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


@dataclass(frozen=True)
class Place:
    """Where and how evaluation happens. chunk: pictures at once, the network's one batch shape."""

    device: str
    weights_dir: Path
    chunk: int


class Evaluator:
    """Renders a population and asks the classifier; counts the seconds spent inside the network."""

    def __init__(
        self,
        classifier: Classifier,
        renderer: Renderer,
        chunk: int = MOST_AT_ONCE,
        beat: Callable[[], Any] = lambda: None,
    ) -> None:
        self.classifier = classifier
        self.renderer = renderer
        self._chunk = chunk
        self._beat = beat

    @classmethod
    def on(cls, place: Place, classifier: str, beat: Callable[[], Any]) -> "Evaluator":
        device = available_device(place.device)
        network = catalogue.shared(classifier, device, place.chunk, place.weights_dir)
        return cls(network, renderer_on(device), place.chunk, beat)

    @property
    def forward_seconds(self) -> float:
        return float(getattr(self.classifier, "forward_seconds", 0.0))

    def draw(self, genomes: Population) -> FloatArray:
        """Draw genomes as the classifier sees them: (len(genomes), H, W, C) in [0, 1]."""
        images = self.renderer.express(genomes, self.classifier.input_shape[0])
        # A GPU draws into its own memory; what the network is asked about is checked in ours.
        return images if isinstance(images, np.ndarray) else images.cpu().numpy()

    def confidences(self, genomes: Population) -> FloatArray:
        """Return what the classifier says of every genome's picture: (len(genomes), n_labels)."""
        parts = []
        for start in range(0, len(genomes), self._chunk):
            rows = np.arange(start, min(start + self._chunk, len(genomes)))
            chunk = genomes if len(rows) == len(genomes) else genomes.take(rows)
            parts.append(self.classifier.confidences(self.draw(chunk)))
            self._beat()
        return np.concatenate(parts)
