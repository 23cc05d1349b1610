"""The list of runs, the page of one run and what staff may do with it."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from evolution.errors import ForbiddenTransition, InvalidInput
from evolution.exhibits import archives, figures, mosaics, naming
from evolution.exhibits import changes as exhibit
from evolution.exhibits import runs as exhibits
from evolution.exhibits.tiles import takeovers
from evolution.models import Run, RunStatistics
from evolution.services import runs as services
from evolution.views import enqueueing, transferring
from evolution.views.catching_up import all_changes

RUNS_A_PAGE = 12
MOST_SISTERS = 20

ACTIONS = {"pause": services.pause, "resume": services.resume, "cancel": services.cancel}


@require_safe
@never_cache
def run_list(request: HttpRequest) -> HttpResponse:
    newest = RunStatistics.objects.filter(run=OuterRef("pk")).order_by("-generation")
    runs = Run.objects.annotate(median=Subquery(newest.values("median")[:1])).order_by("-id")
    page = Paginator(runs, RUNS_A_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "row": row,
            "state": exhibits.state(row.run),
            "classifier": naming.classifier_title(row.run.classifier),
        }
        for row in archives.rows(list(page))
    ]
    return render(request, "runs/list.html", {"page": page, "rows": rows})


@require_safe
@never_cache
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    found = _run(run_id)
    version = exhibit.run_version(found)
    sisters = Run.objects.filter(submission=found.submission).exclude(pk=run_id).order_by("seed")
    n_sisters = sisters.count()
    context = {
        "run": found,
        "classifier": naming.classifier_title(found.classifier),
        "explanation": exhibits.what_cells_are(found),
        "stream": f"/live/runs/{run_id}",
        "version": version,
        "n_cells": archives.shown_size(found),
        "takeovers": takeovers(found.elites.holders(), exhibit.MOST_TAKEOVERS),
        "sisters": archives.rows(list(sisters[:MOST_SISTERS])) if n_sisters else [],
        "n_sisters": n_sisters,
        "settings": exhibits.settings_of(found),
        "transfer": transferring.panel(found),
        **mosaics.archive(found, lambda _: version, mosaics.read(request.GET)),
        **figures.of(found),
    }
    return render(request, "runs/run.html", context)


@require_safe
@never_cache
def changes(request: HttpRequest, run_id: int) -> HttpResponse:
    """For browsers without a stream: the fragments that it would have sent."""
    _run(run_id)
    since = request.GET.get("since", "")
    try:
        return HttpResponse(all_changes(partial(exhibit.run_changes, run_id), since))
    except InvalidInput as error:
        return HttpResponseBadRequest(str(error), content_type="text/plain")


@require_POST
def action(request: HttpRequest, run_id: int) -> HttpResponse:
    """Pause, resume or cancel. Answers with the new state, or with the page for plain forms."""
    if not (request.user.is_active and request.user.is_staff):
        raise PermissionDenied("Only staff may pause, resume or cancel a run.")
    act = ACTIONS.get(request.POST.get("do", ""))
    if act is None:
        return HttpResponseBadRequest(
            f"do: expected one of {', '.join(ACTIONS)}", content_type="text/plain"
        )
    found = _run(run_id)
    refused = ""
    try:
        found = act(run_id)
    except ForbiddenTransition as error:
        refused = str(error)
    if act is services.resume and not refused:
        enqueueing.evolve([found])
    if request.htmx:  # type: ignore[attr-defined]
        context = {"run": found, "state": exhibits.state(found), "refused": refused}
        return render(request, "runs/_head.html", context)
    if refused:
        messages.error(request, refused)
    return redirect("run", run_id)


def _run(run_id: int) -> Run:
    found = Run.objects.select_related("owner").filter(pk=run_id).first()
    if found is None:
        raise Http404(f"There is no run {run_id}.")
    return found
