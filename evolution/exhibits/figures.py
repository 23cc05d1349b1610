"""What of a run changes with every generation, and the run that the gallery features."""

from typing import Any

from django.db.models import Case, Value, When

from evolution.exhibits import naming, plots, runs
from evolution.models import Run


def of(run: Run) -> dict[str, Any]:
    return {
        "heading": naming.run_heading(run.classifier, run.encoding, run.parameters),
        "state": runs.state(run),
        "facts": runs.facts(run),
        "stages": runs.stages(run),
        "beside": runs.beside(run),
        "plot": plots.confidence_plot(run),
    }


def featured_run() -> Run | None:
    """The newest run that goes on; without one the newest that has pictures, or waits to.

    Gradient ascent, of which nothing is to be watched, comes last.
    """
    rank = Case(
        When(algorithm=naming.ASCENT, then=Value(3)),
        When(status=Run.Status.RUNNING, then=Value(0)),
        When(generation__gt=0, then=Value(1)),
        default=Value(2),
    )
    return Run.objects.order_by(rank, "-id").first()
