"""Plots of studies as the server draws them: paths for a stretched SVG, every word as HTML beside."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evolution.exhibits.plots import GAP, SIDE, Mark
from evolution.exhibits.studies import numbers
from evolution.studies.findings import Line, Plot

STYLES = 6  # of lines, in studies.css; after them they come again
MOST_POINTS = 600  # of a line that is drawn; a file has all
MOST_READINGS = 16  # bars with their names beside them; more are drawn as columns
MOST_ENDS = 6  # lines with their names at their ends
LONGEST_END = 17  # letters of a name at the end of a line
SMALL_SHARE = 0.1  # counted shares up to it, such as errors, have an axis of their own
COLUMN = 0.8  # of the place of a category


@dataclass(frozen=True)
class Curve:
    name: str
    path: str
    style: int


@dataclass(frozen=True)
class Reading:
    """A bar with its name and its number beside it. at: 0 to 1, its length."""

    name: str
    value: float
    words: str
    at: float


@dataclass(frozen=True)
class Drawn:
    """readings: bars by category, instead of curves. has_key: names stand above, not at the ends."""

    plot: Plot
    curves: Sequence[Curve]
    grid: str
    y_ticks: Sequence[Mark]
    x_ticks: Sequence[Mark]
    ends: Sequence[Mark]
    readings: Sequence[tuple[str, Sequence[Reading]]]
    has_key: bool

    @property
    def is_columns(self) -> bool:
        return self.plot.style == "bars" and not self.readings


@dataclass(frozen=True)
class Axis:
    """From values to shares of the length of an axis."""

    low: float
    high: float
    is_log: bool = False

    def at(self, value: float) -> float:
        if self.is_log:
            low, high, value = (math.log10(v) for v in (self.low, self.high, value))
            return (value - low) / (high - low)
        return (value - self.low) / (self.high - self.low)

    @property
    def ticks(self) -> list[float]:
        return (numbers.log_ticks if self.is_log else numbers.ticks)(self.low, self.high)


def drawn(plot: Plot) -> Drawn | None:
    """Draw a plot; None if nothing in it has a value."""
    lines = [Line(line.name, _usable(plot, line)) for line in plot.lines]
    lines = [line for line in lines if line.points]
    if not lines:
        return None
    y = _y_axis(plot, lines)
    if plot.style == "bars" and len(plot.ticks) <= MOST_READINGS:
        readings = _readings(plot, lines, y)
        return Drawn(plot, (), "", (), (), (), readings, has_key=False)
    x = _x_axis(plot, lines)
    ends = _ends(plot, lines, y)
    return Drawn(
        plot=plot,
        curves=[
            Curve(line.name, _path(plot, lines, place, x, y), place % STYLES + 1)
            for place, line in enumerate(lines)
        ],
        grid="".join(f"M0 {_down(y.at(tick)):.0f}H{SIDE}" for tick in y.ticks),
        y_ticks=[Mark(_words(plot, tick), y.at(tick)) for tick in y.ticks],
        x_ticks=_x_ticks(plot, x),
        ends=ends,
        readings=(),
        has_key=len(lines) > 1 and not ends,
    )


def _usable(plot: Plot, line: Line) -> list[tuple[float, float]]:
    points = [
        (x, y)
        for x, y in line.points
        if math.isfinite(x) and math.isfinite(y) and (x > 0 or not plot.log_x)
    ]
    if plot.style != "lines" or len(points) <= MOST_POINTS:
        return points
    step = -(-len(points) // MOST_POINTS)
    return [*points[:-1:step], points[-1]]


def _y_axis(plot: Plot, lines: Sequence[Line]) -> Axis:
    values = [y for line in lines for _, y in line.points]
    if plot.y_is_share and not (plot.counted and max(values) <= SMALL_SHARE):
        return Axis(0.0, 1.0)
    lowest, highest = min(0.0, *values), max(0.0, *values)
    low = -numbers.above(-lowest) if lowest < 0 else 0.0
    return Axis(low, numbers.above(highest, low) if highest > 0 or low == 0 else 0.0)


def _x_axis(plot: Plot, lines: Sequence[Line]) -> Axis:
    if plot.style == "bars":
        return Axis(-0.5, max(len(plot.ticks), 1) - 0.5)
    values = [x for line in lines for x, _ in line.points]
    low, high = min(values), max(values)
    if plot.log_x:
        return Axis(low, high if high > low else 10 * low, is_log=True)
    if plot.style == "points":  # so that none lies on the edge
        room = (high - low) / 40 or 0.5
        return Axis(low - room, high + room)
    return Axis(low, high if high > low else low + 1)


def _x_ticks(plot: Plot, x: Axis) -> list[Mark]:
    if plot.ticks:
        every = -(-len(plot.ticks) // MOST_READINGS)
        named = list(enumerate(plot.ticks))[::every]
        return [Mark(name, x.at(place)) for place, name in named if 0 <= x.at(place) <= 1]
    return [Mark(numbers.written(tick), x.at(tick)) for tick in x.ticks]


def _words(plot: Plot, value: float) -> str:
    return f"{100 * value:g}%" if plot.y_is_share else numbers.written(value)


def _said(plot: Plot, value: float) -> str:
    if plot.y_is_share:
        return numbers.share(value, counted=plot.counted)
    return numbers.written(value)


def _down(share: float) -> float:
    return (1 - share) * SIDE


def _path(plot: Plot, lines: Sequence[Line], place: int, x: Axis, y: Axis) -> str:
    points = lines[place].points
    if plot.style == "bars":
        return _columns(points, place, len(lines), x, y)
    spots = [f"{x.at(one) * SIDE:.1f} {_down(y.at(two)):.1f}" for one, two in points]
    if plot.style == "points":  # strokes without length, whose round ends stay round when stretched
        return "".join(f"M{spot}h0" for spot in spots)
    return "M" + " ".join(spots)


def _columns(points: Sequence[tuple[float, float]], place: int, of: int, x: Axis, y: Axis) -> str:
    step = SIDE / (x.high - x.low)
    width, base = step * COLUMN / of, _down(y.at(0.0))
    return "".join(
        f"M{x.at(at) * SIDE - step * COLUMN / 2 + place * width:.1f} {base:.1f}"
        f"V{_down(y.at(value)):.1f}h{width:.1f}V{base:.1f}Z"
        for at, value in points
        if value
    )


def _ends(plot: Plot, lines: Sequence[Line], y: Axis) -> list[Mark]:
    """Names where the lines end, highest first, moved apart; none where they do not fit."""
    if plot.style != "lines" or len(lines) > MOST_ENDS:
        return []
    if any(len(line.name) > LONGEST_END for line in lines):
        return []
    last = sorted(lines, key=lambda line: -line.points[-1][1])
    marks: list[Mark] = []
    for place, line in enumerate(last):
        ceiling = marks[-1].at - GAP if marks else 1.0
        floor = GAP * (len(last) - 1 - place)
        at = max(min(y.at(line.points[-1][1]), ceiling), floor)
        marks.append(Mark(line.name, at, strong=line is lines[0]))
    return marks


def _readings(plot: Plot, lines: Sequence[Line], y: Axis) -> list[tuple[str, Sequence[Reading]]]:
    """Bars of every category; of several lines each has its own name, of one the category's."""
    named = list(plot.ticks) or [numbers.written(at) for at, _ in lines[0].points]
    found: dict[int, list[Reading]] = {}
    for line in lines:
        for at, value in line.points:
            place = round(at)
            if 0 <= place < len(named):
                name = line.name if len(lines) > 1 else named[place]
                found.setdefault(place, []).append(
                    Reading(name, value, _said(plot, value), max(0.0, y.at(value)))
                )
    return [(named[place] if len(lines) > 1 else "", found[place]) for place in sorted(found)]
