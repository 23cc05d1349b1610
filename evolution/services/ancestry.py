"""The line of a bred picture: read from the broods of its session, stored when it is published.

Of a session most pictures are forgotten with it. What stays are the published ones and those that
they were bred from.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from evolution import phenotypes
from evolution.genomes import codec
from evolution.models import BreedingSession, Brood, Individual
from evolution.services import broods, rows
from evolution.services.portraits import SIDE, portrait

Slot = tuple[int, int]  # number of the brood's row, place in the brood
Origin = (
    Slot | int | None
)  # a picture of the session, a stored individual it branched from, nothing

BROODS_AT_ONCE = 50  # that are unpacked together: their genomes take a megabyte or two
MOST_PORTRAITS = 300  # nearest ancestors with a small picture; others are drawn when somebody looks
COLUMNS = "id brood_id generation position parent_id mate_id encoding genome thumbnail selected_by"


@dataclass(frozen=True, slots=True)
class Member:
    """One picture of a line, as it is to be stored."""

    slot: Slot
    generation: int
    parent: Origin
    mate: Origin
    selected_by: str


@dataclass(frozen=True, slots=True)
class _Step:
    """A brood without its genomes."""

    parent: int | None
    generation: int
    origins: list[tuple[int | None, int | None, bool]]
    selected_by: str


class Tree:
    """The broods of a session by their rows, and which of their pictures are stored."""

    def __init__(self, session: BreedingSession) -> None:
        self._branched_from = session.branched_from_id
        self._came_as_file = bool(session.source)
        found = session.broods.values_list("pk", "parent", "generation", "origins", "selected_by")
        self._steps = {row[0]: _Step(*row[1:]) for row in found}
        self.stored = stored(session)

    def itself(self, slot: Slot) -> Slot | int:
        """Where a picture was bred: one that was kept is its parent, unchanged."""
        while True:
            step = self._steps[slot[0]]
            parent, _, kept = step.origins[slot[1]]
            if not kept or parent is None:
                return slot
            if step.parent is None:
                return self._branched_from or slot
            slot = step.parent, parent

    def line(self, slot: Slot) -> list[Member]:
        """A picture and all its ancestors that are not stored, parents and mates before children.

        What is stored was stored with its own ancestors, so the walk ends there.
        """
        members: dict[Slot, Member] = {}
        waiting: list[tuple[Slot, str]] = [(slot, Individual.Selector.PERSON)]
        while waiting:
            at, selected_by = waiting.pop()
            if at in members or at in self.stored:
                continue
            step = self._steps[at[0]]
            parent, mate, _ = step.origins[at[1]]
            member = Member(
                at,
                step.generation,
                self._origin(step, parent),
                self._origin(step, mate),
                self._selector(step, selected_by),
            )
            members[at] = member
            waiting += [
                (origin, step.selected_by)
                for origin in (member.mate, member.parent)
                if isinstance(origin, tuple)
            ]
        return sorted(members.values(), key=lambda member: member.generation)

    def _origin(self, step: _Step, slot: int | None) -> Origin:
        if slot is None:
            return None
        return self._branched_from if step.parent is None else self.itself((step.parent, slot))

    def _selector(self, step: _Step, selected_by: str) -> str:
        from_file = self._came_as_file and step.generation == 0
        return Individual.Selector.HAND_EDIT if from_file else selected_by


def stored(session: BreedingSession) -> dict[Slot, int]:
    """The individual of every picture of a session that is stored."""
    found = Individual.objects.filter(brood__session=session)
    return {
        (brood, position): number
        for number, brood, position in found.values_list("pk", "brood", "position")
    }


def stored_line(brood: Brood, slot: int) -> Individual:
    """Store a picture with everything in its session that it was bred from, each once.

    A picture that was kept from an earlier brood, or that a session branched from, is stored
    already or stored as what it was there. Raises InvalidInput, BadGenome.
    """
    broods.check_slot(brood, slot)
    tree = Tree(brood.session)
    itself = tree.itself((brood.pk, slot))
    if isinstance(itself, tuple) and itself not in tree.stored:
        _store(brood.session, tree.line(itself))
        return Individual.objects.get(brood=itself[0], position=itself[1])
    return Individual.objects.get(pk=tree.stored[itself] if isinstance(itself, tuple) else itself)


def known(brood: Brood, slot: int) -> Individual | None:
    """The stored individual that a picture of a brood is; None as long as it is not stored."""
    broods.check_slot(brood, slot)
    tree = Tree(brood.session)
    itself = tree.itself((brood.pk, slot))
    number = tree.stored.get(itself, 0) if isinstance(itself, tuple) else itself
    return Individual.objects.filter(pk=number).select_related("publication").first()


def _store(session: BreedingSession, line: Sequence[Member]) -> None:
    genomes = _genomes(line)
    # Drawn before the transaction begins: nobody waits for the database meanwhile.
    portraits = _portraits(line, genomes, session.image_size)
    with transaction.atomic():
        # Of two requests at once the second finds what the first has stored.
        BreedingSession.objects.select_for_update(no_key=True).get(pk=session.pk)
        numbered: dict[Slot, int] = stored(session)
        new = [member for member in line if member.slot not in numbered]
        numbers = rows.reserve(Individual, len(new))
        numbered |= {member.slot: number for member, number in zip(new, numbers, strict=True)}
        rows.insert(
            Individual,
            COLUMNS,
            [
                (
                    numbered[member.slot],
                    member.slot[0],
                    member.generation,
                    member.slot[1],
                    _number(member.parent, numbered),
                    _number(member.mate, numbered),
                    codec.decode(genomes[member.slot]).encoding,
                    genomes[member.slot],
                    portraits.get(member.slot),
                    member.selected_by,
                )
                for member in new
            ],
        )


def _number(origin: Origin, numbered: dict[Slot, int]) -> int | None:
    return numbered[origin] if isinstance(origin, tuple) else origin


def _genomes(line: Sequence[Member]) -> dict[Slot, bytes]:
    wanted: dict[int, list[int]] = {}
    for member in line:
        wanted.setdefault(member.slot[0], []).append(member.slot[1])
    found: dict[Slot, bytes] = {}
    rows_wanted = list(wanted)
    for at in range(0, len(rows_wanted), BROODS_AT_ONCE):
        packed = Brood.objects.filter(pk__in=rows_wanted[at : at + BROODS_AT_ONCE])
        for number, content, origins in packed.values_list("pk", "genomes", "origins"):
            genomes = broods.stored_genomes(bytes(content), len(origins))
            found.update({(number, place): genomes[place] for place in wanted[number]})
    return found


def _portraits(
    line: Sequence[Member], genomes: dict[Slot, bytes], image_size: int
) -> dict[Slot, bytes]:
    """Small pictures of a line's end; none where the picture itself is small."""
    if image_size <= SIDE:
        return {}
    return dict(_drawn(line[-MOST_PORTRAITS:], genomes))


def _drawn(line: Iterable[Member], genomes: dict[Slot, bytes]) -> Iterable[tuple[Slot, bytes]]:
    for member in line:
        picture = phenotypes.express(codec.decode(genomes[member.slot]), 2 * SIDE)
        yield member.slot, portrait(picture)
