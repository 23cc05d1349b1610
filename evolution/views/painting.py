"""Painting over a picture, and what networks say of it then."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from evolution.errors import InvalidInput
from evolution.exhibits import individuals as individual_exhibit
from evolution.exhibits import painting as exhibit
from evolution.models import Individual
from evolution.services import painted as service
from evolution.services import painting
from evolution.services.painting import Painting
from evolution.views import enqueueing
from evolution.views.bounds import refusal, too_often
from evolution.views.individuals import HIDDEN, is_hidden, stored
from evolution.views.tries import tries_of
from evolution.views.visitors import met

RATE, ADDRESS_RATE = "60/m", "600/m"
MOST_TRIES = 30  # one a second
GONE = "That painting is gone: it is kept for an hour. Paint again."


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def paint(request: HttpRequest, individual_id: int) -> HttpResponse:
    """Keep what somebody painted, and have networks asked about it."""
    found = stored(individual_id)
    if is_hidden(request, found):
        return refusal(HTTPStatus.GONE, HIDDEN)
    if request.method != "POST":
        return _to_the_tool(found)
    if trouble := _trouble(request, found):
        return trouble
    try:
        one = _read(request, found.image_shape[0])
        digest = service.keep(found, one, individual_exhibit.label_of(found))
    except InvalidInput as error:
        return refusal(HTTPStatus.BAD_REQUEST, str(error))
    except service.OUT_OF_ORDER:
        return refusal(HTTPStatus.SERVICE_UNAVAILABLE, "Nobody can be asked at the moment.")
    if request.htmx:  # type: ignore[attr-defined]
        return _answer(request, found, digest)
    return redirect("painted", individual_id, digest)


@require_safe
@never_cache
def painted(request: HttpRequest, individual_id: int, digest: str) -> HttpResponse:
    """What networks have said so far: a page, or the part of it that asks for itself again."""
    found = stored(individual_id)
    if is_hidden(request, found):
        return refusal(HTTPStatus.GONE, HIDDEN)
    if service.kept(found, digest) is None:
        raise Http404(GONE)
    return _answer(request, found, digest)


@require_safe
@never_cache
def picture(request: HttpRequest, individual_id: int, digest: str) -> HttpResponse:
    """The painted picture as networks were shown it."""
    found = stored(individual_id)
    if is_hidden(request, found):
        return refusal(HTTPStatus.GONE, HIDDEN)
    content = service.picture(individual_id, digest)
    if content is None:
        return refusal(HTTPStatus.NOT_FOUND, GONE)
    return HttpResponse(content, content_type="image/png")


def _trouble(request: HttpRequest, found: Individual) -> HttpResponse | None:
    if exhibit.tool(found) is None:
        return refusal(HTTPStatus.GONE, f"No. {found.pk} cannot be painted over.")
    visitor = met(request)
    if too_often(request, "painting", RATE, by=str(visitor.id)) or too_often(
        request, "painting-address", ADDRESS_RATE
    ):
        words = "That was very quick. Wait a moment; what you painted is still there."
        return refusal(HTTPStatus.TOO_MANY_REQUESTS, words)
    if not (request.POST.get("runs") or request.POST.getlist("cell")):
        messages.error(request, "Choose at least one part to paint over.")
        return _to_the_tool(found)
    return None


def _read(request: HttpRequest, side: int) -> Painting:
    asked = request.POST
    if runs := asked.get("runs", ""):
        return painting.read(side, asked.get("fills", ""), runs)
    fill = asked.get("fill", "")
    return painting.of_cells(
        side, asked.get("colour", "") if fill == "picked" else fill, asked.getlist("cell")
    )


def _answer(request: HttpRequest, found: Individual, digest: str) -> HttpResponse:
    shown = exhibit.of(found, digest)
    tries = tries_of(request)
    asked = [enqueueing.painting(found.pk, digest, one) for one in shown.missing]
    context = {
        "individual": found,
        "painted": shown,
        "reachable": all(asked),
        "is_waiting": bool(asked) and all(asked) and tries < MOST_TRIES,
        "next_try": tries + 1,
    }
    name = "_painted" if request.htmx else "painted"  # type: ignore[attr-defined]
    return render(request, f"individuals/{name}.html", context)


def _to_the_tool(found: Individual) -> HttpResponse:
    return redirect(f"{reverse('individual', args=[found.pk])}#paint")
