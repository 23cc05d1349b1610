"""Gradient ascent: a picture is moved, pixel by pixel, to where a network is surer of a label.

Source: Nguyen, Yosinski & Clune 2015, §3.9 and §E; fooling, caffe/ascent/find_fooling_image.py.
A picture lives in bytes (0 to 255, not rounded) around the network's mean colour. The start is that
colour and noise of standard deviation 1; what is climbed is the label's softmax probability.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from classifiers.ascent_parts import Members, blurred, zeroed_below
from classifiers.ascent_styles import AscentSettings
from classifiers.base import BadOutput, Classifier, ClassifierError, FloatArray
from classifiers.engines.torch_engine import numerics
from classifiers.threads import cpu_threads

WHITE = 255.0
THRESHOLDS = (0.99, 0.999, 0.9999)

Beat = Callable[[], object]
"""Called after every iteration of a batch. What it raises ends the ascent."""


@dataclass(frozen=True)
class Unit:
    """One picture to find: for which label, from which noise."""

    label: int
    seed: int


@dataclass(frozen=True, eq=False)
class Ascended:
    """What an ascent came to.

    picture: (S, S, C) bytes, as networks are shown it. curve: the confidence before each step.
    first_top: the first iteration at which the label was the network's first answer; None: never.
    first_above: likewise for each of THRESHOLDS. confidence, is_top: what the ordinary classifier
    says of the rounded picture; answer: of all labels, (n_labels,). lost_gradient: it ended because
    the gradient was zero.
    """

    unit: Unit
    picture: npt.NDArray[np.uint8]
    curve: FloatArray
    first_top: int | None
    first_above: dict[float, int | None]
    confidence: float
    is_top: bool
    lost_gradient: bool
    answer: FloatArray


class Ascent:
    """Pictures for one classifier, a batch at a time.

    A picture does not depend on the others of its batch: every pass has the same shape, and all
    else is done by picture. Another batch size may bring other last digits.
    """

    def __init__(self, classifier: Classifier, settings: AscentSettings, *, batch: int = 8) -> None:
        """Raises ClassifierError for a network that has no gradients."""
        if batch < 1:
            raise ClassifierError(f"batch: expected at least 1, got {batch}")
        self.classifier = classifier
        self.settings = settings
        self._members = Members(classifier)
        self.batch = self._members.only_batch or batch
        self._device = torch.device(classifier.device)
        self._mean = self._members.mean.to(self._device)
        self._threads = torch.get_num_threads()
        with cpu_threads(self._threads):
            self._threads = self._fair_threads()

    @property
    def size(self) -> int:
        """The side of its pictures, in pixels."""
        return self._members.size

    def climb(self, units: Sequence[Unit], beat: Beat | None = None) -> Iterator[Ascended]:
        """Yield the pictures, batch by batch, in the order of the units."""
        for unit in units:
            if not 0 <= unit.label < len(self.classifier.labels):
                last = len(self.classifier.labels) - 1
                raise ClassifierError(f"label: expected 0 to {last}, got {unit.label}")
            if unit.seed < 0:
                raise ClassifierError(f"seed: expected 0 or more, got {unit.seed}")
        for start in range(0, len(units), self.batch):
            yield from self._climbed(units[start : start + self.batch], beat)

    def _climbed(self, units: Sequence[Unit], beat: Beat | None) -> list[Ascended]:
        with cpu_threads(self._threads), numerics(self._members.place):
            way = _Way(len(units))
            offsets = self._starts(units)
            labels = torch.zeros(self.batch, dtype=torch.int64, device=self._device)
            labels[: len(units)] = torch.tensor([unit.label for unit in units])
            for iteration in range(self.settings.iterations):
                shown = (offsets + self._mean).clamp_(0, WHITE)
                confidences, tops, gradient = self._asked(shown, labels)
                slopes = gradient.double().square().sum((1, 2, 3))
                way.note(confidences, tops, slopes, self.settings.stop_at)
                if iteration == self.settings.iterations - 1 or way.is_over:
                    break
                going = way.going(self.batch).to(self._device).view(-1, 1, 1, 1)
                moved = self._moved(
                    shown - self._mean, gradient, self._rates(confidences, slopes), iteration
                )
                offsets = torch.where(going, moved, shown - self._mean)
                if beat:
                    beat()
        pictures = shown[: len(units)].round().to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()
        return way.ended(units, np.ascontiguousarray(pictures), self.classifier)

    def _starts(self, units: Sequence[Unit]) -> Tensor:
        """Noise of one seed is the same for every label, as in the published code."""
        shape = (self.classifier.channels, self.size, self.size)
        starts = np.zeros((self.batch, *shape), np.float32)
        for row, unit in enumerate(units):
            starts[row] = np.random.default_rng(unit.seed).standard_normal(shape)
        return torch.from_numpy(starts).to(self._device)

    def _asked(self, shown: Tensor, labels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return each picture's confidence in its label, its first answer, and the gradient."""
        pixels = shown.detach().requires_grad_()
        probabilities = self._members(pixels / WHITE)
        wanted = probabilities.gather(1, labels[:, None])[:, 0]
        (gradient,) = torch.autograd.grad(wanted.sum(), pixels)
        if not (torch.isfinite(wanted).all() and torch.isfinite(gradient).all()):
            raise BadOutput(
                f"{self.classifier.name}: expected finite gradients, got NaN or infinity"
            )
        return wanted.detach(), probabilities.detach().argmax(1), gradient

    def _rates(self, confidences: Tensor, slopes: Tensor) -> Tensor:
        """The learning rate of each picture: to first order, the confidence rises as wanted."""
        late = self.settings.late_progress * (1 - confidences.double())
        desired = late.clamp(max=self.settings.early_progress)
        return (desired / slopes).nan_to_num(0.0).clamp(max=self.settings.max_rate).float()

    def _moved(self, offsets: Tensor, gradient: Tensor, rates: Tensor, iteration: int) -> Tensor:
        settings = self.settings
        moved = (offsets + rates.view(-1, 1, 1, 1) * gradient) * (1 - settings.decay)
        if settings.blur and iteration % settings.blur_every == 0:
            moved = blurred(moved, settings.blur)
        if settings.small_norm:
            norms = moved.square().sum(1, keepdim=True).sqrt()
            moved = zeroed_below(moved, norms, settings.small_norm)
        if settings.benefit:
            moved = zeroed_below(moved, _benefits(gradient, moved), settings.benefit)
        if settings.small_benefit:
            moved = zeroed_below(moved, _benefits(gradient, moved).abs(), settings.small_benefit)
        return moved

    def _fair_threads(self) -> int:
        """As many threads as torch is set to, or one if that many treat rows differently."""
        noise = self._starts([Unit(0, 0)])[:1].expand(self.batch, -1, -1, -1)
        labels = torch.zeros(self.batch, dtype=torch.int64, device=self._device)
        found = self._asked((noise + self._mean).clamp(0, WHITE), labels)
        return self._threads if all(bool((part == part[0]).all()) for part in found) else 1


def _benefits(gradient: Tensor, offsets: Tensor) -> Tensor:
    """What the confidence would gain, to first order, if a pixel were set to the mean."""
    return (gradient * -offsets).sum(1, keepdim=True)


class _Way:
    """What was seen of the pictures of a batch on their way."""

    def __init__(self, count: int) -> None:
        self._curves: list[list[float]] = [[] for _ in range(count)]
        self._tops: list[list[int]] = [[] for _ in range(count)]
        self._over = [False] * count
        self._lost = [False] * count

    @property
    def is_over(self) -> bool:
        return all(self._over)

    def going(self, batch: int) -> Tensor:
        """Which rows still move; those that fill up the batch never do."""
        return torch.tensor([not over for over in self._over] + [False] * (batch - len(self._over)))

    def note(
        self, confidences: Tensor, tops: Tensor, slopes: Tensor, stop_at: float | None
    ) -> None:
        seen = zip(confidences.tolist(), tops.tolist(), slopes.tolist(), strict=True)
        for row, (confidence, top, slope) in zip(range(len(self._over)), seen, strict=False):
            if self._over[row]:
                continue
            self._curves[row].append(confidence)
            self._tops[row].append(top)
            self._lost[row] = slope == 0
            self._over[row] = slope == 0 or (stop_at is not None and confidence >= stop_at)

    def ended(
        self, units: Sequence[Unit], pictures: npt.NDArray[np.uint8], classifier: Classifier
    ) -> list[Ascended]:
        asked = classifier.confidences(pictures)
        return [
            Ascended(
                unit,
                pictures[row],
                np.array(self._curves[row], np.float32),
                _first(top == unit.label for top in self._tops[row]),
                {least: _first(p > least for p in self._curves[row]) for least in THRESHOLDS},
                float(asked[row, unit.label]),
                int(asked[row].argmax()) == unit.label,
                self._lost[row],
                asked[row],
            )
            for row, unit in enumerate(units)
        ]


def _first(flags: Iterator[bool]) -> int | None:
    return next((number for number, flag in enumerate(flags) if flag), None)
