"""The page of one cell."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from evolution.exhibits import archives, cells
from evolution.models import Run


@require_safe
@never_cache
def cell(request: HttpRequest, run_id: int, cell: int) -> HttpResponse:
    run = Run.objects.filter(pk=run_id).first()
    if run is None:
        raise Http404(f"There is no run {run_id}.")
    if cell >= archives.size(run):
        raise Http404(f"Run {run_id} has no cell {cell}.")
    shown = cells.exhibit(run, cell, whole=request.GET.get("all") == "1")
    return render(request, "cells/cell.html", {"shown": shown})
