"""Read-only JSON for programs, as docs/api.md tells: public values alone, whoever asks."""

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response

from evolution.exhibits.api import individuals, pages, publications, runs
from evolution.exhibits.api.pages import Part
from evolution.views.bounds import too_often

RATE = "120/m"  # of one address
SECONDS = 15  # that an answer may be kept
METHODS = "GET, HEAD, OPTIONS"
PAGING = ("after", "limit")
MOST_NUMBER = 2**63 - 1  # of a row
LONGEST_NAME = 150
_WHOLE = re.compile(r"\d{1,19}", re.ASCII)

Answer = dict[str, Any] | None
View = Callable[..., HttpResponse]


class Refused(Exception):
    """What cannot be answered: the argument, what was expected of it, what came."""

    def __init__(self, argument: str, expected: str, got: object, status: int = 400) -> None:
        super().__init__(argument, expected, got)
        self.status = status
        self.words = {"argument": argument, "expected": expected, "got": str(got)[:100]}


def public_json(*arguments: str) -> Callable[[Callable[..., Answer]], View]:
    """Make a view of a function that returns plain values, or None for what is not there.

    arguments: all that may stand in the query.
    """

    def decorator(function: Callable[..., Answer]) -> View:
        @wraps(function)
        def view(request: HttpRequest, **place: int) -> HttpResponse:
            try:
                response = _answer(request, function, arguments, place)
            except Refused as refused:
                response = JsonResponse({"error": refused.words}, status=refused.status)
                response["Cache-Control"] = "no-store"
                if refused.status == 429:
                    response["Retry-After"] = "30"
            response["Access-Control-Allow-Origin"] = "*"
            if request.method == "OPTIONS" or response.status_code == 405:
                response["Allow"] = response["Access-Control-Allow-Methods"] = METHODS
            return response

        view.csrf_exempt = True  # type: ignore[attr-defined]  # a refused method changes nothing
        return view

    return decorator


def _answer(
    request: HttpRequest,
    function: Callable[..., Answer],
    arguments: tuple[str, ...],
    place: dict[str, int],
) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
    if request.method not in ("GET", "HEAD"):
        raise Refused("method", METHODS, request.method, 405)
    if too_often(request, "api", RATE):
        raise Refused("rate", f"at most {RATE[:-2]} questions a minute", "more", 429)
    for name in request.GET:
        if name not in arguments:
            expected = f"one of {', '.join(arguments)}" if arguments else "nothing"
            raise Refused("query", expected, name)
    is_stored = all(number <= MOST_NUMBER for number in place.values())
    found = function(request, **place) if is_stored else None
    if found is None:
        (name, number), *_ = place.items()
        raise Refused(name.removesuffix("_id"), "the number of one that is public", number, 404)
    response = JsonResponse(found)
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:24]}"'
    answer = get_conditional_response(request, etag=etag, response=response)
    assert answer is not None  # as a response was given
    answer["ETag"] = etag
    answer["Cache-Control"] = f"public, max-age={SECONDS}"
    return answer


@public_json()
def individual(request: HttpRequest, individual_id: int) -> Answer:
    return individuals.individual(individual_id)


@public_json(*PAGING)
def line(request: HttpRequest, individual_id: int) -> Answer:
    return individuals.line(individual_id, _part(request, most=10_000))


@public_json(*PAGING)
def children(request: HttpRequest, individual_id: int) -> Answer:
    return individuals.children(individual_id, _part(request))


@public_json("tag", "author", *PAGING)
def publication_list(request: HttpRequest) -> Answer:
    return publications.newest(_part(request), _name(request, "tag"), _name(request, "author"))


@public_json(*PAGING)
def run_list(request: HttpRequest) -> Answer:
    return runs.newest(_part(request))


@public_json()
def run(request: HttpRequest, run_id: int) -> Answer:
    return runs.run(run_id)


@public_json("history", *PAGING)
def elites(request: HttpRequest, run_id: int) -> Answer:
    history = request.GET.get("history", "0")
    if history not in ("0", "1"):
        raise Refused("history", "0 or 1", history)
    return runs.elites(run_id, _part(request), history=history == "1")


@public_json()
def unknown(request: HttpRequest) -> Answer:
    raise Refused("address", "one that docs/api.md tells", request.path, 404)


def _part(request: HttpRequest, most: int = MOST_NUMBER) -> Part:
    after, limit = request.GET.get("after"), request.GET.get("limit")
    asked = {name: request.GET.get(name, "") for name in request.GET if name not in PAGING}
    return Part(
        request.path,
        None if after is None else _whole("after", after, 0, most),
        pages.USUAL if limit is None else _whole("limit", limit, 1, pages.MOST),
        asked,
    )


def _whole(name: str, text: str, least: int, most: int) -> int:
    if not _WHOLE.fullmatch(text) or not least <= int(text) <= most:
        raise Refused(name, f"a whole number from {least} to {most}", text)
    return int(text)


def _name(request: HttpRequest, name: str) -> str:
    text = request.GET.get(name, "")
    if len(text) > LONGEST_NAME or "\0" in text:
        raise Refused(name, f"up to {LONGEST_NAME} characters", text)
    return text
