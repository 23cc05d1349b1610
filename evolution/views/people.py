"""The people who publish under their names, and the pages of each."""

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from evolution.exhibits import breeding_sessions, publications_wall
from evolution.exhibits import people as exhibit


@require_safe
@never_cache
def people(request: HttpRequest) -> HttpResponse:
    return render(request, "people/people.html", {"breeders": exhibit.breeders()})


@require_safe
@never_cache
def person(request: HttpRequest, username: str) -> HttpResponse:
    """Nobody is told whether an account exists that shows nothing."""
    found = None if "\x00" in username else User.objects.filter(username=username).first()
    if found is None:
        raise Http404("Nobody of that name has published anything here.")
    is_own = request.user == found
    shown = exhibit.shown(found, to_themselves=is_own)
    if not is_own and not shown.exists():
        raise Http404("Nobody of that name has published anything here.")
    filters, _ = publications_wall.read({"after": request.GET.get("after", "")})
    context = {
        "profile": exhibit.profile(found),
        "page": publications_wall.page(filters, shown),
        "is_own": is_own,
        "sessions": breeding_sessions.newest(exhibit.unpublished(found)) if is_own else (),
    }
    return render(request, "people/person.html", context)
