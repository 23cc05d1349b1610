"""Published pictures: their wall and their tags."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from evolution.exhibits import publications_wall, standings, tag_cloud


@require_safe
@never_cache
@vary_on_headers("HX-Request", "HX-Target")
def published(request: HttpRequest) -> HttpResponse:
    filters, notes = publications_wall.read(request.GET)
    found = publications_wall.publications(filters)
    context: dict[str, object] = {
        "filters": filters,
        "notes": notes,
        "page": publications_wall.page(filters, found),
    }
    asked_by = request.htmx  # type: ignore[attr-defined]
    if asked_by and asked_by.target == "published-pictures":
        return render(request, "published/_more_tiles.html", context)
    context |= {"count": publications_wall.count(filters, found), "views": standings.VIEWS}
    if asked_by and asked_by.target == "published" and not asked_by.history_restore_request:
        wall = render(request, "published/_wall.html", context)
        wall["HX-Push-Url"] = f"{request.path}{filters.query(after='')}"  # with the random seed
        return wall
    return render(request, "published/published.html", context)


@require_safe
@never_cache
def tags(request: HttpRequest) -> HttpResponse:
    return render(request, "published/tags.html", {"tags": tag_cloud.cloud()})
