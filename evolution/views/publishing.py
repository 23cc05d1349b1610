"""Publishing a picture of a brood: the form, and what it posts."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from evolution.errors import InvalidInput, NotAllowed
from evolution.exhibits.thumbnails import thumbnail
from evolution.genomes.base import BadGenome
from evolution.models import BreedingSession, Brood, Publication
from evolution.publishing_forms import PublishForm
from evolution.services import ancestry, broods, publishing, tagging
from evolution.services.visitors import Visitor, check_not_blocked
from evolution.views.bounds import refusal, too_often
from evolution.views.visitors import known

RATE = "60/h"
SHOWN = 256  # pixels a side of the picture above the form, which travels inside the page
TOO_OFTEN = (
    f"At most {RATE[:-2]} pictures an hour are published from one address. Nothing is lost: "
    "leave this page open and send it again later."
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, code: str) -> HttpResponse:
    visitor = known(request)
    brood = _brood(request, code, visitor)
    try:
        slot = _number(request, "slot")
        broods.check_slot(brood, slot)
        assert visitor is not None  # who has no session has no brood
        check_not_blocked(visitor)
        individual = ancestry.known(brood, slot)
    except InvalidInput as error:
        return refusal(400, str(error))
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    if request.method == "POST":
        return _posted(request, visitor, brood, slot)
    if individual and (before := Publication.objects.filter(individual=individual).first()):
        messages.info(request, "This picture is published already.")
        return redirect("individual", before.individual_id)
    return _page(request, brood, slot, _form(request, brood, slot), HTTPStatus.OK)


def _posted(request: HttpRequest, visitor: Visitor, brood: Brood, slot: int) -> HttpResponse:
    form = _form(request, brood, slot)
    if not form.is_valid():
        return _page(request, brood, slot, form, HTTPStatus.BAD_REQUEST)
    try:
        draft = publishing.proofread(visitor, form.draft())
        if too_often(request, "publish", RATE):
            form.add_error(None, TOO_OFTEN)
            return _page(request, brood, slot, form, HTTPStatus.TOO_MANY_REQUESTS)
        made = publishing.publish(visitor, brood, slot, draft)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except (InvalidInput, BadGenome) as error:
        field, words = _where(form, error)
        form.add_error(field, words)
        return _page(request, brood, slot, form, HTTPStatus.BAD_REQUEST)
    messages.success(request, "Published.")
    return redirect("individual", made.individual_id)


def _where(form: PublishForm, error: InvalidInput | BadGenome) -> tuple[str | None, str]:
    if isinstance(error, BadGenome):
        return None, f"The stored genome is damaged: {error}"
    field = {"is_anonymous": "credit"}.get(error.argument, error.argument)
    return field if field in form.fields else None, error.message


def _brood(request: HttpRequest, code: str, visitor: Visitor | None) -> Brood:
    """The brood that the address names, in a session of the visitor's own."""
    try:
        number = _number(request, "brood")
    except InvalidInput as error:
        raise Http404(str(error)) from error
    if visitor is not None:
        own = BreedingSession.objects.filter(visitor.owns, code=code)
        found = Brood.objects.select_related("session").filter(session__in=own, number=number)
        if (brood := found.first()) is not None:
            return brood
    raise Http404(f"You have no session here with a brood {number}.")


def _number(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise InvalidInput(name, f"expected a whole number, got “{text[:20]}”")
    return int(text)


def _form(request: HttpRequest, brood: Brood, slot: int) -> PublishForm:
    return PublishForm(
        request.POST if request.method == "POST" else None,
        tagging.offered(brood, slot),
        has_account=request.user.is_authenticated,
    )


def _page(
    request: HttpRequest, brood: Brood, slot: int, form: PublishForm, status: int
) -> HttpResponse:
    try:
        side = min(brood.session.image_size, SHOWN)
        picture = thumbnail(None, broods.stored_genome(brood, slot), side)
    except BadGenome:
        return refusal(
            410, f"Picture {slot} of brood {brood.number} is damaged: it cannot be drawn."
        )
    context = {
        "session": brood.session,
        "brood": brood,
        "slot": slot,
        "picture": picture,
        "form": form,
        "most_used": tagging.most_used(),
    }
    response = render(request, "publishing/publish.html", context, status=status)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        response["Retry-After"] = "600"
    return response
