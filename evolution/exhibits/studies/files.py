"""What a study came to as files for programs: CSV and JSON, in full precision."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from evolution.exhibits.studies.reading import Counted
from evolution.studies.findings import Comparison, Findings, HeatMap, Plot, Table
from evolution.studying import telling

Row = Sequence[object]
COMPARISON = (*("number", "source", "quantity", "paper", "ours", "conditions", "verdict", "why"),)
PART = (
    *("position", "key", "stage", "status", "run", "reused", "seconds", "attempts"),
    *("evaluations", "estimate", "error"),
)


def comparisons(found: Sequence[Comparison]) -> Iterator[Row]:
    yield COMPARISON
    for one in found:
        yield [getattr(one, name) for name in COMPARISON]


def table(one: Table) -> Iterator[Row]:
    yield one.columns
    yield from one.rows


def plot(one: Plot) -> Iterator[Row]:
    """One row a point. Of bars, x is the name of the category."""
    yield ["line", one.x, one.y]
    for line in one.lines:
        for x, y in line.points:
            named = one.style == "bars" and 0 <= round(x) < len(one.ticks)
            yield [line.name, one.ticks[round(x)] if named else x, y]


def heat_map(one: HeatMap) -> Iterator[Row]:
    yield ["", *one.columns]
    for name, values in zip(one.rows, one.values, strict=True):
        yield [name, *values]


def parts(one: Counted) -> Iterator[Row]:
    yield PART
    yield from one.study.parts.order_by("position").values_list(*PART)


def by_name(found: Findings) -> Mapping[tuple[str, str], Iterator[Row]]:
    """Every CSV file of a study's findings, by its kind and name."""
    return {
        **{("tables", one.name): table(one) for one in found.tables},
        **{("plots", one.name): plot(one) for one in found.plots},
        **{("heat-maps", one.name): heat_map(one) for one in found.heat_maps},
    }


def as_json(one: Counted) -> dict[str, Any]:
    """Everything: the study as the command tells of it, and its whole findings."""
    return {
        **telling.row(one.study),
        "parameters": one.study.parameters,
        "findings": asdict(one.findings),
    }
