"""All judgments to take away, and what their columns mean."""

from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

from channels.db import DatabaseSyncToAsync
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from evolution.errors import InvalidInput
from evolution.exhibits.judging import data as exhibit
from evolution.judging import columns
from evolution.models import JudgingStudy
from evolution.services.judging import exporting, parquet
from evolution.views.bounds import refusal, too_often

RATE = "60/h"  # a class of thirty shares an address
_readers = ThreadPoolExecutor(2, thread_name_prefix="judgments")  # live pages do not wait for them


@require_safe
@never_cache
def data(request: HttpRequest) -> HttpResponse:
    context = {
        "studies": exhibit.studies(),
        "columns": exhibit.columns(),
        "licence": columns.LICENCE,
        "licence_address": columns.LICENCE_ADDRESS,
    }
    return render(request, "judging/data.html", context)


@require_safe
def dictionary(request: HttpRequest) -> HttpResponse:
    return JsonResponse(columns.dictionary(), json_dumps_params={"indent": 1})


@require_safe
@never_cache
def csv(request: HttpRequest) -> HttpResponseBase:
    return _table(request, "csv")


@require_safe
@never_cache
def as_parquet(request: HttpRequest) -> HttpResponseBase:
    return _table(request, "parquet")


def _table(request: HttpRequest, kind: str) -> HttpResponseBase:
    try:
        chosen = exporting.study(request.GET.get("study", ""))
    except InvalidInput as error:
        return refusal(HTTPStatus.NOT_FOUND, str(error))
    if too_often(request, "judging-data", RATE):
        return refusal(
            HTTPStatus.TOO_MANY_REQUESTS, f"At most {RATE[:-2]} downloads an hour. Wait a little."
        )
    response = StreamingHttpResponse(_read(request, _pieces(kind, chosen)))
    response["Content-Type"] = (
        "text/csv; charset=utf-8" if kind == "csv" else "application/vnd.apache.parquet"
    )
    name = f"foolbreeder-judgments{f'-{chosen.name}' if chosen else ''}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _pieces(kind: str, chosen: JudgingStudy | None) -> Iterator[bytes]:
    if kind == "parquet":
        return parquet.pieces(chosen)
    return (text.encode() for text in exporting.csv_text(chosen))


def _read(request: HttpRequest, pieces: Iterator[bytes]) -> Iterator[bytes] | AsyncIterator[bytes]:
    """Over ASGI Django would gather all pieces of a plain iterator before it sends the first."""
    return _one_by_one(pieces) if isinstance(request, ASGIRequest) else pieces


async def _one_by_one(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    taken = DatabaseSyncToAsync(_taken, thread_sensitive=False, executor=_readers)
    while (piece := await taken(pieces)) is not None:
        yield piece


def _taken(pieces: Iterator[bytes]) -> bytes | None:
    return next(pieces, None)
