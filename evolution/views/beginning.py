"""How breeding begins: a blank start, a stored individual, a file, a link from another device."""

import uuid

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evolution.errors import InvalidInput
from evolution.exhibits import breeding_sessions
from evolution.genomes import files
from evolution.genomes.base import BadGenome
from evolution.models import BreedingSession, Individual
from evolution.services import breeding
from evolution.services.breeding import Beginning
from evolution.services.visitors import Visitor
from evolution.views import breeding_settings, visitors
from evolution.views.bounds import too_often
from evolution.views.breeding import own_session

RATE = "300/h"
SALT = "evolution.views.beginning.carried"
CARRIED_FOR = 7 * 86_400  # seconds that a link to another device is good for
MOST_BYTES = 5_000_000  # of a file


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _start_page(request)
    try:
        session = breeding.begin(_visitor(request), _beginning(request))
    except InvalidInput as error:
        return _start_page(request, str(error), 400)
    return redirect("breeding-session", session.code)


@require_POST
def branch(request: HttpRequest, individual_id: int) -> HttpResponse:
    """Breed from a stored individual: a published picture, an elite, a step of a lineage."""
    every = Individual.objects.not_hidden().select_related("run", "brood__session")
    found = get_object_or_404(every, pk=individual_id)
    try:
        session = breeding.branch(_visitor(request), found, _beginning(request))
    except InvalidInput as error:
        return _start_page(request, error.message, 400)
    except BadGenome as error:
        return _start_page(request, f"The genome of No. {individual_id} is damaged: {error}", 410)
    return redirect("breeding-session", session.code)


@require_POST
def bring(request: HttpRequest) -> HttpResponse:
    """Breed from a file: our JSON, or an original Picbreeder genome."""
    upload = request.FILES.get("file")
    if upload is None:
        return _start_page(request, "file: expected a file, got none", 400)
    if (upload.size or 0) > MOST_BYTES:
        return _start_page(
            request, f"file: expected at most {MOST_BYTES:,} bytes, got {upload.size:,}", 413
        )
    try:
        found = files.read(upload.read())
        session = breeding.begin_from_file(
            _visitor(request), found, upload.name or "file", _beginning(request)
        )
    except (InvalidInput, BadGenome) as error:
        return _start_page(request, f"This file cannot be bred from: {error}", 400)
    return redirect("breeding-session", session.code)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def carry(request: HttpRequest, token: str) -> HttpResponse:
    """Go on with a session on another device. Opening the link alone does nothing."""
    try:
        code = signing.loads(token, salt=SALT, max_age=CARRIED_FOR)
    except signing.BadSignature:
        return render(request, "breeding/carry.html", {}, status=410)
    session = BreedingSession.objects.filter(code=code).select_related("current").first()
    if session is None:
        return render(request, "breeding/carry.html", {}, status=410)
    if request.method == "POST":
        visitors.met(request)
        visitors.carry(request, session.code)
        return redirect("breeding-session", session.code)
    return render(request, "breeding/carry.html", {"session": session})


@require_safe
@never_cache
def link(request: HttpRequest, code: str) -> HttpResponse:
    """The link that carries a session to another device."""
    session = own_session(request, code)
    path = reverse("breeding-carry", args=[signing.dumps(session.code, salt=SALT)])
    context = {
        "session": session,
        "address": request.build_absolute_uri(path),
        "days": CARRIED_FOR // 86_400,
    }
    return render(request, "breeding/link.html", context)


def _visitor(request: HttpRequest) -> Visitor:
    if too_often(request, "beginning", RATE):
        raise InvalidInput(
            "session", f"At most {RATE[:-2]} an hour. Go on with one that you began."
        )
    return visitors.met(request)


def _beginning(request: HttpRequest) -> Beginning:
    asked = request.POST
    try:
        submission = uuid.UUID(asked["submission"]) if asked.get("submission") else uuid.uuid4()
    except ValueError:
        raise InvalidInput("submission", "expected the number that the form had") from None
    seed = asked.get("seed", "").strip()
    return Beginning(
        colour=asked.get("colour") or "colour",
        seed=breeding_settings.whole("seed", seed, 0, breeding.LARGEST_SEED) if seed else None,
        settings=breeding_settings.settings(asked),
        submission=submission,
    )


def _start_page(request: HttpRequest, trouble: str = "", status: int = 200) -> HttpResponse:
    visitor = visitors.known(request)
    context = {
        "trouble": trouble,
        "sessions": breeding_sessions.newest(visitor.sessions) if visitor else [],
        "submission": uuid.uuid4(),
        "chosen": request.POST,
    }
    return render(request, "breeding/start.html", context, status=status)
