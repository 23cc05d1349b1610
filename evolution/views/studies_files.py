"""What a study came to, to take away: tables, pictures, and everything as one file."""

import hashlib
from collections.abc import Callable
from functools import partial
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from evolution.exhibits import sheets as drawing
from evolution.exhibits.studies import drawing as sheet_files
from evolution.exhibits.studies import files, heat_maps, sheets
from evolution.exhibits.studies.reading import Counted
from evolution.models import StudyPicture
from evolution.services import spreadsheets
from evolution.views.bounds import Turns, refusal, too_often
from evolution.views.remembering import Remembered
from evolution.views.studies import found

RATE = "60/m"
MOST_REMEMBERED = 32_000_000  # bytes
VERSION = 1  # raise it when the same results are written differently
KINDS = {b"\x89PNG": "image/png", b"RIFF": "image/webp"}
_turns = Turns(at_once=2, seconds=15)
_drawn = Remembered(MOST_REMEMBERED)


@require_safe
def table(request: HttpRequest, study_id: int, kind: str, name: str) -> HttpResponse:
    """A table, a plot or a heat map as CSV."""
    one = found(study_id)
    rows = files.by_name(one.findings).get((kind, name))
    if rows is None:
        raise Http404(f"Study {study_id} has nothing called {name[:80]} among its {kind}.")
    return _csv(request, one, f"{kind}-{name}", lambda: spreadsheets.written(rows))


@require_safe
def comparisons(request: HttpRequest, study_id: int) -> HttpResponse:
    one = found(study_id)

    def write() -> str:
        return spreadsheets.written(files.comparisons(one.findings.comparisons))

    return _csv(request, one, "comparisons", write)


@require_safe
def parts(request: HttpRequest, study_id: int) -> HttpResponse:
    """All parts as they are now."""
    written = spreadsheets.written(files.parts(found(study_id)))
    response = HttpResponse(written, content_type="text/csv; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    return _named(response, f"foolbreeder-study-{study_id}-parts.csv")


@require_safe
def everything(request: HttpRequest, study_id: int) -> HttpResponse:
    """All findings and the parameters as JSON."""
    one = found(study_id)
    etag = _etag(one, "everything", one.study.status, one.study.error)

    def write() -> HttpResponse:
        return JsonResponse(files.as_json(one), json_dumps_params={"indent": 1})

    response = _conditional(request, etag, write)
    return _named(response, f"foolbreeder-study-{study_id}.json")


@require_safe
def sheet(request: HttpRequest, study_id: int, name: str) -> HttpResponse:
    """A sheet of pictures with captions, as one picture."""
    one = found(study_id)
    asked = next((sheet for sheet in one.findings.sheets if sheet.name == name), None)
    if asked is None:
        raise Http404(f"Study {study_id} has no sheet called {name[:80]}.")

    def draw() -> bytes:
        return drawing.png(sheet_files.drawn(one.study, asked))

    return _picture(request, one, f"sheet-{name}", sheets.tag(one.study, asked), draw)


@require_safe
def heat_map(request: HttpRequest, study_id: int, name: str) -> HttpResponse:
    """A heat map as a picture of one pixel a value."""
    one = found(study_id)
    asked = next((each for each in one.findings.heat_maps if each.name == name), None)
    if asked is None:
        raise Http404(f"Study {study_id} has no heat map called {name[:80]}.")
    draw = partial(heat_maps.png, asked)
    return _picture(request, one, f"heat-map-{name}", heat_maps.tag(asked), draw)


@require_safe
def picture(request: HttpRequest, picture_id: int) -> HttpResponse:
    """A picture that a part made. What an address shows never changes."""
    content = StudyPicture.objects.filter(pk=picture_id).values_list("content", flat=True).first()
    if content is None:
        raise Http404(f"There is no picture {picture_id} of a study.")
    kind = KINDS.get(bytes(content[:4]), "application/octet-stream")
    response = HttpResponse(bytes(content), content_type=kind)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _csv(request: HttpRequest, one: Counted, name: str, write: Callable[[], str]) -> HttpResponse:
    def answer() -> HttpResponse:
        return HttpResponse(write(), content_type="text/csv; charset=utf-8")

    response = _conditional(request, _etag(one, name), answer)
    return _named(response, f"foolbreeder-study-{one.study.pk}-{name}.csv")


def _picture(
    request: HttpRequest, one: Counted, name: str, tag: str, draw: Callable[[], bytes]
) -> HttpResponse:
    """Draw in turn and not too often; what was drawn lately is remembered."""

    def answer() -> HttpResponse:
        if too_often(request, "studies", RATE):
            return refusal(
                HTTPStatus.TOO_MANY_REQUESTS,
                f"At most {RATE[:-2]} figures a minute. Wait a little.",
            )
        with _turns.one() as granted:
            if not granted:
                words = "Other figures are being drawn. Try again in a moment."
                return refusal(HTTPStatus.SERVICE_UNAVAILABLE, words)
            return HttpResponse(_drawn.file(tag, draw), content_type="image/png")

    response = _conditional(request, f'"{tag}"', answer)
    if request.GET.get("download"):
        _named(response, f"foolbreeder-study-{one.study.pk}-{name}.png")
    return response


def _conditional(
    request: HttpRequest, etag: str, answer: Callable[[], HttpResponse]
) -> HttpResponse:
    """Nothing is written for a browser that has it already."""
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = answer()
    if response.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
        response["ETag"] = etag
        response["Cache-Control"] = "private, no-cache"
    return response


def _etag(one: Counted, *named: str) -> str:
    """Findings depend on which parts are done; of some studies on people's answers as well."""
    of = repr((one.submission, one.done, one.newest, one.moment, named, VERSION))
    return f'"{hashlib.sha256(of.encode()).hexdigest()[:24]}"'


def _named(response: HttpResponse, name: str) -> HttpResponse:
    if response.status_code == HTTPStatus.OK:
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
