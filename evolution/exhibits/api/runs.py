"""Runs and their archives for programs."""

from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from evolution.exhibits.api.individuals import reign
from evolution.exhibits.api.pages import Part
from evolution.models import Elite, Run, RunStatistics


def newest(part: Part) -> dict[str, Any]:
    """part.after: the number of a run; older ones follow."""
    rows = _runs().order_by("-id")
    if part.after is not None:
        rows = rows.filter(pk__lt=part.after)
    return part.told(list(rows[: part.reach]), _briefs, lambda row: row.pk)


def run(run_id: int) -> dict[str, Any] | None:
    found = _runs().filter(pk=run_id).first()
    if found is None:
        return None
    last = found.statistics.order_by("-generation").first()
    return {
        **_brief(found),
        "parameters": found.parameters,
        "stages": found.stages,
        "engine": found.engine,
        "chunk": found.chunk,
        "screening": found.screening,
        "rescored": found.rescored,
        "confidences": None if last is None else _figures(last),
    }


def elites(run_id: int, part: Part, *, history: bool) -> dict[str, Any] | None:
    """Who holds each cell, in the order of cells; history: every reign, in the order of takeovers.

    part.after: a cell; with the history, the place of a reign in that order.
    """
    found = Run.objects.filter(pk=run_id).only("classifier").first()
    if found is None:
        return None
    rows = found.elites.order_by("pk") if history else found.elites.holders().order_by("cell")
    if part.after is not None:
        rows = rows.filter(pk__gt=part.after) if history else rows.filter(cell__gt=part.after)

    def items(shown: Sequence[Elite]) -> list[dict[str, Any]]:
        return [_elite(row, found.classifier) for row in shown]

    return part.told(list(rows[: part.reach]), items, lambda row: row.pk if history else row.cell)


def _runs() -> "QuerySet[Run]":
    last = RunStatistics.objects.filter(run=OuterRef("pk")).order_by("-generation")
    return Run.objects.annotate(median=Subquery(last.values("median")[:1]))


def _briefs(rows: Sequence[Run]) -> list[dict[str, Any]]:
    return [_brief(row) for row in rows]


def _brief(row: Run) -> dict[str, Any]:
    return {
        "run": row.pk,
        "address": reverse("api-run", args=[row.pk]),
        "elites": reverse("api-elites", args=[row.pk]),
        "preset": row.preset,
        "encoding": row.encoding,
        "algorithm": row.algorithm,
        "classifier": row.classifier,
        "classifier_version": row.classifier_version,
        "seed": row.seed,
        "status": row.status,
        "generation": row.generation,
        "planned": row.planned,
        "evaluations": row.evaluations,
        "seconds": row.elapsed,
        "median": row.median,  # type: ignore[attr-defined]
        "created_at": row.created_at.isoformat(),
        "started_at": row.started_at.isoformat() if row.started_at else None,
        "finished_at": row.finished_at.isoformat() if row.finished_at else None,
    }


def _figures(row: RunStatistics) -> dict[str, Any]:
    return {
        "generation": row.generation,
        "median": row.median,
        "mean": row.mean,
        "minimum": row.minimum,
        "maximum": row.maximum,
    }


def _elite(row: Elite, classifier: str) -> dict[str, Any]:
    return {
        "individual": row.individual_id,
        "address": reverse("api-individual", args=[row.individual_id]),
        "picture": reverse("picture", args=[row.individual_id, 64, "webp"]),
        **reign(row, classifier),
    }
