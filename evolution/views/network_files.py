"""Files of an individual's network: a drawing, and the form that Picbreeder knows."""

import hashlib
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from evolution.exhibits.network_file import network_diagram_file
from evolution.genomes import codec, picbreeder_writing
from evolution.genomes.base import BadGenome
from evolution.genomes.codec import AnyGenome
from evolution.genomes.direct import DirectGenome
from evolution.genomes.neat import NeatGenome
from evolution.genomes.pixels import PixelGenome
from evolution.models import Individual
from evolution.views.bounds import Turns, refusal, too_often

RATE = "60/m"
DRAWING = 1  # raise it when the same network is drawn differently, or browsers keep the old file
PIXELS_ALONE = "It has no network: each of its genes is the brightness of one pixel."
# The drawing is a document with a style sheet inside, and is given no more rights than that.
ALONE = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox"
)
_turns = Turns(at_once=2, seconds=10)


class Unwritable(Exception):
    """There is no such file of this genome. The message says why."""


@require_safe
def svg(request: HttpRequest, individual_id: int) -> HttpResponse:
    response = _file(request, individual_id, "svg", "image/svg+xml", _drawing)
    response["Content-Security-Policy"] = ALONE
    return response


@require_safe
def xml(request: HttpRequest, individual_id: int) -> HttpResponse:
    return _file(request, individual_id, "xml", "application/xml", _for_picbreeder)


def _drawing(genome: AnyGenome) -> bytes:
    if isinstance(genome, DirectGenome | PixelGenome):
        raise Unwritable(PIXELS_ALONE)
    drawn = network_diagram_file(genome)
    if drawn is None:
        raise Unwritable(
            "Its network is too large to be drawn; the JSON file of the genome holds it."
        )
    return drawn


def _for_picbreeder(genome: AnyGenome) -> bytes:
    if isinstance(genome, DirectGenome | PixelGenome):
        raise Unwritable(PIXELS_ALONE)
    if not isinstance(genome, NeatGenome):
        raise Unwritable(
            "Picbreeder's files are about networks whose nodes and links are marked; a run breeds "
            "networks without markings. The JSON file of the genome holds it."
        )
    try:
        return picbreeder_writing.write(genome)
    except BadGenome as error:
        raise Unwritable(f"There is no Picbreeder file of it: {error}.") from None


def _file(
    request: HttpRequest,
    individual_id: int,
    extension: str,
    media_type: str,
    write: Callable[[AnyGenome], bytes],
) -> HttpResponse:
    """The file that `write` makes of a genome: what an address gives never changes."""
    found = Individual.objects.filter(pk=individual_id)
    rows = found.values_list("genome", "publication__hidden_at")
    if not rows:
        return refusal(404, f"individual: expected one that is stored, got No. {individual_id}")
    content, hidden = rows[0]
    if hidden:
        return refusal(410, f"Staff has hidden No. {individual_id}.")
    if content is None:
        return refusal(410, f"The genome of No. {individual_id} was not kept: it holds no cell.")
    genome = bytes(content)
    etag = f'"{hashlib.sha256(genome + f"|{extension}|{DRAWING}".encode()).hexdigest()[:24]}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = _written(request, genome, media_type, write)
    if response.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
        response["ETag"] = etag
        response["Cache-Control"] = "public, max-age=31536000, immutable"
        kind = "attachment" if request.GET.get("download") else "inline"
        name = f"foolbreeder-{individual_id}.{extension}"
        response["Content-Disposition"] = f'{kind}; filename="{name}"'
    return response


def _written(
    request: HttpRequest, genome: bytes, media_type: str, write: Callable[[AnyGenome], bytes]
) -> HttpResponse:
    if too_often(request, "network-files", RATE):
        return refusal(429, f"At most {RATE[:-2]} such files a minute. Wait a little.")
    with _turns.one() as granted:
        if not granted:
            return refusal(503, "Other networks are being drawn. Try again in a moment.")
        try:
            return HttpResponse(write(codec.decode(genome)), content_type=media_type)
        except BadGenome as error:
            return refusal(410, f"The stored genome is damaged: {error}")
        except Unwritable as error:
            return refusal(404, str(error))
