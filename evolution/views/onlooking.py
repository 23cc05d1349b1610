"""What a network says of the brood that is shown, as it comes, and the labels to wish for."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html_join
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from classifiers import catalogue
from classifiers.base import ClassifierError
from evolution.exhibits import breeding as exhibit
from evolution.views import enqueueing
from evolution.views.breeding import own_session
from evolution.views.tries import tries_of

MOST_TRIES = 100  # the first ones follow each other at 0.15 s, later ones at a second


@require_safe
@never_cache
def readings(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The readings under the pictures, and whether to ask again. Nothing in blind mode."""
    found = own_session(request, code)
    brood = found.current
    if brood is None or brood.number != number:
        raise Http404("This step is not shown any more.")
    looking, reading = exhibit.looking(found, brood)
    tries = tries_of(request)
    if looking.is_waiting:  # once a minute: a worker may have died with the first question
        enqueueing.read_brood(brood.pk, found.classifier, found.wish)
    context = {
        "session": found,
        "brood": brood,
        "unders": exhibit.unders(found, brood, reading),
        "looking": looking,
        "tries": tries + 1,
        "gave_up": tries >= MOST_TRIES,
    }
    return render(request, "breeding/_readings.html", context)


@require_safe
@cache_control(public=True, max_age=3600)
def labels(request: HttpRequest, classifier: str) -> HttpResponse:
    """The labels of a network, as options of a datalist."""
    try:
        known = catalogue.entry(classifier).labels
    except ClassifierError:
        raise Http404(f"There is no network {classifier[:40]}.") from None
    return HttpResponse(format_html_join("", '<option value="{}">', ((name,) for name in known)))
