"""Genomes to confidences: rendering and classifier together, on one device."""

import logging
import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from classifiers import catalogue
from classifiers.base import Classifier, ClassifierError, FloatArray, Images
from classifiers.places import Place
from evolution.algorithms.settings import Preset
from evolution.devices import hands_on, usual_chunk
from evolution.genomes.base import Indices, Population
from evolution.rendering import Renderer
from evolution.rendering import renderer as renderer_on

log = logging.getLogger(__name__)


class Evaluator:
    """Renders a population and asks the classifier, in threads of its own.

    On a processor, chunks are drawn and judged side by side, each on one thread: that scales better
    than threads inside an operation, and lets drawing and judging overlap. A GPU has one thread.
    Whoever asked may do other work meanwhile (`start`).

    screener: a fast classifier of less precision. Where the caller says what has to be beaten, it
        is asked first, and the classifier only about those whom it sees beating anything.
    beat: called after every chunk, in the caller's thread.
    halved: told when a batch was too large for the device's memory and is halved; the work goes on.
    """

    def __init__(
        self,
        classifier: Classifier,
        renderer: Renderer,
        image_size: int,
        beat: Callable[[], Any] = lambda: None,
        halved: Callable[[str], Any] = log.warning,
        screener: Classifier | None = None,
    ) -> None:
        self.classifier = classifier
        self.screener = screener
        self.renderer = renderer
        self.image_size = image_size
        self.forward_seconds = 0.0
        """Inside the network so far; of chunks that are judged side by side, each its share."""
        self.render_seconds = 0.0
        """The same for drawing. A GPU draws while nobody waits: its seconds are the network's."""
        self.rescored = 0
        """How many genomes were judged again after the screening."""
        self.beat = beat
        self._halved = halved
        self._clock = threading.Lock()
        self._pool = ThreadPoolExecutor(hands_on(classifier), "judge", _work_on_one_thread)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        """Wait for the chunks that are under way; those that have not begun never do."""
        self._pool.shutdown(cancel_futures=True)

    def hands(self, n_genomes: int) -> int:
        """How many chunks of a population are worked on at once."""
        return min(hands_on(self.classifier), -(-n_genomes // self.classifier.chunk))

    def draw(self, genomes: Population) -> Images:
        """Draw genomes: (len(genomes), S, S, C) in [0, 1], on the device that draws."""
        images: Images = self.renderer.express(genomes, self.image_size)
        return images

    def confidences(
        self, genomes: Population, to_beat: NDArray[np.float64] | None = None
    ) -> FloatArray:
        """Return what the classifier says of every genome's picture: (len(genomes), n_labels).

        to_beat: (n_cells,) confidences of present holders, of the first labels. With a screener, the
            rows of genomes that it sees beating none of them are the screener's.
        """
        return self.start(genomes, to_beat).result()

    def start(self, genomes: Population, to_beat: NDArray[np.float64] | None = None) -> "Judging":
        """Begin to judge a population, and return at once. One at a time."""
        return Judging(self, genomes, to_beat)

    def submit(
        self, classifier: Classifier, genomes: Population, chunk: Indices, hands: int
    ) -> "Future[FloatArray | None]":
        """Have some rows drawn and judged; the answer is None if memory is short.

        hands: how many such chunks are worked on at once.
        """
        return self._pool.submit(self._of_rows, classifier, genomes, chunk, hands)

    def halve(self, classifier: Classifier) -> Classifier:
        """Replace a classifier by one whose batches are half as large. Raises ClassifierError."""
        import torch

        before = classifier.chunk
        if before == 1:
            raise ClassifierError(
                f"{classifier.name}: the device's memory is too small for a single picture"
            )
        smaller = classifier.with_chunk(before // 2)
        if classifier is self.screener:
            self.screener = smaller
        else:
            self.classifier = smaller
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        self._halved(f"Out of memory: batches of {before // 2} pictures instead of {before}.")
        return smaller

    def _of_rows(
        self, classifier: Classifier, genomes: Population, rows: Indices, hands: int
    ) -> FloatArray | None:
        import torch

        began = time.perf_counter()
        chunk = genomes if len(rows) == len(genomes) else genomes.take(rows)
        try:
            images = self.draw(chunk)
            with self._clock:
                self.render_seconds += (time.perf_counter() - began) / hands
            return classifier.confidences(images)
        except torch.OutOfMemoryError:
            return None


class Judging:
    """A population that is being judged. Ask for its result, or cancel it."""

    def __init__(
        self, evaluator: Evaluator, genomes: Population, to_beat: NDArray[np.float64] | None
    ) -> None:
        self._evaluator = evaluator
        self._genomes = genomes
        self._to_beat = to_beat
        self._chunks: list[Future[FloatArray | None]] = []
        self._ended = math.inf
        self._everyone = np.arange(len(genomes), dtype=np.int64)
        screens = evaluator.screener is not None and _is_held(to_beat)
        self._screener = evaluator.screener if screens else None
        self._hand_out(self._screener or evaluator.classifier, self._everyone)

    def idle_since(self) -> float:
        """When the last of the chunks handed out ended, on `time.perf_counter`; else infinity."""
        return self._ended if all(chunk.done() for chunk in self._chunks) else math.inf

    def result(self) -> FloatArray:
        """Wait for what was started. Raises what the classifier and `beat` raise."""
        try:
            answers = self._answers(self._everyone)
            if self._screener is not None and self._to_beat is not None:
                rows = np.flatnonzero(
                    (answers[:, : len(self._to_beat)] > self._to_beat).any(axis=1)
                )
                if len(rows):
                    self._hand_out(self._evaluator.classifier, rows)
                    answers[rows] = self._answers(rows)
                    self._evaluator.rescored += len(rows)
            return answers
        finally:
            self.cancel()

    def cancel(self) -> None:
        """Let no further chunk begin, and wait for those that have."""
        for chunk in self._chunks:
            chunk.cancel()
        wait(self._chunks)
        self._count_forward()
        self._chunks = []

    def _answers(self, rows: Indices) -> FloatArray:
        """Collect the answers about rows that were handed out, in smaller batches where need be."""
        parts: list[FloatArray] = []
        while not self._collected(parts):
            self.cancel()
            smaller = self._evaluator.halve(self._classifier)
            self._hand_out(smaller, rows[sum(map(len, parts)) :])
        self._count_forward()
        return np.concatenate(parts)

    def _collected(self, parts: list[FloatArray]) -> bool:
        """Add the answers in their order; False at the first that memory did not suffice for."""
        for chunk in self._chunks:
            answer = chunk.result()
            if answer is None:
                return False
            parts.append(answer)
            self._evaluator.beat()
        return True

    def _hand_out(self, classifier: Classifier, rows: Indices) -> None:
        self._classifier, self._forward = classifier, classifier.forward_seconds
        chunks = [rows[n : n + classifier.chunk] for n in range(0, len(rows), classifier.chunk)]
        self._hands = min(hands_on(classifier), len(chunks))
        self._chunks = [
            self._evaluator.submit(classifier, self._genomes, chunk, self._hands)
            for chunk in chunks
        ]
        for handed_out in self._chunks:
            handed_out.add_done_callback(self._note_end)

    def _count_forward(self) -> None:
        """Add what the network took since it was last counted."""
        now = self._classifier.forward_seconds
        self._evaluator.forward_seconds += (now - self._forward) / self._hands
        self._forward = now

    def _note_end(self, _chunk: "Future[FloatArray | None]") -> None:
        self._ended = time.perf_counter()


def _is_held(to_beat: NDArray[np.float64] | None) -> bool:
    """Whether every cell has a holder; an empty archive takes whatever comes."""
    return to_beat is not None and bool(np.isfinite(to_beat).all())


def _work_on_one_thread() -> None:
    import torch

    torch.set_num_threads(1)  # holds for the thread that calls it


def network(classifier: str, place: Place, preset: Preset, chunk: int | None = None) -> Classifier:
    """Return a classifier of the catalogue in the shape that a preset wants. Raises ClassifierError.

    chunk: its batch size; None: the usual one.
    """
    chunk = chunk or usual_chunk(classifier, place, preset)
    return catalogue.shared(classifier, place, crops=preset.crops, chunk=chunk)


def evaluator(classifier: str, place: Place, preset: Preset) -> Evaluator:
    """Bring a classifier and the renderer of its device together. Raises ClassifierError."""
    size = preset.encoding.image_size
    return Evaluator(network(classifier, place, preset), renderer_on(place.device), size)
