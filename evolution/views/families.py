"""The family tree of an individual, as a page and as an SVG file."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from evolution.exhibits import families, family_drawing, lines
from evolution.exhibits.families import Family, Member, Wish
from evolution.models import Individual
from evolution.views import enqueueing
from evolution.views.bounds import refusal, too_often
from evolution.views.tries import tries_of

MOST_FOLDED = 200
MOST_TRIES = 60  # one a second
RATE = "120/m"


@require_safe
@never_cache
def family(request: HttpRequest, individual_id: int) -> HttpResponse:
    found = get_object_or_404(Individual.objects.not_hidden(), pk=individual_id)
    if too_often(request, "families", RATE):
        return refusal(429, f"At most {RATE[:-2]} trees a minute. Wait a little.")
    shown = families.family(found, _wish(request))
    if request.GET.get("svg") == "1":
        return _file(request, shown)
    drawing = family_drawing.svg(shown, lambda member: _folding(shown.wish, member))
    context = {
        "shown": shown,
        "drawing": mark_safe(drawing),  # every word in it is escaped where it is put in
        "beginnings": _beginnings(shown),
        "as_forks": _query(Wish(shown.wish.root, every_step=False)),
        "as_steps": _query(Wish(shown.wish.root, every_step=True)),
        "as_file": _query(shown.wish) + "&svg=1",
        "listed": sorted(shown.members, key=lambda member: (member.place.row, member.place.column)),
    }
    return render(request, "families/family.html", context)


@require_safe
@never_cache
def line(request: HttpRequest, individual_id: int) -> HttpResponse:
    """The strip of a line of descent, while a network is asked about it."""
    rows = Individual.objects.not_hidden().select_related("run", "brood__session")
    found = get_object_or_404(rows, pk=individual_id)
    return render(request, "individuals/_line.html", line_of(request, found))


def line_of(request: HttpRequest, individual: Individual) -> dict[str, object]:
    """What the section of the line shows. A network that was not asked yet is asked."""
    shown, tries = lines.line(individual, request.GET), tries_of(request)
    reachable = True
    if shown.steps and shown.to_ask:
        reachable = enqueueing.predict_line(individual.pk, shown.seer.classifier)
    waiting = bool(shown.steps and shown.to_ask) and reachable and tries < MOST_TRIES
    chosen = {"network": shown.seer.classifier, "label": shown.seer.name, "tries": tries + 1}
    return {"line": shown, "line_waits": waiting, "line_query": urlencode(chosen)}


def _file(request: HttpRequest, shown: Family) -> HttpResponse:
    site = request.build_absolute_uri("/").rstrip("/")
    response = HttpResponse(family_drawing.file(shown, site), content_type="image/svg+xml")
    name = f"foolbreeder-family-{shown.individual.pk}.svg"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _wish(request: HttpRequest) -> Wish:
    """What can be used of the address; the rest is left out."""
    folded = [number for value in request.GET.getlist("fold") if (number := _id(value))]
    return Wish(
        _id(request.GET.get("from", "")),
        every_step=request.GET.get("show") == "steps",
        folded=frozenset(folded[:MOST_FOLDED]),
    )


def _id(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None


def _query(wish: Wish) -> str:
    asked: list[tuple[str, str]] = [("show", "steps" if wish.every_step else "forks")]
    if wish.root is not None:
        asked.append(("from", str(wish.root)))
    asked += [("fold", str(number)) for number in sorted(wish.folded)]
    return f"?{urlencode(asked)}"


def _folding(wish: Wish, member: Member) -> str:
    folded = wish.folded ^ {member.individual_id}
    return _query(Wish(wish.root, wish.every_step, folded))


def _beginnings(shown: Family) -> list[tuple[str, str]]:
    """Where else the tree may begin: further back, or nearer."""
    steps, found = len(shown.earlier), []
    if steps:
        at = shown.earlier[min(families.BACK, steps) - 1]
        found.append(("Further back", _query(Wish(at, shown.wish.every_step))))
        first = _query(Wish(shown.earlier[-1], shown.wish.every_step))
        found.append(("From the beginning", first))
    if shown.root != shown.individual.pk:
        nearer = _query(Wish(shown.individual.pk, shown.wish.every_step))
        found.append(("Its descendants only", nearer))
    return found
