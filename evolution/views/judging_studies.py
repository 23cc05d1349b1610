"""Judging studies: a list for everybody, a form and an end for staff."""

from django.contrib import messages
from django.contrib.auth.decorators import user_passes_test
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evolution.errors import ForbiddenTransition, InvalidInput
from evolution.exhibits import judging_studies
from evolution.judging_forms import StudyForm
from evolution.models import JudgingStudy
from evolution.services.judging import planning
from evolution.views import enqueueing

_staff_only = user_passes_test(lambda user: user.is_active and user.is_staff)


@never_cache
@require_safe
def study_list(request: HttpRequest) -> HttpResponse:
    found = JudgingStudy.objects.all()
    if not (isinstance(request.user, User) and request.user.is_staff):
        found = found.exclude(status=JudgingStudy.Status.FAILED)
    return render(request, "judging_studies/list.html", {"rows": judging_studies.rows(found)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_staff_only
def plan(request: HttpRequest) -> HttpResponse:
    form = StudyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and (study := _planned(request, form)):
        if enqueueing.prepare_study(study):
            messages.success(request, f"{study.name} is being prepared.")
        else:
            messages.warning(request, f"{study.name} waits for a worker; none can be reached.")
        return redirect("judging-studies")
    status = 400 if request.method == "POST" else 200
    return render(request, "judging_studies/plan.html", {"form": form}, status=status)


@require_POST
@_staff_only
def close(request: HttpRequest, name: str) -> HttpResponse:
    study = get_object_or_404(JudgingStudy, name=name)
    try:
        planning.close(study)
        messages.success(request, f"{name} takes no more answers.")
    except ForbiddenTransition as error:
        messages.error(request, str(error))
    return redirect("judging-studies")


def _planned(request: HttpRequest, form: StudyForm) -> JudgingStudy | None:
    planned = form.plan()
    if planned is None:
        return None
    assert isinstance(request.user, User)
    data = form.cleaned_data
    try:
        return planning.plan_study(planned, data["name"], seed=data["seed"], owner=request.user)
    except InvalidInput as error:
        form.refuse(error)
        return None
