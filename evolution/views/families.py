"""The family tree of an individual, as a page and as an SVG file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from evolution.exhibits import families, family_drawing, family_list, family_queries, lines
from evolution.exhibits.families import Family
from evolution.exhibits.family_folding import Wish
from evolution.models import Individual
from evolution.views import enqueueing, responding
from evolution.views.bounds import refusal, too_often
from evolution.views.tries import tries_of

MOST_FOLDED = 90  # and as many opened; an address has 200 parts at most
MOST_TRIES = 60  # one a second
RATE = "120/m"
HIDDEN = "Staff has hidden this picture."


@require_safe
@never_cache
def family(request: HttpRequest, individual_id: int) -> HttpResponse:
    found = get_object_or_404(Individual.objects.select_related("publication"), pk=individual_id)
    if _is_withheld(request, found):
        return refusal(410, HIDDEN)
    wish = _wish(request)
    if too_often(request, "families", RATE):
        return refusal(429, f"At most {RATE[:-2]} trees a minute. Wait a little.")
    shown = families.family(found, wish)
    if request.GET.get("svg") == "1":
        return _file(request, shown)
    # Every word in both is escaped where it is put in.
    context = {
        "shown": shown,
        "drawing": mark_safe(family_drawing.svg(shown, family_queries.folding(shown))),
        "list": mark_safe(family_list.html(shown.members)),
        "queries": family_queries.Queries(shown),
    }
    return render(request, "families/family.html", context)


@require_safe
@never_cache
def line(request: HttpRequest, individual_id: int) -> HttpResponse:
    """The strip of a line of descent, while a network is asked about it."""
    rows = Individual.objects.select_related("run", "brood__session", "publication")
    found = get_object_or_404(rows.defer("brood__genomes"), pk=individual_id)
    if _is_withheld(request, found):
        return refusal(410, HIDDEN)
    return render(request, "individuals/_line.html", line_of(request, found))


def line_of(request: HttpRequest, individual: Individual) -> dict[str, object]:
    """What the section of the line shows. A network that was not asked yet is asked."""
    shown, tries = lines.line(individual, request.GET), tries_of(request)
    reachable = True
    if shown.steps and shown.to_ask:
        reachable = enqueueing.predict_line(individual.pk, shown.seer.classifier)
    waiting = bool(shown.steps and shown.to_ask) and reachable and tries < MOST_TRIES
    return {"line": shown, "line_waits": waiting, "line_query": f"{shown.choice}&tries={tries + 1}"}


def _file(request: HttpRequest, shown: Family) -> HttpResponse:
    site = request.build_absolute_uri("/").rstrip("/")
    response = HttpResponse(family_drawing.file(shown, site), content_type="image/svg+xml")
    response["Content-Security-Policy"] = (
        "default-src 'none'; img-src data: 'self'; style-src 'unsafe-inline'"
    )
    name = f"foolbreeder-family-{shown.individual.pk}.svg"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _wish(request: HttpRequest) -> Wish:
    """What can be used of the address; the rest is left out."""
    return Wish(
        _id(request.GET.get("from", "")),
        every_step=request.GET.get("show") == "steps",
        folded=_ids(request.GET.getlist("fold")),
        opened=_ids(request.GET.getlist("open")),
        everything="all" in request.GET.getlist("open"),
    )


def _ids(values: list[str]) -> frozenset[int]:
    found = [number for value in values[-MOST_FOLDED:] if (number := _id(value)) is not None]
    return frozenset(found)


def _id(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None


def _is_withheld(request: HttpRequest, found: Individual) -> bool:
    publication = getattr(found, "publication", None)
    return publication is not None and publication.is_hidden and not responding.is_staff(request)
