"""What visitors do about a published picture: rate it, report it, let it challenge; staff moderates."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from evolution.errors import InvalidInput, NotAllowed
from evolution.exhibits import challenges
from evolution.models import Individual, Publication
from evolution.services import challenging, moderating, rating
from evolution.views import enqueueing
from evolution.views.bounds import refusal, too_often
from evolution.views.tries import tries_of
from evolution.views.visitors import met

RATINGS, REPORTS, CHALLENGES = "120/h", "10/h", "20/h"
MOST_TRIES = 60  # of a page that waits for the answer to a challenge, one a second
Action = Callable[[HttpRequest, Publication], str]


def _about_a_publication(group: str, rate: str) -> Callable[[Action], Callable[..., HttpResponse]]:
    """A view that does something about a published picture and goes back to its page with words."""

    def around(action: Action) -> Callable[..., HttpResponse]:
        @require_POST
        @wraps(action)
        def view(request: HttpRequest, individual_id: int) -> HttpResponse:
            publication = Publication.objects.filter(individual=individual_id).first()
            if publication is None or (publication.is_hidden and not is_staff(request)):
                raise Http404(f"There is no published picture No. {individual_id}.")
            if rate and too_often(request, group, rate):
                return refusal(429, f"At most {rate[:-2]} of these an hour. Try again later.")
            try:
                words = action(request, publication)
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except InvalidInput as error:
                return refusal(400, str(error))
            if words:
                messages.success(request, words)
            return redirect("individual", individual_id)

        return view

    return around


def is_staff(request: HttpRequest) -> bool:
    return request.user.is_active and request.user.is_staff


@_about_a_publication("rate", RATINGS)
def rate(request: HttpRequest, publication: Publication) -> str:
    stars = _whole(request, "stars")
    rating.rate(met(request), publication.pk, stars)
    return f"You gave it {stars} of 5."


@_about_a_publication("report", REPORTS)
def report(request: HttpRequest, publication: Publication) -> str:
    rating.report(met(request), publication.pk, request.POST.get("reason", ""))
    return "Reported. Staff will look at it."


@_about_a_publication("moderate", "")
def moderate(request: HttpRequest, publication: Publication) -> str:
    if not isinstance(request.user, User):
        raise NotAllowed("Only staff may moderate.")
    verb = request.POST.get("do", "")
    moderating.act(request.user, publication.pk, verb, request.POST.get("reason", ""))
    return "Done."


@_about_a_publication("challenge", CHALLENGES)
def challenge(request: HttpRequest, publication: Publication) -> str:
    asked = challenging.challenge(met(request), publication.individual, _whole(request, "run"))
    if asked.judged_at is None and challenging.may_judge(asked.pk):
        enqueueing.challenge(asked.pk)
    return ""


@require_safe
@never_cache
def outcomes(request: HttpRequest, individual_id: int) -> HttpResponse:
    """The outcomes alone, for a page that waits for one."""
    public = Individual.objects.not_hidden().filter(publication__isnull=False)
    found = public.filter(pk=individual_id).first()
    if found is None:
        raise Http404(f"There is no published picture No. {individual_id}.")
    return render(request, "individuals/_outcomes.html", panel(found, tries_of(request)))


def panel(individual: Individual, tries: int) -> dict[str, object]:
    """Challenges and their outcomes. A lost message is sent again, once a minute at most."""
    found = challenges.outcomes(individual)
    waiting = [one.challenge.pk for one in found if one.is_waiting]
    for number in waiting:
        if challenging.may_judge(number):
            enqueueing.challenge(number)
    return {
        "individual": individual,
        "outcomes": found,
        "is_waiting": bool(waiting) and tries < MOST_TRIES,
        "next_try": tries + 1,
    }


def _whole(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise InvalidInput(name, f"expected a whole number, got “{text[:20]}”")
    return int(text)
