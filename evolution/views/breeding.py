"""One breeding session: its page, and its steps."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from evolution.errors import InvalidInput, Stale
from evolution.exhibits import breeding as exhibit
from evolution.exhibits.breeding_history import history
from evolution.genomes.base import BadGenome
from evolution.models import BreedingSession, Brood
from evolution.services import onlooking, steps
from evolution.services.steps import Step
from evolution.views import breeding_settings, enqueueing, visitors
from evolution.views.bounds import Turns, refusal, too_often
from evolution.views.remembering import Remembered

RATE = "240/m"  # of one session
ADDRESS_RATE = "1500/m"
MOST_REMEMBERED = 32_000_000  # bytes of small pictures
small_pictures = Remembered(MOST_REMEMBERED)
_turns = Turns(at_once=4, seconds=15)

ACTS: dict[str, Callable[[BreedingSession, Step], Brood]] = {
    "evolve": steps.evolve,
    "chance": steps.evolve_by_chance,
    "again": steps.roll_again,
    "restart": steps.restart,
    "undo": lambda session, step: steps.undo(session, step.shown),
    "redo": lambda session, step: steps.redo(session, step.shown),
}


class TooBusy(Exception):
    """Too many ask for the same at once, or one asks too often."""


@require_safe
@never_cache
def session(request: HttpRequest, code: str) -> HttpResponse:
    found = own_session(request, code)
    try:
        return _page(request, found)
    except BadGenome as error:
        words = f"The stored pictures of this step are damaged: {error}"
        return refusal(HTTPStatus.GONE, words)


@require_POST
@never_cache
def step(request: HttpRequest, code: str) -> HttpResponse:
    """Do what the pressed button says. Answers with the brood that is shown then."""
    found = own_session(request, code)
    try:
        if request.POST.get("do") == "publish":
            return _to_publishing(request, found)
        _do(request, found)
    except TooBusy as error:
        return _page(request, found, str(error), HTTPStatus.TOO_MANY_REQUESTS)
    except Stale as error:
        words = f"{error} Here is the present one; nothing was changed."
        return _page(request, own_session(request, code), words, HTTPStatus.CONFLICT)
    except InvalidInput as error:
        return _page(request, found, str(error).removeprefix("parent: "), HTTPStatus.BAD_REQUEST)
    except BadGenome as error:
        return _page(request, found, f"The stored genome is damaged: {error}", HTTPStatus.GONE)
    if request.htmx:  # type: ignore[attr-defined]
        return _page(request, own_session(request, code))
    return redirect("breeding-session", code)


def own_session(request: HttpRequest, code: str) -> BreedingSession:
    """A session of this visitor; nobody is told whether another one exists."""
    visitor = visitors.known(request)
    every = BreedingSession.objects.select_related("current__parent", "branched_from__run")
    found = every.filter(visitor.owns, code=code).first() if visitor else None
    if found is None:
        raise Http404("No breeding session of yours has this address.")
    return found


def _do(request: HttpRequest, found: BreedingSession) -> None:
    often = too_often(request, "breeding", RATE, by=found.code)
    if often or too_often(request, "breeding-address", ADDRESS_RATE):
        raise TooBusy("That was very quick. Wait a moment; nothing is lost.")
    asked = request.POST
    onlooking.look(
        found,
        asked.get("classifier", "") if asked.get("look") else "",
        asked.get("wish", "").strip(),
    )
    do, _, where = asked.get("do", "evolve").partition(" ")
    shown = breeding_settings.number(asked, "brood", 0, steps.MOST_BROODS)
    if do == "look":
        return
    if do == "go":
        steps.go(found, shown, breeding_settings.whole("go", where, 0, steps.MOST_BROODS))
        return
    if do not in ACTS:
        raise InvalidInput("do", f"expected one of {', '.join(ACTS)}, got {do[:20]!r}")
    asked_for = Step(shown, breeding_settings.settings(asked), breeding_settings.slots(asked))
    with _turns.one() as granted:
        if not granted:
            raise TooBusy(
                "Many people breed at the moment. Try again in a moment; nothing is lost."
            )
        ACTS[do](found, asked_for)


def _to_publishing(request: HttpRequest, found: BreedingSession) -> HttpResponse:
    """The form for the one picture that was picked."""
    slots = breeding_settings.slots(request.POST)
    shown = breeding_settings.number(request.POST, "brood", 0, steps.MOST_BROODS)
    if len(slots) != 1:
        raise InvalidInput("parent", "Pick the one picture that you want to publish.")
    address = reverse("publish", args=[found.code]) + f"?brood={shown}&slot={slots[0]}"
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


def _page(
    request: HttpRequest,
    found: BreedingSession,
    trouble: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    brood = found.current
    assert brood is not None  # a session is stored with its first brood
    looking, reading = exhibit.looking(found, brood)
    picked = _picked(request, brood) if trouble else exhibit.picked_before(brood)
    unders = exhibit.unders(found, brood, reading)
    unreachable = looking.is_waiting and not enqueueing.read_brood(
        brood.pk, found.classifier, found.wish
    )
    context = {
        "session": found,
        "brood": brood,
        "picks": exhibit.picks(brood, picked, unders, small_pictures.file),
        "history": history(found, brood, whole=request.GET.get("all") == "1"),
        "looking": looking,
        "networks": onlooking.networks(found),
        "bench": exhibit.bench(found, breeding_settings.NOTCHES),
        "trouble": trouble,
        "tries": 1,
        "gave_up": unreachable,
    }
    whole = not (request.htmx and request.htmx.target == "breed")  # type: ignore[attr-defined]
    template = "breeding/session.html" if whole else "breeding/_form.html"
    return render(request, template, context, status=status)


def _picked(request: HttpRequest, brood: Brood) -> list[int]:
    """What was picked in the brood that is shown still."""
    try:
        if breeding_settings.number(request.POST, "brood", 0, steps.MOST_BROODS) == brood.number:
            return breeding_settings.slots(request.POST)
    except InvalidInput:
        pass
    return []
