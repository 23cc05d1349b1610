"""The gallery, its fragments and what changed in it."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from evolution.errors import InvalidInput
from evolution.exhibits import changes as exhibit
from evolution.exhibits import figures, leads, mosaics, publications_wall, wall_filters, walls
from evolution.views import seeing
from evolution.views.catching_up import all_changes


@require_safe
@never_cache
@vary_on_headers("HX-Request", "HX-Target")
def gallery(request: HttpRequest) -> HttpResponse:
    version = exhibit.gallery_version()
    filters, notes = wall_filters.read(request.GET)
    context = {"filters": filters, "notes": notes, "page": walls.page(filters)}
    asked_by = request.htmx  # type: ignore[attr-defined]
    if asked_by and asked_by.target == "pictures":
        return render(request, "gallery/_older.html", context)
    context["count"] = walls.count(filters)
    if asked_by and asked_by.target == "wall" and not asked_by.history_restore_request:
        return render(request, "gallery/_wall.html", context)
    return render(request, "gallery/gallery.html", context | _around(version))


@require_safe
@never_cache
def changes(request: HttpRequest) -> HttpResponse:
    """For browsers without a stream: the fragments that it would have sent."""
    seeing.shows_archive(request, figures.featured_run())
    try:
        return HttpResponse(all_changes(exhibit.gallery_changes, request.GET.get("since", "")))
    except InvalidInput as error:
        return HttpResponseBadRequest(str(error), content_type="text/plain")


def _around(version: str) -> dict[str, object]:
    """What the page shows besides the wall."""
    featured = figures.featured_run()
    context: dict[str, object] = {
        "stream": "/live/gallery",
        "version": version,
        "choices": wall_filters.choices(),
        "lead": leads.lead(),
        "recent": publications_wall.recent(),
        "takeovers": exhibit.notable_takeovers(),
        "run": featured,
    }
    if featured:
        context |= mosaics.archive(featured, exhibit.run_version) | figures.of(featured)
    return context
