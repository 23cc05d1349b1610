"""Starting a study, once it is known what it costs; pausing, resuming and cancelling it."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import user_passes_test
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from evolution.errors import ForbiddenTransition, InvalidInput
from evolution.exhibits.studies import kinds, pages, reading
from evolution.models import Study
from evolution.studies.settings import as_json
from evolution.study_forms import StudyForm
from evolution.studying import moving, planning
from evolution.views import enqueueing
from evolution.views.studies import found

ACTIONS = {"pause": moving.pause, "resume": moving.resume, "cancel": moving.cancel}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@user_passes_test(lambda user: user.is_active and user.is_staff)
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """A form that first tells what the study will cost. Nothing starts without the second button."""
    definition = reading.definition(kind)
    if definition is None:
        raise Http404(f"There is no experiment {kind}.")
    form = StudyForm(definition, request.POST if request.method == "POST" else None)
    context = {"form": form, "definition": definition, "parameters": kinds.parameters(definition)}
    if request.method != "POST":
        return render(request, "studies/new.html", context)
    plan = _plan(kind, form)
    if plan is None:
        return render(request, "studies/new.html", context, status=400)
    if request.POST.get("do") == "start":
        return _started(request, plan, form.cleaned_data["submission"])
    return render(request, "studies/new.html", context | _priced(plan))


def _plan(kind: str, form: StudyForm) -> planning.Plan | None:
    """The study that is asked for; None if it was refused, with the reason in the form."""
    if not form.is_valid():
        return None
    try:
        return planning.plan(kind, form.cleaned_data["scale"], form.given)
    except InvalidInput as error:
        form.refuse(error.argument, error.message)
        return None


def _priced(plan: planning.Plan) -> dict[str, Any]:
    return {
        "cost": planning.cost(plan),
        "chosen": [
            (name.replace("_", " "), kinds.said(value))
            for name, value in as_json(plan.parameters).items()
        ],
        "going_on": planning.unfinished(plan),
    }


def _started(request: HttpRequest, plan: planning.Plan, submission: uuid.UUID) -> HttpResponse:
    assert request.user.is_authenticated
    known = Study.objects.filter(submission=submission).first()
    study = known or planning.start(plan, owner=request.user, submission=submission)
    if known:
        messages.info(request, "This form was sent before: here is what it started.")
    elif enqueueing.advance_study(study):
        messages.success(request, f"Study {study.pk} has started.")
    else:
        messages.warning(request, f"Study {study.pk} waits: no worker can be reached.")
    return redirect("study", study.pk)


@require_POST
def action(request: HttpRequest, study_id: int) -> HttpResponse:
    """Pause, resume or cancel. Answers with the new state, or with the page for plain forms."""
    if not (request.user.is_active and request.user.is_staff):
        raise PermissionDenied("Only staff may pause, resume or cancel a study.")
    verb = request.POST.get("do", "")
    if verb not in ACTIONS:
        return HttpResponseBadRequest(
            f"do: expected one of {', '.join(ACTIONS)}", content_type="text/plain"
        )
    found(study_id)
    refused = ""
    try:
        moved = ACTIONS[verb](study_id)
        if moved.status == Study.Status.RUNNING:
            enqueueing.advance_study(moved)
    except ForbiddenTransition as error:
        refused = str(error)
    if request.htmx:  # type: ignore[attr-defined]
        context = pages.state(found(study_id)) | {"refused": refused}
        return render(request, "studies/_head.html", context)
    if refused:
        messages.error(request, refused)
    return redirect("study", study_id)
