"""The page as a whole: what can be picked, and every figure of what was picked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import OuterRef, Subquery
from django.http import QueryDict

from evolution.exhibits import naming, runs
from evolution.exhibits.comparing import (
    champions,
    colour_maps,
    comparisons,
    distributions,
    groups,
    heat_maps,
    histograms,
    options,
    sheets,
)
from evolution.exhibits.plots import Mark, round_numbers
from evolution.measures.mann_whitney import mann_whitney
from evolution.measures.medians import Field
from evolution.models import Run, RunStatistics
from evolution.templatetags.readings import percent, thousands

RUNS_OFFERED = 60
SURE = 0.99


@dataclass(frozen=True)
class Row:
    """A row of a heat map that has words beside it; confidence None where it is a hole."""

    label: str
    confidence: float | None


@dataclass(frozen=True)
class HeatMap:
    """The words around the picture; n_rows is its height in classes."""

    n_rows: int
    rows: Sequence[Row]
    ticks: Sequence[Mark]
    sentence: str

    @property
    def names_all(self) -> bool:
        return len(self.rows) == self.n_rows


@dataclass(frozen=True)
class Shown:
    """One group with its figures."""

    group: groups.Group
    found: champions.Champions
    heat_map: HeatMap | None
    refusal: str
    spreads: Sequence[distributions.Spread]
    preview: tuple[int, int]  # of the picture sheet, in pixels


def figures(asked: QueryDict) -> dict[str, Any]:
    """Everything that changes while a run goes on."""
    choice = groups.read(asked)
    n_labels = len(choice.groups[0].labels) if choice.groups else None
    wanted = options.read(asked, n_labels)
    shown = [_shown(group, wanted) for group in choice.groups]
    test = None
    if len(shown) == len(groups.NAMES):
        test = mann_whitney(*(one.found.class_medians for one in shown))
    pooled = [(one.group.name, one.found.confidences) for one in shown]
    return {
        "choice": choice,
        "options": wanted,
        "notes": [*choice.notes, *wanted.notes],
        "shown": shown,
        "histogram": histograms.histogram(pooled),
        "least": [percent(least).replace(".00", "") for least in distributions.LEAST],
        "ramp": colour_maps.stops(),
        "test": test,
        "paper": comparisons.paper_figures(choice.groups),
        "finding": comparisons.headline(test) if test else _finding(shown),
    }


def picker(choice: groups.Choice) -> dict[str, Any]:
    """The chosen runs, A before B, then the newest."""
    newest = RunStatistics.objects.filter(run=OuterRef("pk")).order_by("-generation")
    known = Run.objects.annotate(median=Subquery(newest.values("median")[:1])).order_by("-id")
    chosen = dict.fromkeys(number for group in choice.groups for number in group.ids)
    of_choice = known.in_bulk(list(chosen))
    offered = [
        *(of_choice[number] for number in chosen if number in of_choice),
        *known.exclude(pk__in=chosen)[:RUNS_OFFERED],
    ]
    return {
        "offered": [
            {
                "run": run,
                "heading": naming.run_heading(run.classifier, run.encoding, run.parameters),
                "classifier": naming.classifier_title(run.classifier),
                "state": runs.state(run),
            }
            for run in offered
        ],
        "heat_orders": heat_maps.ORDERS.items(),
        "sheet_orders": options.ORDERS.items(),
        "ranges": options.RANGES,
        "most_runs": groups.MOST_RUNS,
    }


def _shown(group: groups.Group, wanted: options.Options) -> Shown:
    found = champions.of(group)
    refusal = heat_maps.refusal(group)
    heat_map = None if refusal else _heat_map(group, found.class_medians, wanted.rows)
    known = ~np.isnan(found.class_medians)
    n_pictures = int(known[list(wanted.labels)].sum() if wanted.labels else known.sum())
    preview = sheets.layout(min(n_pictures, wanted.count), wanted).extent
    spreads = distributions.spreads(group, found)
    return Shown(group, found, heat_map, refusal, spreads, preview)


def _heat_map(group: groups.Group, class_medians: Field, by: str) -> HeatMap:
    order = heat_maps.order(class_medians, by)
    named = [order[row] for row in heat_maps.rows_named(len(order))]
    rows = [
        Row(group.labels[label], None if np.isnan(value) else float(value))
        for label, value in zip(named, class_medians[named], strict=True)
    ]
    end = max(1, group.last_generation)
    ticks = [Mark(thousands(at), at / end) for at in round_numbers(end)]
    return HeatMap(len(order), rows, ticks, _sentence(group, class_medians))


def _sentence(group: groups.Group, class_medians: Field) -> str:
    """What the heat map says, for those who do not see it."""
    of = group.runs_in_words if len(group.runs) == 1 else f"median of {len(group.runs)} runs"
    whole = distributions.spread(class_medians, "")
    if whole is None:
        return f"Confidence by class and generation, {of}: no class has a champion yet."
    return (
        f"Confidence by class and generation, {of}: in generation "
        f"{thousands(group.last_generation)} {_at_sure(whole)}."
    )


def _at_sure(whole: distributions.Spread) -> str:
    at = whole.reached[distributions.LEAST.index(SURE)]
    return (
        f"{at:,} of {whole.n:,} classes are at {SURE:.0%} or more, "
        f"the median class at {percent(whole.median)}"
    )


def _finding(shown: Sequence[Shown]) -> str:
    """The headline without a test."""
    wholes = (distributions.spread(one.found.class_medians, "") for one in shown)
    whole = next((whole for whole in wholes if whole is not None), None)
    return f"{_at_sure(whole)}." if whole else ""
