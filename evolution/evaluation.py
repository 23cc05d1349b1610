"""Genomes to confidences: rendering and classifier together, on one device."""

import logging
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from typing import Any

import numpy as np

from classifiers import catalogue
from classifiers.base import Classifier, ClassifierError, FloatArray, Images
from classifiers.places import Place
from evolution.algorithms.settings import Preset
from evolution.genomes.base import Indices, Population
from evolution.rendering import Renderer
from evolution.rendering import renderer as renderer_on

log = logging.getLogger(__name__)


class NoSuchDevice(ClassifierError):
    """The configured device is not there."""


def available_device(wanted: str) -> str:
    """Resolve "auto" to a GPU when torch sees one. Raises NoSuchDevice."""
    import torch

    gpus = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if wanted == "auto":
        return "cuda" if gpus else "cpu"
    names = ["cpu", *(["cuda"] if gpus else []), *(f"cuda:{number}" for number in range(gpus))]
    if wanted not in names:
        raise NoSuchDevice(
            f"FOOLBREEDER_DEVICE: expected auto or one of {', '.join(names)}, got {wanted!r}"
        )
    return wanted


class Evaluator:
    """Renders a population and asks the classifier; counts the seconds spent inside the network.

    On a processor of several cores, chunks are drawn and judged side by side, each on one thread:
    that scales better than threads inside an operation, and lets drawing and judging overlap.
    A batch that is too large for the device's memory is halved, and the work goes on; `notice` is
    told.
    """

    def __init__(
        self,
        classifier: Classifier,
        renderer: Renderer,
        image_size: int,
        beat: Callable[[], Any] = lambda: None,
        notice: Callable[[str], Any] = log.warning,
    ) -> None:
        self.classifier = classifier
        self.renderer = renderer
        self.image_size = image_size
        self.forward_seconds = 0.0
        """Inside the network so far; of chunks that are judged side by side, each its share."""
        self._beat = beat
        self._notice = notice

    def hands(self, n_genomes: int) -> int:
        """How many chunks of a population are worked on at once."""
        return min(_hands(self.classifier), -(-n_genomes // self.classifier.chunk))

    def draw(self, genomes: Population) -> Images:
        """Draw genomes: (len(genomes), S, S, C) in [0, 1], on the device that draws."""
        images: Images = self.renderer.express(genomes, self.image_size)
        return images

    def confidences(self, genomes: Population) -> FloatArray:
        """Return what the classifier says of every genome's picture: (len(genomes), n_labels)."""
        parts: list[FloatArray] = []
        done = 0
        while done < len(genomes):
            chunks = _chunks(done, len(genomes), self.classifier.chunk)
            with closing(self._answers(genomes, chunks)) as answers:  # whatever the pulse raises
                for answer in answers:
                    if answer is None:
                        self._halve()
                        break
                    parts.append(answer)
                    done += len(answer)
                    self._beat()
        return np.concatenate(parts)

    def _answers(
        self, genomes: Population, chunks: list[Indices]
    ) -> Generator[FloatArray | None, None, None]:
        """Yield the confidences of one chunk of rows after the other; None if memory is short."""
        classifier, hands = self.classifier, self.hands(len(genomes))
        before = classifier.forward_seconds
        judge = partial(self._of_rows, genomes)
        try:
            yield from map(judge, chunks) if hands == 1 else _side_by_side(judge, chunks, hands)
        finally:
            self.forward_seconds += (classifier.forward_seconds - before) / hands

    def _of_rows(self, genomes: Population, rows: Indices) -> FloatArray | None:
        import torch

        chunk = genomes if len(rows) == len(genomes) else genomes.take(rows)
        try:
            return self.classifier.confidences(self.draw(chunk))
        except torch.OutOfMemoryError:
            return None

    def _halve(self) -> None:
        import torch

        before = self.classifier.chunk
        if before == 1:
            raise ClassifierError(
                f"{self.classifier.name}: the device's memory is too small for a single picture"
            )
        self.classifier = self.classifier.with_chunk(before // 2)
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        self._notice(f"Out of memory: batches of {before // 2} pictures instead of {before}.")


def _side_by_side(
    judge: Callable[[Indices], FloatArray | None], chunks: list[Indices], hands: int
) -> Iterator[FloatArray | None]:
    pool = ThreadPoolExecutor(hands, initializer=_work_on_one_thread)
    try:
        yield from pool.map(judge, chunks)
    finally:
        pool.shutdown(cancel_futures=True)


def _chunks(start: int, end: int, size: int) -> list[Indices]:
    return [np.arange(first, min(first + size, end)) for first in range(start, end, size)]


def _hands(classifier: Classifier) -> int:
    """How many chunks are worked on at once: one on a GPU, else one a thread that torch may use."""
    import torch

    return torch.get_num_threads() if classifier.device == "cpu" else 1


def _work_on_one_thread() -> None:
    import torch

    torch.set_num_threads(1)  # holds for the thread that calls it


def evaluator(
    classifier: str,
    place: Place,
    preset: Preset,
    beat: Callable[[], Any] = lambda: None,
    notice: Callable[[str], Any] = log.warning,
) -> Evaluator:
    """Bring a classifier of the catalogue and the renderer of its device together.

    Raises ClassifierError.
    """
    # A batch no larger than a generation: what is missing in it would be computed all the same.
    usual = catalogue.default_chunk(classifier, place.device)
    chunk = min(preset.algorithm.children, usual)
    network = catalogue.shared(classifier, place, crops=preset.crops, chunk=chunk)
    return Evaluator(network, renderer_on(place.device), preset.encoding.image_size, beat, notice)
