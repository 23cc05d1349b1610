"""Groups of runs side by side: the page, its heat maps, picture sheets and tables."""

import hashlib
from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from evolution.errors import InvalidInput
from evolution.exhibits.comparing import (
    groups,
    heat_maps,
    options,
    pages,
    sheets,
    tables,
)
from evolution.services import spreadsheets
from evolution.views import seeing
from evolution.views.bounds import Turns, refusal, too_often

RATE = "60/m"
DRAWING = 1  # raise it when heat maps are drawn differently
_turns = Turns(at_once=2, seconds=15)


@require_safe
@never_cache
@vary_on_headers("HX-Request", "HX-Target")
def compare(request: HttpRequest) -> HttpResponse:
    context = pages.figures(request.GET)
    seeing.shows_runs(request, (n for group in context["choice"].groups for n in group.ids))
    asked_by = request.htmx  # type: ignore[attr-defined]
    if asked_by and asked_by.target == "figures" and not asked_by.history_restore_request:
        return render(request, "comparing/_figures.html", context)
    return render(request, "comparing/compare.html", context | pages.picker(context["choice"]))


@require_safe
def heat_map(request: HttpRequest) -> HttpResponse:
    """The heat map of the first group of the address."""
    try:
        group, wanted = _one_group(request)
        _check_heat_map(group)
    except InvalidInput as error:
        return refusal(400, error.message)
    named = f"{group.state}|{wanted.rows}|{DRAWING}"
    etag = f'"{hashlib.sha256(named.encode()).hexdigest()[:24]}"'
    return _drawn(request, etag, partial(_heat_map_png, group, wanted.rows))


@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """The picture sheet of the first group of the address."""
    try:
        group, wanted = _one_group(request)
        shown = sheets.entries(group, wanted)
        if not shown:
            raise InvalidInput("a", "none of these champions has a picture yet")
    except InvalidInput as error:
        return refusal(400, error.message)
    response = _drawn(request, sheets.etag(shown, wanted), partial(sheets.png, shown, wanted))
    if request.GET.get("download") and response.status_code == 200:
        name = "-".join(map(str, group.ids))
        response["Content-Disposition"] = f'attachment; filename="foolbreeder-sheet-{name}.png"'
    return response


@require_safe
@never_cache
def table(request: HttpRequest, name: str) -> HttpResponse:
    """A figure's numbers."""
    rows = tables.TABLES.get(name)
    if rows is None:
        return refusal(404, f"table: expected {', '.join(tables.TABLES)}, got {name[:40]}")
    try:
        chosen = _groups(request)
        if rows is tables.heat_map:
            _check_heat_map(chosen[0])
    except InvalidInput as error:
        return refusal(400, error.message)
    if too_often(request, "comparing", RATE):
        return _wait_a_little()
    response = HttpResponse(
        spreadsheets.written(rows(chosen)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="foolbreeder-{name}.csv"'
    return response


def _groups(request: HttpRequest) -> tuple[groups.Group, ...]:
    """The groups of an address whose every word can be used. Raises InvalidInput."""
    choice = groups.read(request.GET)
    if choice.notes:
        raise InvalidInput("a", " ".join(choice.notes))
    if not choice.groups:
        raise InvalidInput("a", "a: expected the numbers of runs, as in ?a=1&a=2, got none")
    return choice.groups


def _one_group(request: HttpRequest) -> tuple[groups.Group, options.Options]:
    group = _groups(request)[0]
    wanted = options.read(request.GET, len(group.labels))
    if wanted.notes:
        raise InvalidInput("options", " ".join(wanted.notes))
    return group, wanted


def _check_heat_map(group: groups.Group) -> None:
    if words := heat_maps.refusal(group):
        raise InvalidInput("a", words)


def _heat_map_png(group: groups.Group, rows: str) -> bytes:
    grid = heat_maps.grid(group)
    order = heat_maps.order(grid.confidences[:, -1], rows)
    return heat_maps.png(grid.confidences[order])


def _drawn(request: HttpRequest, etag: str, draw: Callable[[], bytes]) -> HttpResponse:
    """Draw in turn and not too often; nothing is drawn for a browser that has it already."""
    response = get_conditional_response(request, etag=etag)
    if response is None:
        if too_often(request, "comparing", RATE):
            return _wait_a_little()
        with _turns.one() as granted:
            if not granted:
                return refusal(503, "Other figures are being drawn. Try again in a moment.")
            response = HttpResponse(draw(), content_type="image/png")
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response


def _wait_a_little() -> HttpResponse:
    return refusal(429, f"At most {RATE[:-2]} figures a minute. Wait a little.")
