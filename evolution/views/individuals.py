"""The page of one individual, what networks say of it, and its genome."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from evolution.exhibits import asked as asked_exhibit
from evolution.exhibits import challenges, individuals, naming, opinions, painting, publications
from evolution.exhibits.genomes import genome as genome_exhibit
from evolution.exhibits.opinions import Opinion, Transfer
from evolution.genomes import codec
from evolution.genomes.base import BadGenome
from evolution.models import Individual, Publication
from evolution.services import challenging, predicting
from evolution.views import enqueueing, families, responding
from evolution.views.bounds import refusal
from evolution.views.tries import tries_of
from evolution.views.visitors import known

MOST_TRIES = 30  # one a second
PNG_SIZES = (28, 256, 1024, 2048, 4096)
CARD = 640  # pixels a side of the picture that other sites show beside a link
HIDDEN = "Staff has hidden this picture."


@dataclass(frozen=True)
class Panel:
    """What networks say so far, and whether it is worth asking for the rest again."""

    individual: Individual
    label: str
    opinions: list[Opinion]
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

    @property
    def first(self) -> Opinion | None:
        """Of the networks that have answered, the first of those that know the most labels."""
        answered = [opinion for opinion in self.opinions if opinion.readings]
        return max(answered, key=lambda one: len(naming.labels(one.classifier)), default=None)


@require_safe
def individual(request: HttpRequest, individual_id: int) -> HttpResponse:
    if "png" in request.GET:
        return _picture(individual_id, request.GET["png"])
    found = stored(individual_id)
    context = {
        "genome": genome_exhibit(found),
        "panel": _panel(found, tries=0),
        "asked": asked_exhibit.asked(found.pk),
        "png_sizes": PNG_SIZES,
        "tool": painting.tool(found),
        **families.line_of(request, found),
    }
    if found.run is None:
        return _hand_bred(request, found, context)
    context["shown"] = individuals.exhibit(found, found.run)
    return render(request, "individuals/individual.html", context)


def _hand_bred(request: HttpRequest, found: Individual, context: dict[str, object]) -> HttpResponse:
    publication = _publication(found)
    hidden = publication is not None and publication.is_hidden
    staff = responding.is_staff(request)
    if hidden and not staff:
        return render(request, "individuals/hidden.html", {"individual": found}, status=410)
    context |= {"shown": individuals.drawn(found), "steps": publications.steps(found)}
    if publication is None:
        context["ends"] = publications.ends(found)
    else:
        context |= responding.panel(found, tries=0)
        context |= {
            "published": publications.published(publication, known(request)),
            "offers": [(run.pk, challenges.offer(run)) for run in challenging.challengeable(found)],
            "desk": publications.desk(publication) if staff else None,
            "address": request.build_absolute_uri(request.path),
            "card_side": CARD,
            "card": request.build_absolute_uri(reverse("picture", args=[found.pk, CARD, "png"])),
        }
    response = render(request, "individuals/hand_bred.html", context)
    add_never_cache_headers(response)  # it shows what this visitor gave
    return response


@require_safe
def predictions(request: HttpRequest, individual_id: int) -> HttpResponse:
    found = stored(individual_id)
    if is_hidden(request, found):
        return refusal(410, HIDDEN)
    context = {"panel": _panel(found, tries_of(request)), "publication": _publication(found)}
    template = "_networks" if found.run else "_predictions"
    response = render(request, f"individuals/{template}.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def people(request: HttpRequest, individual_id: int) -> HttpResponse:
    """What people answered so far; nothing where that is what the page shows already."""
    found = stored(individual_id)
    if is_hidden(request, found):
        return refusal(410, HIDDEN)
    asked = asked_exhibit.asked(found.pk)
    if request.GET.get("state") == asked.state:
        response = HttpResponse(status=204)
    else:
        context = {"asked": asked, "publication": _publication(found)}
        response = render(request, "individuals/_asked.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def genome(request: HttpRequest, individual_id: int) -> HttpResponse:
    found = get_object_or_404(Individual.objects.select_related("publication"), pk=individual_id)
    if is_hidden(request, found):
        return refusal(410, HIDDEN)
    if found.genome is None:
        return refusal(
            410, f"The genome of No. {individual_id} was not kept: it holds no cell any more."
        )
    try:
        content = codec.to_json(codec.decode(bytes(found.genome)))
    except BadGenome as error:
        return refusal(410, f"The stored genome of No. {individual_id} is damaged: {error}")
    response = JsonResponse(content, json_dumps_params={"indent": 1})
    if request.GET.get("download"):
        name = f"foolbreeder-{individual_id}.json"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def stored(individual_id: int) -> Individual:
    """An individual with what its page needs of others; else no such page is found."""
    rows = Individual.objects.select_related("run", "brood__session", "publication__author")
    return get_object_or_404(rows.defer("brood__genomes"), pk=individual_id)


def _publication(found: Individual) -> Publication | None:
    return getattr(found, "publication", None)


def is_hidden(request: HttpRequest, found: Individual) -> bool:
    """Whether staff has hidden it from whoever asks."""
    publication = _publication(found)
    return publication is not None and publication.is_hidden and not responding.is_staff(request)


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
