"""Figures as a table for a terminal or for docs/benchmarks.md."""

from collections.abc import Iterable, Sequence

from evolution.benchmarks.figure import Figure

HEADINGS = ("figure", "value", "baseline", "ratio", "of the bound", "goal", "", "conditions")


def text(figures: Iterable[Figure]) -> str:
    """Return a table with columns of equal width, the conditions last."""
    rows = [HEADINGS, *map(cells, figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in (0, 2, 7) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def markdown(figures: Iterable[Figure]) -> str:
    """Return a table for the docs."""
    lines = [_line(HEADINGS), _line(["---"] * len(HEADINGS))]
    return "\n".join([*lines, *(_line(cells(figure)) for figure in figures)])


def cells(figure: Figure) -> tuple[str, ...]:
    """Return the texts of a row, in the order of HEADINGS."""
    baseline, ratio, share = figure.baseline, figure.ratio, figure.bound_share
    return (
        figure.name,
        f"{number(figure.value)} {figure.unit}",
        f"{baseline.name}: {number(baseline.value)}" if baseline else "",
        f"{number(ratio)} x" if ratio is not None else "",
        percent(share) if share is not None else "",
        _goal(figure),
        figure.verdict,
        figure.conditions,
    )


def number(value: float) -> str:
    """Write a number with three digits that count."""
    if abs(value) >= 100:
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:#.3g}".removesuffix(".")


def percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def _goal(figure: Figure) -> str:
    if figure.goal is None:
        return ""
    bounds = (figure.goal.reach, figure.goal.aim)
    if figure.goal.of == "bound_share":
        low, high = map(percent, bounds)
        return f"{low}, {high} of the bound"
    low, high = (f"{bound:g}" for bound in bounds)
    unit = "x" if figure.goal.of == "ratio" else figure.unit
    return f"{low}, {high} {unit}".rstrip()


def _line(texts: Sequence[str]) -> str:
    return f"| {' | '.join(texts)} |"
