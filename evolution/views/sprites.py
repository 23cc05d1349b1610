"""The pictures of a large archive in one image: what an address shows never changes."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from evolution.exhibits import sprites
from evolution.models import Run
from evolution.views.bounds import Turns, refusal, too_often

RATE = "60/m"  # anew, by one visitor; the usual one was made for somebody else before
_turns = Turns(at_once=1, seconds=10)


@require_safe
def sprite(request: HttpRequest, run_id: int, generation: int) -> HttpResponse:
    composed = sprites.known(run_id, generation)
    if composed is None:
        run = Run.objects.filter(pk=run_id, generation__gt=generation).first()
        if run is None:
            words = f"expected a run and a generation that it has done, got {run_id}, {generation}"
            return refusal(404, words)
        if too_often(request, "sprites", RATE):
            return refusal(429, f"At most {RATE[:-2]} archives a minute. Wait a little.")
        with _turns.one() as granted:
            if not granted:
                return refusal(503, "Other archives are being put together. Try again in a moment.")
            composed = sprites.known(run_id, generation) or sprites.make(run, generation)
    response = HttpResponse(composed, content_type="image/webp")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
