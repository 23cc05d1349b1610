"""What is stored of somebody who judged: shown, taken along, deleted."""

import csv
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from evolution.exhibits.judging import belongings
from evolution.services.judging import forgetting
from evolution.services.visitors import Visitor
from evolution.views import visitors
from evolution.views.bounds import refusal, too_often

FILES = "60/h"


@require_safe
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    return render(request, "judging/mine.html", _context(visitors.known(request)))


@require_safe
@never_cache
def data(request: HttpRequest, extension: str) -> HttpResponse:
    """All of one's answers as a file."""
    visitor = visitors.known(request)
    if visitor is None:
        raise Http404("Nothing is stored of you.")
    if too_often(request, "judge-data", FILES):
        return refusal(429, f"At most {FILES[:-2]} of these an hour. Try again later.")
    rows = belongings.rows(visitor)
    response = _csv(rows) if extension == "csv" else JsonResponse({"answers": list(rows)})
    response["Content-Disposition"] = f'attachment; filename="my-answers.{extension}"'
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: HttpRequest) -> HttpResponse:
    """Delete all of one's answers, after a last question."""
    visitor = visitors.known(request)
    context = _context(visitor)
    if request.method == "POST":
        context["deleted"] = forgetting.forget(visitor) if visitor else 0
        context["is_deleted"] = True
    return render(request, "judging/forget.html", context)


def _context(visitor: Visitor | None) -> dict[str, Any]:
    turns = belongings.turns(visitor) if visitor else []
    return {"turns": turns, "answers": sum(turn.answers for turn in turns)}


def _csv(rows: Iterator[dict[str, Any]]) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    writer = csv.DictWriter(response, belongings.COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return response
