"""Notes which pictures a page shows beside their labels, in a cookie: no page writes to the database.

The record is read off the finished page, not kept by each view, so that a page nobody thought of
is noted as well. Answers that cross each other cannot undo one another: each that shows something
new leaves a cookie of its own name with all that it knew, and takes those away that it read.
"""

import re
import secrets
import time
from collections.abc import Callable, Iterable, Mapping

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers

from evolution.models import Run
from evolution.services.judging import exposing, seen
from evolution.services.judging.seen import Archive, Seen, Stream
from evolution.services.visitors import Visitor
from evolution.views import visitors

COOKIE = "seen-"
SALT = "evolution.views.seeing"
KEPT_FOR = 31_536_000  # seconds
MOST = 2000  # characters; more are stored as rows
NEXT_LOOK = 65  # seconds: a live page looks every 30, in a tab behind others every 60
SHOWN_IN = ("text/html", "image/svg+xml")
ASKING = ("/judge/trials/", "/judge/next/")

# Every picture has one of these beside it: a link to its page, its own address, its words.
_INDIVIDUALS = tuple(
    re.compile(pattern)
    for pattern in (
        rb"/individuals/(\d{1,12})/",
        rb"/pictures/(\d{1,12})/",
        rb'alt="No\. (\d{1,12})',
        rb'data-of="(\d{1,12})"[^>]*><img',  # a cell of a mosaic that has a picture of its own
    )
)
_ARCHIVES = re.compile(rb"/runs/(\d{1,12})/archive/(\d{1,9})\.webp")
_RUNS = re.compile(rb'ws-connect="/live/runs/(\d{1,12})')
_LIVE_GALLERY = b'ws-connect="/live/gallery'
Answer = Callable[[HttpRequest], HttpResponseBase]


def middleware(get_response: Answer) -> Answer:
    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(ASKING) and (visitor := visitors.known(request)):
            settle(request, visitor)  # what was looked at beside a sitting that goes on
        began = int(time.time())
        response = get_response(request)
        if isinstance(response, HttpResponse) and _is_shown(response):
            _note(request, response, began)
        return response

    return answer


def _is_shown(response: HttpResponse) -> bool:
    return response.headers.get("Content-Type", "").startswith(SHOWN_IN)


def read(cookies: Mapping[str, str]) -> Seen:
    """What cookies tell that were left here. What nobody can have written here tells nothing."""
    known = Seen()
    for name in _names(cookies):
        try:
            known |= seen.read(signing.Signer(salt=SALT).unsign(cookies[name]))
        except (signing.BadSignature, ValueError):
            continue
    return known


def shows_runs(request: HttpRequest, runs: Iterable[int]) -> None:
    """The page shows pictures of these runs in one image, which names none of them."""
    request.shown_runs = frozenset(runs)  # type: ignore[attr-defined]


def shows_archive(request: HttpRequest, run: Run | None) -> None:
    """The page has been sent this archive by its stream, if it did not show it from the beginning."""
    if run is not None and run.last_generation is not None:
        request.sent_archive = Archive(run.pk, run.last_generation)  # type: ignore[attr-defined]


def shown_on(page: bytes, began: int) -> Seen:
    """What a page shows that was asked for at this time."""
    stream = (Stream(began, began + NEXT_LOOK),) if _LIVE_GALLERY in page else ()
    return Seen(
        frozenset(int(number) for marks in _INDIVIDUALS for number in marks.findall(page)),
        frozenset(int(run) for run in _RUNS.findall(page)),
        frozenset(Archive(int(run), int(made)) for run, made in _ARCHIVES.findall(page)),
        stream,
    )


def settle(request: HttpRequest, visitor: Visitor) -> None:
    """Store as rows what this browser was shown: from now on it is not asked of its visitor."""
    if shown := read(request.COOKIES):
        exposing.store(visitor, shown)
        request.is_settled = True  # type: ignore[attr-defined]


def _note(request: HttpRequest, response: HttpResponse, began: int) -> None:
    before = read(request.COOKIES)
    is_settled = getattr(request, "is_settled", False)
    now = int(time.time())
    known = before.after(now) if is_settled else before
    named = Seen(runs=getattr(request, "shown_runs", frozenset()))
    shown = known | named | shown_on(response.content, began)
    if request.path == reverse("changes"):
        shown = _streamed(request, shown).watched(now, NEXT_LOOK)
    if shown == before:
        return
    patch_vary_headers(response, ["Cookie"])
    patch_cache_control(response, private=True)
    if len(str(shown)) > MOST:
        exposing.store(visitors.met(request), shown)
        shown = shown.after(now)
    _keep(request, response, shown)


def _streamed(request: HttpRequest, shown: Seen) -> Seen:
    sent: Archive | None = getattr(request, "sent_archive", None)
    if sent is None or sent.run in {archive.run for archive in shown.archives}:
        return shown  # what took its cells since is part of the stream
    return shown | Seen(archives=frozenset([sent]))


def _keep(request: HttpRequest, response: HttpResponse, shown: Seen) -> None:
    if shown:
        response.set_cookie(
            f"{COOKIE}{secrets.token_hex(3)}",
            signing.Signer(salt=SALT).sign(str(shown)),
            max_age=KEPT_FOR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    for name in _names(request.COOKIES):
        response.delete_cookie(name, samesite="Lax")


def _names(cookies: Mapping[str, str]) -> list[str]:
    return [name for name in cookies if name.startswith(COOKIE)]
