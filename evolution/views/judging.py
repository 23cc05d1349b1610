"""Judging pictures: how a sitting begins, goes on and ends."""

import uuid
from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from evolution.errors import InvalidInput, NotAllowed, NothingToJudge
from evolution.exhibits.judging.debrief import debrief
from evolution.exhibits.judging.invitation import invitation
from evolution.models import JudgingStudy, Sitting
from evolution.services.judging import sittings
from evolution.views import seeing, visitors
from evolution.views.bounds import too_often

BEGINNINGS = "300/h"  # of an address: a class of thirty, ten times each


class SeeOther(HttpResponseRedirect):
    """What was sent is done: the rest is read there."""

    status_code = HTTPStatus.SEE_OTHER


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def judge(request: HttpRequest) -> HttpResponse:
    """Who asks, what is stored, how it goes; and the button that begins."""
    study = _study(request)
    if request.method != "POST" or study is None:
        status = HTTPStatus.CONFLICT if request.method == "POST" else HTTPStatus.OK
        return _page(request, study, status=status)
    try:
        return to_next(request, _begun(request, study))
    except InvalidInput as error:
        return _page(request, study, error.message, HTTPStatus.UNPROCESSABLE_ENTITY)
    except NothingToJudge as error:
        return _page(request, study, str(error), HTTPStatus.CONFLICT)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error


@require_safe
@never_cache
def go_on(request: HttpRequest) -> HttpResponse:
    """To the next question of a sitting that goes on: the one that is named, or the latest."""
    visitor = visitors.known(request)
    if code := request.GET.get("sitting"):
        return to_next(request, _own(request, code))
    found = sittings.current(visitor) if visitor else None
    return to_next(request, found) if found else redirect("judge")


@require_safe
@never_cache
def done(request: HttpRequest, code: str) -> HttpResponse:
    found = _own(request, code)
    if found.finished_at is None:
        return to_next(request, found)
    return render(request, "judging/done.html", {"debrief": debrief(found)})


def to_next(request: HttpRequest, sitting: Sitting, *, noted: bool = False) -> HttpResponse:
    """noted: the last answer was stored, and nothing is told of it yet."""
    trial = sittings.next_trial(sitting)
    if trial is None:
        address = reverse("judging-done", args=[sitting.code])
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponse(headers={"HX-Redirect": address})
        return SeeOther(address)
    address = reverse("judging-trial", args=[trial.token])
    return SeeOther(f"{address}?noted=1" if noted else address)


def _begun(request: HttpRequest, study: JudgingStudy) -> Sitting:
    if not request.POST.get("consent"):
        raise InvalidInput("consent", "Please tick the box first: without it nothing is stored.")
    if too_often(request, "judge-begin", BEGINNINGS):
        raise InvalidInput(
            "sitting", "Very many sittings began at your address. Try again in a while."
        )
    try:
        submission = uuid.UUID(request.POST.get("submission", ""))
    except ValueError:
        raise InvalidInput(
            "submission", "The form came without its number. Please send it again."
        ) from None
    visitor = visitors.met(request)
    seeing.settle(request, visitor)
    return sittings.begin(visitor, study, submission)


def _study(request: HttpRequest) -> JudgingStudy | None:
    name = request.GET.get("study") or request.POST.get("study")
    if not name:
        return sittings.standing()
    found = JudgingStudy.objects.filter(name=name[:80]).first()
    if found is None:
        raise Http404(f"There is no study “{name[:80]}”.")
    return found


def _own(request: HttpRequest, code: str) -> Sitting:
    visitor = visitors.known(request)
    try:
        if visitor:
            return sittings.owned(visitor, code)
    except Sitting.DoesNotExist:
        pass
    raise Http404("No sitting of yours has this address.")


def _page(
    request: HttpRequest,
    study: JudgingStudy | None,
    trouble: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    context = {
        "invitation": invitation(visitors.known(request), study),
        "trouble": trouble,
        "submission": uuid.uuid4(),
    }
    return render(request, "judging/judge.html", context, status=status)
