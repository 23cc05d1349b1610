"""Plots of studies: where lines, spots and bars are drawn, and what is said beside them."""

import math
import re
from itertools import pairwise
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from evolution.exhibits.plots import GAP
from evolution.exhibits.studies import plots
from evolution.studies.findings import Line, Plot


def plot(*lines: Line, **fields: Any) -> Plot:
    return Plot("name", "Title", "x", "y", lines, "A sentence.", **fields)


def drawn(*lines: Line, **fields: Any) -> plots.Drawn:
    found = plots.drawn(plot(*lines, **fields))
    assert found is not None
    return found


def coordinates(path: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?[\d.]+", path)]


def test_a_line_begins_and_ends_in_the_corners() -> None:
    found = drawn(Line("up", [(0, 0.0), (10, 1.0)]))
    assert found.curves[0].path == "M0.0 1000.0 1000.0 0.0"
    assert [mark.text for mark in found.y_ticks] == ["0%", "20%", "40%", "60%", "80%", "100%"]
    assert [mark.text for mark in found.x_ticks] == ["0", "2", "4", "6", "8", "10"]


def test_small_counted_shares_have_an_axis_of_their_own_and_confidences_the_whole() -> None:
    errors = Line("errors", [(1, 0.008), (2, 0.016)])
    assert [mark.text for mark in drawn(errors, counted=True).y_ticks][-1] == "2%"
    assert drawn(errors).y_ticks[-1].text == "100%"
    assert drawn(Line("shares", [(1, 0.3)]), counted=True).y_ticks[-1].text == "100%"


def test_without_any_value_there_is_no_plot() -> None:
    assert plots.drawn(plot(Line("none", []))) is None
    assert plots.drawn(plot(Line("none", [(1.0, math.nan)]))) is None


def test_lines_are_named_at_their_ends_apart_from_each_other() -> None:
    found = drawn(*(Line(f"line {n}", [(0, 0.5), (1, 0.5)]) for n in range(4)))
    heights = [mark.at for mark in found.ends]
    assert [mark.text for mark in found.ends] == [f"line {n}" for n in range(4)]
    assert all(above - below >= GAP - 1e-9 for above, below in pairwise(heights))
    assert not found.has_key


def test_names_that_do_not_fit_stand_above() -> None:
    long = "a name that is longer than the margin"
    found = drawn(Line(long, [(0, 0.5)]), Line("short", [(0, 0.2)]))
    assert (found.ends, found.has_key) == ([], True)
    many = drawn(*(Line(f"{n}", [(0, 0.5)]) for n in range(9)))
    assert many.has_key
    assert {curve.style for curve in many.curves} == set(range(1, plots.STYLES + 1))


def test_a_long_line_is_thinned_and_keeps_its_ends() -> None:
    points = [(float(x), 0.5) for x in range(100_000)]
    path = coordinates(drawn(Line("long", points)).curves[0].path)
    assert len(path) <= 2 * (plots.MOST_POINTS + 1)
    assert (path[0], path[-2]) == (0.0, 1000.0)


def test_a_logarithmic_axis_leaves_out_what_it_cannot_show() -> None:
    found = drawn(Line("log", [(0, 0.1), (1, 0.2), (100, 0.3)]), log_x=True)
    assert coordinates(found.curves[0].path)[::2] == [0.0, 1000.0]
    assert [mark.text for mark in found.x_ticks] == ["1", "10", "100"]


def test_spots_are_strokes_without_length() -> None:
    found = drawn(Line("spots", [(0, 0.0), (1, 1.0)]), style="points")
    assert found.curves[0].path.count("h0") == 2
    assert all(0 < x < 1000 for x in coordinates(found.curves[0].path.replace("h0", ""))[::2])


def test_few_bars_are_readings_with_their_numbers() -> None:
    found = drawn(
        Line("a", [(0, 1.0), (1, 0.25)]), style="bars", ticks=["one", "two"], counted=True
    )
    ((_, readings), (_, others)) = found.readings
    assert [(one.name, one.words, one.at) for one in (*readings, *others)] == [
        ("one", "100%", 1.0),
        ("two", "25.00%", 0.25),
    ]


def test_bars_of_several_lines_are_named_by_category() -> None:
    lines = (Line("a", [(0, 3)]), Line("b", [(0, 5)]))
    found = drawn(*lines, style="bars", ticks=["one"], y_is_share=False)
    ((name, readings),) = found.readings
    assert name == "one"
    assert [(one.name, one.words) for one in readings] == [("a", "3"), ("b", "5")]


def test_many_bars_are_columns() -> None:
    names = [str(n) for n in range(40)]
    line = Line("a", [(n, 0.5) for n in range(40)])
    found = drawn(line, style="bars", ticks=names)
    assert found.is_columns
    assert found.curves[0].path.count("Z") == 40
    assert len(found.x_ticks) <= plots.MOST_READINGS


POINT = st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))


@example([(0.0, 5e-324)], "lines")
@example([(0.0, 0.0), (5e-324, 0.0)], "points")
@given(st.lists(POINT, min_size=1, max_size=30), st.sampled_from(["lines", "points"]))
def test_whatever_is_drawn_stays_inside(points: list[tuple[float, float]], style: Any) -> None:
    found = drawn(Line("any", sorted(points)), style=style, y_is_share=False)
    spots = coordinates(found.curves[0].path.replace("h0", ""))
    assert all(-1 <= one <= 1001 for one in spots)
    assert all(-1e-6 <= mark.at <= 1 + 1e-6 for mark in (*found.x_ticks, *found.y_ticks))
