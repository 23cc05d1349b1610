"""Plots that the server draws: paths for a stretched SVG, every word as HTML beside it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from evolution.models import Run
from evolution.templatetags.readings import percent, thousands

SIDE = 1000  # of the drawing, which is stretched to the place it has
MOST_POINTS = 120
LEAST_EXTENT = 10  # generations
GAP = 0.075  # between two words at the end of a line, as a share of the height


class Point(NamedTuple):
    generation: int
    median: float
    mean: float
    minimum: float
    maximum: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A word on an axis or at the end of a line, at a share of its length."""

    text: str
    at: float
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    band: str
    minimum: str
    maximum: str
    mean: str
    median: str
    ends: Sequence[Mark]
    ticks: Sequence[Mark]
    sentence: str


def confidence_plot(run: Run) -> Plot | None:
    """Confidences of the archive by generation; None before the first."""
    points = sampled(run)
    if not points:
        return None
    end = extent(points[-1].generation, run.planned)
    return Plot(
        band=_band(points, end),
        minimum=_path(points, "minimum", end),
        maximum=_path(points, "maximum", end),
        mean=_path(points, "mean", end),
        median=_path(points, "median", end),
        ends=_ends(points[-1]),
        ticks=[Mark(thousands(at), at / end) for at in round_numbers(end)],
        sentence=_sentence(points),
    )


def round_numbers(end: int) -> range:
    """From 0 on, at most six, a step of 1, 2 or 5 times a power of ten apart."""
    power = 10 ** int(math.log10(end / 4))
    step = next(power * factor for factor in (1, 2, 5, 10) if end <= 5 * power * factor)
    return range(0, end + 1, step)


def sampled(run: Run) -> list[Point]:
    """Evenly spaced statistics, the first and the newest among them, at most MOST_POINTS + 1."""
    step = max(1, -(-run.generation // MOST_POINTS))
    rows = run.statistics.filter(
        generation__in=[*range(0, run.generation, step), run.last_generation]
    )
    return [Point(*row) for row in rows.order_by("generation").values_list(*Point._fields)]


def extent(last: int, planned: int) -> int:
    """Where the axis ends: at the plan once half is done, before that at a doubling of ten."""
    end = LEAST_EXTENT
    while end < last:
        end *= 2
    return planned if 2 * end > planned else end


def _path(points: Sequence[Point], field: str, end: int) -> str:
    return "M" + " ".join(_at(point.generation, getattr(point, field), end) for point in points)


def _band(points: Sequence[Point], end: int) -> str:
    upper = [_at(point.generation, point.maximum, end) for point in points]
    lower = [_at(point.generation, point.minimum, end) for point in reversed(points)]
    return f"M{' '.join(upper + lower)}Z"


def _at(generation: int, confidence: float, end: int) -> str:
    return f"{generation * SIDE // end} {round((1 - confidence) * SIDE)}"


def _ends(last: Point) -> list[Mark]:
    """Where the lines end, highest first, moved apart so that the words do not overlap."""
    words = (
        ("max", last.maximum, False),
        ("median", last.median, True),
        ("mean", last.mean, False),
        ("min", last.minimum, False),
    )
    ordered = sorted(words, key=lambda word: -word[1])
    ends: list[Mark] = []
    for place, (name, confidence, strong) in enumerate(ordered):
        ceiling = ends[-1].at - GAP if ends else 1.0
        floor = GAP * (len(ordered) - 1 - place)
        at = max(min(confidence, ceiling), floor)
        ends.append(Mark(f"{name} {_reading(confidence, '< ')}", at, strong))
    return ends


def _sentence(points: Sequence[Point]) -> str:
    first, last = points[0], points[-1]
    if len(points) == 1:
        return (
            f"Median confidence {_reading(last.median)} in generation {last.generation}; "
            f"maximum {_reading(last.maximum)}, minimum {_reading(last.minimum)}."
        )
    verb = "rises" if last.median > first.median else "goes"
    return (
        f"Median confidence {verb} from {_reading(first.median)} in generation {first.generation} "
        f"to {_reading(last.median)} in generation {last.generation}; "
        f"mean from {_reading(first.mean)} to {_reading(last.mean)}; "
        f"maximum {_reading(last.maximum)}, minimum {_reading(last.minimum)}."
    )


def _reading(confidence: float, below: str = "below ") -> str:
    return percent(confidence) if confidence >= 0.0001 else f"{below}0.01%"
