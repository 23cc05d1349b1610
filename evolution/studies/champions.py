"""What studies keep of a finished run: its champions, and when each label was first believed."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Min

from evolution.models import Run

BELIEVED = 0.9999  # as the paper has it, §3.1
MOST_POINTS = 101  # of a curve


def summary(run: Run) -> dict[str, Any]:
    """Return lists of equal length, one place a label, and the figures of the last generation.

    labels: indices. confidences: the highest of a label. individuals: who has it. believed: the
    first generation with a confidence of 99.99% or more, None for none.
    """
    best: dict[int, tuple[float, int]] = {}
    for label, confidence, individual in run.elites.holders().values_list(
        "label", "confidence", "individual"
    ):
        best[label] = max(best.get(label, (-1.0, 0)), (confidence, individual))
    believed = _believed(run)
    last = run.statistics.order_by("-generation").first()
    labels = sorted(best)
    return {
        "labels": labels,
        "confidences": [best[label][0] for label in labels],
        "individuals": [best[label][1] for label in labels],
        "believed": [believed.get(label) for label in labels],
        "generation": last.generation if last else None,
        "evaluations": run.evaluations,
        "seconds": round(run.elapsed, 3),
        "median": last.median if last else None,
        "medians": _medians(run),
    }


def _believed(run: Run) -> Mapping[int, int]:
    sure = run.elites.filter(confidence__gte=BELIEVED)
    return dict(
        sure.values("label").annotate(first=Min("since_generation")).values_list("label", "first")
    )


def _medians(run: Run) -> list[tuple[int, float]]:
    """Median confidence of the archive by generation, thinned."""
    step = max(1, -(-run.generation // MOST_POINTS))
    wanted = {*range(0, run.generation, step), run.generation - 1}
    rows = run.statistics.filter(generation__in=wanted).order_by("generation")
    return list(rows.values_list("generation", "median"))
