"""Pictures of individuals at any size: what an address shows never changes."""

import hashlib
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from evolution import phenotypes
from evolution.genomes import codec
from evolution.genomes.base import MAX_SIDE, BadGenome
from evolution.models import Individual
from evolution.views.bounds import Turns, refusal, too_often
from evolution.views.remembering import Remembered

FORMATS: Final[dict[str, Callable[[phenotypes.Picture], bytes]]] = {
    "png": phenotypes.png,
    "webp": phenotypes.webp,
}
THUMBNAIL = (64, "webp")
LARGE = 512  # pixels a side; beyond it a drawing takes a share of a second and tens of megabytes
LARGE_RATE = "30/m"
HUGE = 2048  # beyond it, seconds and more than a hundred megabytes
HUGE_RATE = "6/m"
DRAWING = 3  # raise it when the same genome is drawn differently, or browsers keep the old picture
SHARED = 256  # pixels a side; what the wall hangs for everybody, and the process remembers
MOST_REMEMBERED = 64_000_000  # bytes
_large_turns = Turns(at_once=2, seconds=15)
_shared_files = Remembered(MOST_REMEMBERED)


@require_safe
def picture(
    request: HttpRequest, individual_id: int, size: int | str, extension: str
) -> HttpResponse:
    side = _side(size)
    if side is None:
        return refusal(400, f"size: expected a whole number from 1 to {MAX_SIDE}, got {size}")
    if extension not in FORMATS:
        return refusal(404, f"format: expected {' or '.join(FORMATS)}, got {extension[:20]}")
    found = Individual.objects.filter(pk=individual_id)
    if (side, extension) == THUMBNAIL and (small := _thumbnail(found)):
        return _kept(HttpResponse(small, content_type="image/webp"))
    rows = found.values_list("genome", "publication__hidden_at")
    if not rows:
        return refusal(404, f"individual: expected one that is stored, got No. {individual_id}")
    genome, hidden = rows[0]
    if hidden and not (request.user.is_active and request.user.is_staff):
        return refusal(410, f"Staff has hidden No. {individual_id}.")
    if genome is None:
        return refusal(410, f"The genome of No. {individual_id} was not kept: it held no cell.")
    response = _conditional(request, bytes(genome), side, extension)
    if response.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
        if hidden:
            response["Cache-Control"] = "no-store"
        if request.GET.get("download"):
            name = f"foolbreeder-{individual_id}-{side}.{extension}"
            response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _conditional(request: HttpRequest, genome: bytes, side: int, extension: str) -> HttpResponse:
    etag = _etag(genome, side, extension)
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = _drawn(request, genome, side, extension)
    if response.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
        response["ETag"] = etag
        _kept(response)
    return response


def _thumbnail(found: QuerySet[Individual]) -> bytes | None:
    """What was stored of a large picture; it outlives the genome."""
    shown = found.filter(publication__hidden_at__isnull=True)
    stored = shown.values_list("thumbnail", flat=True).first()
    return bytes(stored) if stored is not None else None


def _kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _side(size: int | str) -> int | None:
    text = str(size)
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MAX_SIDE))):
        return None
    return int(text) if 1 <= int(text) <= MAX_SIDE else None


def _etag(genome: bytes, side: int, extension: str) -> str:
    of = hashlib.sha256(genome + f"|{side}|{extension}|{DRAWING}".encode())
    return f'"{of.hexdigest()[:24]}"'


def _drawn(request: HttpRequest, genome: bytes, side: int, extension: str) -> HttpResponse:
    try:
        if side <= LARGE:
            return _file(genome, side, extension)
        for above, rate in ((LARGE, LARGE_RATE), (HUGE, HUGE_RATE)):
            if side > above and too_often(request, f"pictures-above-{above}", rate):
                words = (
                    f"At most {rate[:-2]} pictures above {above} pixels a minute. Wait a little."
                )
                return refusal(429, words)
        with _large_turns.one() as granted:
            if not granted:
                return refusal(503, "Other large pictures are being drawn. Try again in a moment.")
            return _file(genome, side, extension)
    except BadGenome as error:
        return refusal(410, f"The stored genome is damaged and cannot be drawn: {error}")


def _file(genome: bytes, side: int, extension: str) -> HttpResponse:
    """Raises BadGenome."""

    def draw() -> bytes:
        return FORMATS[extension](phenotypes.express(codec.decode(genome), side))

    # By its name, not by the genome: one of these may take as much memory as twenty files.
    content = _shared_files.file(_etag(genome, side, extension), draw) if side <= SHARED else draw()
    return HttpResponse(content, content_type=f"image/{extension}")
