"""The page of one individual, what networks say of it, and its genome."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from evolution.exhibits import individuals, opinions
from evolution.exhibits.genomes import genome as genome_exhibit
from evolution.exhibits.opinions import Transfer
from evolution.genomes import codec
from evolution.genomes.base import BadGenome
from evolution.models import Individual
from evolution.services import predicting
from evolution.views import enqueueing
from evolution.views.tries import tries_of

MOST_TRIES = 30  # one a second
PNG_SIZES = (28, 256, 1024, 2048, 4096)


@dataclass(frozen=True)
class Panel:
    """What networks say so far, and whether it is worth asking for the rest again."""

    individual: Individual
    label: str
    opinions: list[opinions.Opinion]
    tries: int
    reachable: bool

    @property
    def transfer(self) -> Transfer | None:
        return opinions.transfer(self.opinions)

    @property
    def is_complete(self) -> bool:
        return not opinions.missing(self.opinions)

    @property
    def can_be_asked(self) -> bool:
        return self.individual.genome is not None

    @property
    def is_waiting(self) -> bool:
        open_questions = self.can_be_asked and not self.is_complete
        return open_questions and self.reachable and self.tries < MOST_TRIES

    @property
    def next_try(self) -> int:
        return self.tries + 1


@require_safe
def individual(request: HttpRequest, individual_id: int) -> HttpResponse:
    if "png" in request.GET:
        return _picture(individual_id, request.GET["png"])
    found = get_object_or_404(Individual.objects.select_related("run"), pk=individual_id)
    context = {
        "shown": individuals.exhibit(found, whole=request.GET.get("all") == "1"),
        "genome": genome_exhibit(found),
        "panel": _panel(found, tries=0),
        "png_sizes": PNG_SIZES,
    }
    return render(request, "individuals/individual.html", context)


@require_safe
def predictions(request: HttpRequest, individual_id: int) -> HttpResponse:
    found = get_object_or_404(Individual.objects.select_related("run"), pk=individual_id)
    panel = _panel(found, tries_of(request))
    response = render(request, "individuals/_networks.html", {"panel": panel})
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def genome(request: HttpRequest, individual_id: int) -> HttpResponse:
    found = get_object_or_404(Individual, pk=individual_id)
    if found.genome is None:
        return _refusal(
            f"The genome of No. {individual_id} was not kept: it holds no cell any more."
        )
    try:
        content = codec.to_json(codec.decode(bytes(found.genome)))
    except BadGenome as error:
        return _refusal(f"The stored genome of No. {individual_id} is damaged: {error}")
    response = JsonResponse(content, json_dumps_params={"indent": 1})
    if request.GET.get("download"):
        name = f"foolbreeder-{individual_id}.json"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _panel(found: Individual, tries: int) -> Panel:
    """Asks the networks that were not asked yet, each at most once a minute whoever looks."""
    label = individuals.label_of(found)
    shown = opinions.opinions(found, label)
    reachable = True
    if found.genome is not None:
        for classifier in opinions.missing(shown):
            if predicting.may_ask(found.pk, classifier):
                reachable &= enqueueing.predict(found.pk, classifier)
    return Panel(found, label, shown, tries, reachable)


def _picture(individual_id: int, size: str) -> HttpResponse:
    """The size form's answer. What is no size is left for the picture's address to refuse."""
    if not (size.isascii() and size.isdigit()):
        words = f"size: expected a whole number of pixels, got {size[:20]}\n"
        return HttpResponse(words, status=400, content_type="text/plain; charset=utf-8")
    response = redirect("picture", individual_id, int(size[:9]), "png")
    response["Location"] += "?download=1"
    return response


def _refusal(words: str) -> HttpResponse:
    return HttpResponse(words + "\n", status=410, content_type="text/plain; charset=utf-8")
