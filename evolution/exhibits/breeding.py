"""What the breed page shows: the brood, its history, and what a network says where it may."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from evolution import phenotypes
from evolution.algorithms.breeding import BreedingSettings
from evolution.exhibits import naming
from evolution.genomes.codec import AnyGenome
from evolution.genomes.cppn import INPUTS
from evolution.genomes.neat import NEAT_ACTIVATIONS
from evolution.models import BreedingSession, Brood, Reading
from evolution.services import broods, onlooking

TILE = 128  # pixels of a picture that travels inside the page
LARGER = (256, 512, 1024)  # of those that follow one by one, or are asked for

RATES = {
    "crossover": "Children of two parents",
    "weight": "Weights that change",
    "add_link": "New link",
    "add_node": "New node",
    "change_activation": "Function that changes",
    "delete_link": "Link that goes",
}

Drawn = Callable[[str, Callable[[], bytes]], bytes]


@dataclass(frozen=True, slots=True)
class Under:
    """What a network says of one picture. readings: (label, confidence), most confident first."""

    slot: int
    readings: list[tuple[str, float]]
    wished: float | None = None
    is_favourite: bool = False


@dataclass(frozen=True, slots=True)
class Pick:
    """One picture of the brood."""

    picture: str
    is_kept: bool
    is_picked: bool
    under: Under

    @property
    def slot(self) -> int:
        return self.under.slot

    @property
    def number(self) -> int:
        return self.slot + 1


@dataclass(frozen=True, slots=True)
class Looking:
    """title: of the network that looks on; empty for nobody. is_waiting: answers are to come."""

    title: str = ""
    wish: str = ""
    known: int = 0
    is_waiting: bool = False


def picked_before(brood: Brood) -> list[int]:
    """What was picked here the last time; the only picture of a brood of one."""
    newest = brood.children.order_by("-number").values_list("chosen", flat=True).first()
    return list(newest) if newest else [0] if len(brood.origins) == 1 else []


def picks(brood: Brood, picked: list[int], unders: list[Under], drawn: Drawn) -> list[Pick]:
    """The pictures of a brood. drawn(name, make): a file that may be remembered."""
    return [
        Pick(address, bool(kept), under.slot in picked, under)
        for address, (_, _, kept), under in zip(
            pictures(brood, drawn), brood.origins, unders, strict=True
        )
    ]


def pictures(brood: Brood, drawn: Drawn) -> list[str]:
    genomes: list[AnyGenome] = []

    def make(slot: int) -> bytes:
        if not genomes:  # unpacked only where a picture is not remembered
            genomes.extend(broods.genomes(brood))
        return phenotypes.webp(phenotypes.express(genomes[slot], TILE))

    files = [
        drawn(f"brood-{brood.pk}-{slot}", lambda slot=slot: make(slot))  # type: ignore[misc]
        for slot in range(len(brood.origins))
    ]
    return [f"data:image/webp;base64,{base64.b64encode(file).decode()}" for file in files]


def looking(session: BreedingSession, brood: Brood) -> tuple[Looking, Reading | None]:
    """What a network says of the brood so far; nothing at all in blind mode."""
    if session.is_blind or not session.classifier:
        return Looking(), None
    found = onlooking.reading(session, brood)
    shown = Looking(
        title=naming.classifier_title(session.classifier),
        wish=session.wish,
        known=len(found.tops) if found else 0,
        is_waiting=not onlooking.is_complete(session, brood, found),
    )
    return shown, found


def unders(session: BreedingSession, brood: Brood, found: Reading | None) -> list[Under]:
    """What the network says of every picture, as far as it is known."""
    n = len(brood.origins)
    tops = found.tops if found else []
    labels = naming.labels(found.classifier) if found else ()
    wished = found.wished.get(session.wish, []) if found and session.wish else []
    favourite = int(np.argmax(wished)) if len(wished) == n else None
    return [
        Under(
            slot,
            _named(tops[slot], labels) if slot < len(tops) else [],
            wished[slot] if slot < len(wished) else None,
            slot == favourite,
        )
        for slot in range(n)
    ]


def _named(top: list[list[float]], labels: Sequence[str]) -> list[tuple[str, float]]:
    return [(labels[int(index)], share) for index, share in top]


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate of its own, in per cent; empty: as strong as the slider says."""

    name: str
    title: str
    value: str


@dataclass(frozen=True, slots=True)
class Bench:
    """How the next brood is bred, as the page offers it."""

    notch: int
    tiles: int
    focus: str
    keep_parents: bool
    avoid_duplicates: bool
    avoid_plain: bool
    rates: list[Rate]
    activations: list[tuple[str, bool]]
    inputs: list[tuple[str, bool]]
    is_network: bool
    is_colour: bool
    can_start_over: bool


def bench(session: BreedingSession, notches: int) -> Bench:
    chosen = BreedingSettings.from_json(session.settings)
    encoding = session.encoding
    return Bench(
        notch=round(chosen.strength * (notches - 1)) + 1,
        tiles=chosen.tiles,
        focus=chosen.focus,
        keep_parents=chosen.keep_parents,
        avoid_duplicates=chosen.avoid_duplicates,
        avoid_plain=chosen.avoid_plain,
        rates=[
            Rate(name, title, _per_cent(getattr(chosen, name))) for name, title in RATES.items()
        ],
        activations=[(name, name in chosen.activations) for name in NEAT_ACTIVATIONS],
        inputs=[(name, name in chosen.inputs) for name in INPUTS],
        is_network=encoding != "direct",
        is_colour=session.image_shape[2] == 3,
        can_start_over=not session.source,
    )


def _per_cent(rate: float | None) -> str:
    return "" if rate is None else f"{rate * 100:.0f}"
