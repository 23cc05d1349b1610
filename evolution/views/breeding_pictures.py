"""The pictures of a brood, larger than they came with the page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from evolution import phenotypes
from evolution.exhibits.breeding import LARGER
from evolution.genomes.base import BadGenome
from evolution.models import Brood
from evolution.services import broods
from evolution.views import visitors
from evolution.views.bounds import Turns, refusal, too_often

RATE = "600/m"
_turns = Turns(at_once=2, seconds=15)


@require_safe
def picture(request: HttpRequest, code: str, number: int, slot: int, side: int) -> HttpResponse:
    if side not in LARGER:
        return refusal(400, f"size: expected one of {', '.join(map(str, LARGER))}, got {side}")
    visitor = visitors.known(request)
    found = (
        Brood.objects.filter(
            session__in=visitor.sessions, session__code=code, number=number
        ).first()
        if visitor
        else None
    )
    if found is None or slot >= len(found.origins):
        raise Http404("No picture of yours has this address.")
    if too_often(request, "brood-pictures", RATE, by=code):
        return refusal(429, "That was very quick. Wait a little.")
    with _turns.one() as granted:
        if not granted:
            return refusal(503, "Other pictures are being drawn. Try again in a moment.")
        try:
            image = phenotypes.express(broods.genomes(found)[slot], side)
        except BadGenome as error:
            return refusal(410, f"The stored genome is damaged: {error}")
    response = HttpResponse(phenotypes.webp(image), content_type="image/webp")
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response
