"""Experiments of the paper: all of them, one, and the page of one study of it."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from evolution.exhibits.studies import kinds, listing, pages, reading
from evolution.exhibits.studies.reading import Counted


@require_safe
@never_cache
def study_list(request: HttpRequest) -> HttpResponse:
    listed = listing.rows()
    context = {"rows": listed, "total": listing.total(listed)}
    return render(request, "studies/list.html", context)


@require_safe
@never_cache
def kind(request: HttpRequest, kind: str) -> HttpResponse:
    definition = reading.definition(kind)
    if definition is None:
        raise Http404(f"There is no experiment {kind}.")
    return render(request, "studies/kind.html", kinds.page(definition))


@require_safe
@never_cache
def study(request: HttpRequest, study_id: int) -> HttpResponse:
    return render(request, "studies/study.html", pages.page(found(study_id)))


@require_safe
@never_cache
def progress(request: HttpRequest, study_id: int) -> HttpResponse:
    """How far a study is; nothing if that is what the page shows already."""
    context = pages.state(found(study_id))
    since = request.GET.get("since", "")
    state = context["state"]
    if since == state.version:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("study", study_id)
    response = render(request, "studies/_state.html", context)
    if since.partition("-")[0] != str(state.done):
        response["HX-Trigger-After-Swap"] = "study-moved"
    return response


@require_safe
@never_cache
def findings(request: HttpRequest, study_id: int) -> HttpResponse:
    """The results alone, for a page whose study has come further."""
    return render(request, "studies/_results.html", pages.figures(found(study_id)))


def found(study_id: int) -> Counted:
    """Raises Http404."""
    one = pages.find(study_id)
    if one is None:
        raise Http404(f"There is no study {study_id}.")
    return one
