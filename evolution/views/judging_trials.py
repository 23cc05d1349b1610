"""One question: asked, answered, and then what is told about it. All at one address."""

from http import HTTPStatus
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from evolution.errors import Expired, InvalidInput, NotAllowed, Skipped, Stale
from evolution.exhibits.judging.progress import progress
from evolution.exhibits.judging.question import LONGEST_NAME, question, similar
from evolution.exhibits.judging.reveal import is_told, reveal
from evolution.models import Judgment, Trial
from evolution.services.judging import answering, sittings
from evolution.services.visitors import Visitor
from evolution.views import visitors
from evolution.views.bounds import too_often
from evolution.views.judging import SeeOther, to_next

# Nobody reads, decides and presses twice a second; an address may be that of a class of thirty.
SECONDS = 5
RATE = f"10/{SECONDS}s"
ADDRESS_RATE = "1500/m"
LONGEST_TIME = 12  # digits of milliseconds
LONGEST_TYPED = 200


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def trial(request: HttpRequest, token: UUID) -> HttpResponse:
    visitor, found = own_trial(request, token)
    if request.method != "POST":
        return _shown(request, visitor, found)
    try:
        if _is_too_quick(request, visitor):
            words = "That was quicker than anybody answers. Wait a moment, then answer again."
            return _asked(request, visitor, found, words, HTTPStatus.TOO_MANY_REQUESTS)
        judged = answering.answer(visitor, token, _value(request), _reaction(request))
    except InvalidInput as error:
        return _asked(request, visitor, found, error.message, HTTPStatus.UNPROCESSABLE_ENTITY)
    except Stale as error:
        return _shown(request, visitor, found, str(error), HTTPStatus.CONFLICT)
    except Expired as error:
        return _gone(request, found, str(error))
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    if is_told(judged.trial):
        return SeeOther(_address(found))
    return to_next(request, found.sitting, noted=True)


def own_trial(request: HttpRequest, token: UUID) -> tuple[Visitor, Trial]:
    """A question of this visitor; nobody is told whether another one exists."""
    visitor = visitors.known(request)
    try:
        if visitor:
            return visitor, sittings.trial(visitor, token)
    except Trial.DoesNotExist:
        pass
    raise Http404("No question of yours has this address.")


def _shown(
    request: HttpRequest,
    visitor: Visitor,
    found: Trial,
    trouble: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """The question, or what is told once it is answered."""
    judged = Judgment.objects.filter(trial=found).first()
    if judged is None:
        return _asked(request, visitor, found, trouble, status)
    context: dict[str, object] = {"trouble": trouble, "trial": found}
    if is_told(found):
        context["reveal"] = reveal(found, judged)
    else:
        context["progress"] = progress(found)
    return _render(request, found, context, status)


def _asked(
    request: HttpRequest,
    visitor: Visitor,
    found: Trial,
    trouble: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    try:
        given = sittings.give(visitor, found)
    except Expired as error:
        return _gone(request, found, str(error))
    except Skipped:
        return to_next(request, found.sitting)
    put, typed = question(given), request.POST.get("answer", "")[:LONGEST_TYPED]
    context = {
        "question": put,
        "trouble": trouble,
        "typed": typed,
        "similar": similar(put.names, typed),
        "longest": LONGEST_NAME,
        "is_noted": "noted" in request.GET and not trouble,
    }
    return _render(request, found, context, status)


def _gone(request: HttpRequest, found: Trial, words: str) -> HttpResponse:
    return _render(request, found, {"gone": words, "trial": found}, HTTPStatus.GONE)


def _render(
    request: HttpRequest, found: Trial, context: dict[str, object], status: HTTPStatus
) -> HttpResponse:
    htmx = request.htmx  # type: ignore[attr-defined]
    is_part = htmx and not htmx.history_restore_request
    template = "judging/_trial.html" if is_part else "judging/trial.html"
    response = render(request, template, context, status=status)
    here = _address(found)
    if (
        is_part
        and request.method != "POST"
        and not (htmx.current_url_abs_path or "").startswith(here)
    ):
        response["HX-Push-Url"] = here
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        response["Retry-After"] = SECONDS
    return response


def _address(found: Trial) -> str:
    return reverse("judging-trial", args=[found.token])


def _is_too_quick(request: HttpRequest, visitor: Visitor) -> bool:
    often = too_often(request, "judge", RATE, by=str(visitor.id))
    return often or too_often(request, "judge-address", ADDRESS_RATE)


def _value(request: HttpRequest) -> str:
    """The answer as it was sent; empty for somebody who cannot tell."""
    if "cannot" in request.POST:
        return ""
    value = request.POST.get("answer", "").strip()
    if not value:
        raise InvalidInput("answer", "expected an answer, or “I cannot tell”; got none")
    return value


def _reaction(request: HttpRequest) -> int | None:
    """Milliseconds by the browser's clock; None where no script measures."""
    text = request.POST.get("reaction_ms", "").strip()
    if not text:
        return None
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_TIME):
        raise InvalidInput("reaction_ms", f"expected whole milliseconds, got “{text[:20]}”")
    return int(text)
