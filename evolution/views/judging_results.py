"""What people see and what networks claim: the results of a study, as they come in."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from evolution.exhibits.results import choices, pages, sample_sizes
from evolution.views.bounds import refusal, too_often

CALCULATIONS = "60/m"


@require_safe
@never_cache
@vary_on_headers("HX-Request", "HX-Target")
def results(request: HttpRequest) -> HttpResponse:
    """The page; for htmx its living part alone, or nothing where that is the same as before."""
    choice, offered, notes = choices.read(request.GET)
    if _is_for_fragment(request):
        since = request.GET.get("since")
        if since and choice.study and since == pages.version(choice.study).text:
            return HttpResponse(status=204)
        return render(request, "results/_results.html", _shown(choice, notes))
    if sample_sizes.is_asked(request.GET) and too_often(request, "sample-size", CALCULATIONS):
        return refusal(429, f"At most {CALCULATIONS[:-2]} calculations a minute. Wait a little.")
    context = {"offered": offered, "calculation": sample_sizes.calculate(request.GET)}
    return render(request, "results/results.html", _shown(choice, notes) | context)


def _shown(choice: choices.Choice, notes: Sequence[str]) -> dict[str, object]:
    version = pages.version(choice.study).text if choice.study else ""
    return {"choice": choice, "notes": notes, "version": version, "living": pages.living(choice)}


def _is_for_fragment(request: HttpRequest) -> bool:
    asked_by = request.htmx  # type: ignore[attr-defined]
    return bool(asked_by and asked_by.target == "results" and not asked_by.history_restore_request)
