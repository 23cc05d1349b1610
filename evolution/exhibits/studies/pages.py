"""The page of one study: its findings, drawn, and what it was asked to do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.urls import reverse

from evolution.exhibits.studies import (
    heat_maps,
    kinds,
    plots,
    progress,
    reading,
    sheets,
    tables,
    verdicts,
)
from evolution.exhibits.studies.reading import Counted
from evolution.models import Study
from evolution.studies.findings import Findings, HeatMap

MOST_PARTS = 200  # on a page; a file has all


@dataclass(frozen=True)
class Listed:
    """A part as a page lists it."""

    key: str
    stage: int
    status: str
    run: int | None
    seconds: float
    estimate: float
    reused: bool


def find(study_id: int) -> Counted | None:
    """A study whose kind is still known."""
    found = reading.counted(Study.objects.filter(pk=study_id).select_related("owner"))
    return found[0] if found and reading.definition(found[0].study.kind) else None


def page(one: Counted) -> dict[str, Any]:
    parts = one.study.parts.order_by("position")
    fields = ("key", "stage", "status", "run", "seconds", "estimate", "reused")
    return {
        "parts": [Listed(*row) for row in parts.values_list(*fields)[:MOST_PARTS]],
        "hidden_parts": max(0, one.parts - MOST_PARTS),
        "settings": _settings(one.study),
        **state(one),
        **figures(one),
    }


def state(one: Counted) -> dict[str, Any]:
    return {"study": one.study, "state": progress.state(one)}


def figures(one: Counted) -> dict[str, Any]:
    """What the results are drawn with."""
    found = one.findings
    stored = sheets.places_of(one.study, found.sheets)
    return {
        "study": one.study,
        "definition": reading.definition(one.study.kind),
        "sheets": [sheets.shown(one.study, sheet, stored) for sheet in found.sheets],
        **drawn(found, partial(_map_address, one.study)),
    }


def drawn(found: Findings, map_address: Callable[[HeatMap], str]) -> dict[str, Any]:
    """All but the sheets, which need the database."""
    return {
        "findings": found,
        "compared": verdicts.shown(found.comparisons),
        "tables": [tables.shown(table) for table in found.tables],
        "plots": [shown for plot in found.plots if (shown := plots.drawn(plot))],
        "heat_maps": [heat_maps.shown(one, map_address) for one in found.heat_maps],
    }


def _map_address(study: Study, one: HeatMap) -> str:
    address = reverse("study-heat-map", args=[study.pk, one.name])
    return f"{address}?v={heat_maps.tag(one)}"


def _settings(study: Study) -> Sequence[tuple[str, str]]:
    """What the study was asked to do, as it was stored."""
    return [(name.replace("_", " "), kinds.said(value)) for name, value in study.parameters.items()]
