"""The steps of a session: forth by breeding, back and forth between what was bred.

Every step names the brood that the visitor saw, so that a stale tab changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db import transaction
from django.db.models import Max

from evolution.algorithms import breeding
from evolution.algorithms.breeding import BreedingSettings, Child
from evolution.errors import InvalidInput, Stale
from evolution.models import BreedingSession, Brood
from evolution.services import broods
from evolution.services.broods import BredFrom

MOST_BROODS = 2000  # of one session


@dataclass(frozen=True)
class Step:
    """What the next brood is bred from. shown: the number of the brood that the visitor saw."""

    shown: int
    settings: BreedingSettings
    chosen: Sequence[int] = ()


def evolve(session: BreedingSession, step: Step) -> Brood:
    """Breed from the chosen pictures. Raises Stale if the visitor saw another brood."""
    shown = _shown(session, step.shown)
    chosen = sorted(set(step.chosen))
    n = len(shown.origins)
    if not chosen:
        raise InvalidInput(
            "parent", "Pick at least one picture: the next ones will be its children."
        )
    if not 0 <= chosen[0] <= chosen[-1] < n:
        raise InvalidInput("parent", f"expected pictures 0 to {n - 1}, got {chosen[-1]}")
    return _bred(session, step, BredFrom(shown, chosen, broods.PERSON))


def evolve_by_chance(session: BreedingSession, step: Step) -> Brood:
    """Breed from one picture of the brood that nobody picked."""
    shown = _shown(session, step.shown)
    number = _next_number(session)
    slot = int(np.random.default_rng([session.seed, number, 1]).integers(len(shown.origins)))
    return _bred(session, step, BredFrom(shown, [slot], broods.RANDOM))


def roll_again(session: BreedingSession, step: Step) -> Brood:
    """Breed once more from the parents of the brood that is shown."""
    shown = _shown(session, step.shown)
    if shown.parent is None:
        return restart(session, step)
    return _bred(session, step, BredFrom(shown.parent, shown.chosen, shown.selected_by))


def restart(session: BreedingSession, step: Step) -> Brood:
    """Other first pictures; where what all began with is not at hand, back to the first ones."""
    _shown(session, step.shown)
    is_orphan = session.branched_from is None and session.colour not in ("ink", "hsb")
    if session.source or is_orphan:
        return go(session, step.shown, 0)
    number = _next_number(session)
    children = broods.first(session, number, step.settings)
    return _appended(session, step, number, children, BredFrom.beginning(session))


def undo(session: BreedingSession, shown: int) -> Brood:
    """Go back one step. At a first brood nothing changes."""
    brood = _shown(session, shown)
    return _gone(session, shown, brood.parent or brood)


def redo(session: BreedingSession, shown: int) -> Brood:
    """Go forward again, to the newest brood that was bred from this one."""
    brood = _shown(session, shown)
    return _gone(session, shown, brood.children.order_by("-number").first() or brood)


def go(session: BreedingSession, shown: int, number: int) -> Brood:
    """Go to any brood of the session."""
    _shown(session, shown)
    found = session.broods.filter(number=number).first()
    if found is None:
        raise InvalidInput("go", f"expected a step of this session, got {number}")
    return _gone(session, shown, found)


def _bred(session: BreedingSession, step: Step, bred_from: BredFrom) -> Brood:
    assert bred_from.brood is not None
    number, chosen = _next_number(session), bred_from.chosen
    pictures = broods.genomes(bred_from.brood)
    children = breeding.next_brood(
        [pictures[slot] for slot in chosen],
        broods.rng_of(session, number),
        step.settings,
        broods.branch_of(session),
        broods.first_id(number),
    )
    in_brood = [_of_slots(child, chosen) for child in children]
    return _appended(session, step, number, in_brood, bred_from)


def _of_slots(child: Child, chosen: Sequence[int]) -> Child:
    """Name parents by their slots in the brood, not among the chosen."""
    return Child(
        child.genome,
        None if child.parent is None else chosen[child.parent],
        None if child.mate is None else chosen[child.mate],
        child.kept,
    )


def _appended(
    session: BreedingSession,
    step: Step,
    number: int,
    children: list[Child],
    bred_from: BredFrom,
) -> Brood:
    with transaction.atomic():
        held = _held(session, step.shown)
        if _next_number(held) != number:
            raise Stale("Another step was made meanwhile.")
        return broods.store(held, number, children, step.settings, bred_from)


def _gone(session: BreedingSession, shown: int, brood: Brood) -> Brood:
    with transaction.atomic():
        broods.show(_held(session, shown), brood)
    return brood


def _held(session: BreedingSession, shown: int) -> BreedingSession:
    """The session, locked until the transaction ends. Raises Stale if it shows another brood."""
    held = (
        BreedingSession.objects.select_for_update(of=("self",))
        .select_related("current")
        .get(pk=session.pk)
    )
    if held.current is None or held.current.number != shown:
        raise Stale("This page shows an older step.")
    return held


def _shown(session: BreedingSession, shown: int) -> Brood:
    """The brood that is shown. Raises Stale if the visitor saw another one."""
    brood = session.current
    assert brood is not None  # a session is stored with its first brood
    if brood.number != shown:
        raise Stale("This page shows an older step.")
    return brood


def _next_number(session: BreedingSession) -> int:
    newest: int = session.broods.aggregate(newest=Max("number"))["newest"]
    if newest + 1 >= MOST_BROODS:
        raise InvalidInput(
            "step", f"expected at most {MOST_BROODS} steps in one session: branch on"
        )
    return newest + 1
