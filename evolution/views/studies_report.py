"""All results so far as one page to keep."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from evolution.exhibits.studies import listing, reports
from evolution.views import enqueueing, seeing
from evolution.views.bounds import Turns, refusal, too_often
from evolution.views.remembering import Remembered

RATE = "20/m"
MOST_REMEMBERED = 24_000_000  # bytes
_turns = Turns(at_once=1, seconds=5)
_written = Remembered(MOST_REMEMBERED)


@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """Put together anew after something was found, from sheets that a worker has drawn."""
    listed = listing.rows()
    tag = reports.tag(listed)
    missing = reports.missing(listed)
    if missing and enqueueing.draw_sheets(missing):
        words = "The pictures of the report are being drawn. Ask for it again in a minute."
        messages.info(request, words)
        return redirect("studies")
    seeing.shows_runs(request, reports.runs_shown(listed))
    response = get_conditional_response(request, etag=f'"{tag}"')
    if response is None:
        if too_often(request, "studies-report", RATE):
            words = f"At most {RATE[:-2]} reports a minute. Wait a little."
            return refusal(HTTPStatus.TOO_MANY_REQUESTS, words)
        with _turns.one() as granted:
            if not granted:
                words = "The report is being put together for somebody else. Try again in a moment."
                return refusal(HTTPStatus.SERVICE_UNAVAILABLE, words)
            response = HttpResponse(_written.file(tag, lambda: reports.page(listed).encode()))
        name = f"foolbreeder-studies-{timezone.now():%Y-%m-%d}.html"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["ETag"] = f'"{tag}"'
    response["Cache-Control"] = "private, no-cache"
    return response
