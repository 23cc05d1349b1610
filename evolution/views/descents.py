"""The families of a run's archive: a drawing, a table, and a file of every cell."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from evolution.exhibits import descent_drawing, descents, naming
from evolution.models import Run
from evolution.services import spreadsheets
from evolution.views.bounds import Turns, refusal, too_often

RATE = "60/m"
_turns = Turns(at_once=2, seconds=15)


@require_safe
@never_cache
def descent(request: HttpRequest, run_id: int) -> HttpResponse:
    found = _read(request, run_id)
    if isinstance(found, HttpResponse):
        return found
    run = found.run
    context = {
        "run": run,
        "heading": naming.run_heading(run.classifier, run.encoding, run.parameters),
        "shown": found,
        # Every word in it is escaped where it is put in.
        "drawing": mark_safe(descent_drawing.svg(found)) if found.families else "",
    }
    return render(request, "runs/descent.html", context)


@require_safe
@never_cache
def table(request: HttpRequest, run_id: int) -> HttpResponse:
    """Every cell with its family, as CSV."""
    found = _read(request, run_id)
    if isinstance(found, HttpResponse):
        return found
    response = HttpResponse(
        spreadsheets.written(descents.rows(found)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="foolbreeder-families-{run_id}.csv"'
    return response


def _read(request: HttpRequest, run_id: int) -> descents.Descent | HttpResponse:
    """In turn and not too often: of a long run, tens of thousands of ancestors are read."""
    run = Run.objects.filter(pk=run_id).first()
    if run is None:
        raise Http404(f"There is no run {run_id}.")
    if too_often(request, "descents", RATE):
        return refusal(429, f"At most {RATE[:-2]} archives a minute. Wait a little.")
    with _turns.one() as granted:
        if not granted:
            return refusal(503, "Other archives are being read. Try again in a moment.")
        return descents.descent(run)
