"""What the pages of the studies of ImageNet's classes show beside the paper's numbers."""

from collections.abc import Sequence
from urllib.parse import urlencode

import numpy as np

from evolution.studies.base import Outcome
from evolution.studies.findings import Cell, HeatMap, Line, Link, Plot, Sheet, Table
from evolution.studies.imagenet import many_classes
from evolution.studies.imagenet.many_runs import TITLES, Measured
from evolution.studies.imagenet.numbers import SHOWN, versus
from evolution.studies.imagenet.settings import Cppn, Direct
from evolution.templatetags.readings import percent

SIDE = 256  # pixels of a picture
STEPS = (0.5, 0.9, 0.99, 0.9999)
ENDS = 25  # classes at either end of the list


def headline(runs: Measured, direct: Measured | None = None) -> str:
    found = (
        f"After {runs.generations:,} generations the median class is believed at "
        f"{percent(runs.median)} ({TITLES[runs.encoding]} encoding)"
    )
    test = versus(runs, direct) if direct else None
    if test is None or direct is None:
        return f"{found}."
    return (
        f"{found}, and at {percent(test.median_b)} after {direct.generations:,} generations with a "
        f"gene a pixel ({test.p_words})."
    )


def size(paper: Direct, asked: Direct, done: int) -> str:
    here = (
        f"{done} of {asked.runs} runs of {asked.generations:,} generations, "
        f"{'ten crops' if asked.crops == 'ten' else 'one view'} of a picture, "
        f"against {asked.classifier}"
    )
    if isinstance(asked, Cppn):
        here += f", and as many of {asked.direct_generations:,} directly encoded generations"
    return (
        f"The paper has {paper.runs} runs of {paper.generations:,} generations, ten crops of a "
        f"picture, against CaffeNet; here {here}."
    )


def tables(runs: Measured) -> list[Table]:
    return [_by_run(runs), _ends(runs)]


def _by_run(runs: Measured) -> Table:
    rows: list[list[Cell]] = []
    for outcome, row in zip(runs.runs, runs.confidences, strict=True):
        counts = [many_classes.at_least(row, least) for least in STEPS]
        spent = [outcome.result["evaluations"], outcome.result["seconds"]]
        rows.append([outcome.key, many_classes.middle(row), *counts, *spent])
    columns = ["run", "median class", *(f"classes at {percent(least)}" for least in STEPS)]
    return Table(
        "by-run", "Run by run", [*columns, "evaluations", "seconds of work"], rows, shares=(1,)
    )


def _ends(runs: Measured) -> Table:
    """The classes of both ends: all thousand are on the heat map."""
    labels = runs.parameters.labels
    order = np.argsort(-np.nan_to_num(runs.class_medians, nan=-1.0), kind="stable").tolist()
    chosen = order if len(order) <= 2 * ENDS else [*order[:ENDS], *order[-ENDS:]]
    rows: list[list[Cell]] = [
        [
            place,
            labels[place],
            _known(runs.class_medians[place]),
            _known(runs.highest[place]),
        ]
        for place in chosen
    ]
    return Table(
        "classes",
        f"The {ENDS} surest classes and the {ENDS} least sure",
        ["class", "name", "median over the runs", "highest run"],
        rows,
        shares=(2, 3),
    )


def _known(value: float) -> float | None:
    return float(value) if value >= 0 else None  # NaN is not


def plot(kinds: Sequence[Measured]) -> Plot:
    """The median run of each encoding by evaluations, since generations differ in size."""
    lines = [Line(TITLES[kind.encoding], _points(kind)) for kind in kinds]
    ends = ", ".join(f"{line.name} {percent(line.points[-1][1])}" for line in lines)
    return Plot(
        "medians",
        "Median confidence by evaluations",
        "evaluations",
        "median confidence of the classes",
        lines,
        f"At the end: {ends} (median over the runs).",
    )


def _points(kind: Measured) -> list[tuple[float, float]]:
    shared = set.intersection(*({g for g, _ in run.result["medians"]} for run in kind.runs))
    values = [dict(map(tuple, run.result["medians"])) for run in kind.runs]
    first = kind.runs[0].result
    children = first["evaluations"] / (first["generation"] + 1)  # as many as random ones
    return [
        ((g + 1) * children, float(np.median([value[g] for value in values])))
        for g in sorted(shared)
    ]


def heat_map(runs: Measured) -> HeatMap:
    title = f"Every class by generation, {TITLES[runs.encoding]} encoding"
    return many_classes.heat_map(runs.runs, runs.parameters.labels, title)


def sheet(runs: Measured) -> Sheet:
    champions = many_classes.surest(runs.runs, SHOWN)
    shown = many_classes.pictures(champions, runs.parameters.labels, SIDE)
    return Sheet("surest", f"The surest picture of {len(shown)} classes", shown, columns=8)


def link(runs: Sequence[Outcome], others: Sequence[Outcome] = ()) -> Link:
    """The page that compares groups of runs; a run that was deleted is not in it."""
    pairs = [("a", one.run) for one in runs] + [("b", one.run) for one in others]
    return Link(
        "These runs side by side, class by class",
        f"/compare/?{urlencode([pair for pair in pairs if pair[1]])}",
    )
