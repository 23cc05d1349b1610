"""Which pictures a sitting asks about: conditions are balanced by design, not by chance.

Every slot of a sitting takes, of the condition that has the fewest answers so far, the picture
that has the fewest. Only ties are drawn by lot (minimisation; Pocock & Simon 1975).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from evolution.judging.forms import FRAMINGS, Foil, Form, Framing
from evolution.judging.plans import Kind, Trials

BLOCKS = tuple(Form)
APART = 3  # trials at least between a question and its repeat, where the sitting is long enough


@dataclass(frozen=True)
class Slot:
    """A place of a sitting that wants a picture of a kind."""

    form: Form
    foil: Foil
    kind: Kind
    framing: Framing = Framing.GUESS


@dataclass(frozen=True)
class Candidate:
    """A claim that may be asked about: of a picture that the visitor has not met.

    stratum: its condition: who bred it, for which network, how sure that network is.
    claim: None for an attention check.
    """

    stimulus: int
    claim: int | None
    kind: Kind
    stratum: str


@dataclass(frozen=True)
class Chosen:
    """A slot with its picture. repeat_of: the index of the trial that it repeats."""

    slot: Slot
    candidate: Candidate
    repeat_of: int | None = None


Counts = Mapping[tuple[int, str, str], int]  # (claim, form, foil) to answers given or on their way


def slots(trials: Trials, number: int) -> list[Slot]:
    """The slots of a sitting, without repeats. number: of the sitting; framings take turns."""
    turn = number % 2
    all_framing = FRAMINGS[Form.ALL][turn]
    counted: list[tuple[Slot, int]] = [
        (Slot(Form.TWO, Foil.RANDOM, "bred"), trials.two_random),
        (Slot(Form.TWO, Foil.SECOND, "bred"), trials.two_second),
        (Slot(Form.ALL, Foil.NONE, "bred", all_framing), trials.all_labels),
        (Slot(Form.FREE, Foil.NONE, "bred", Framing.OWN), trials.free),
        (Slot(Form.RIGHT, Foil.NONE, "bred"), trials.right // 2),
        (Slot(Form.RIGHT, Foil.LURE, "bred"), trials.right // 2),
        (Slot(Form.PICK, Foil.RANDOM, "bred"), trials.pick),
        (Slot(Form.TWO, Foil.RANDOM, "photograph"), trials.photograph),
        (Slot(Form.TWO, Foil.RANDOM, "degraded"), trials.degraded),
        (Slot(Form.TWO, Foil.RANDOM, "noise"), trials.noise),
        (Slot(Form.TWO, Foil.RANDOM, "hand-bred"), trials.hand_bred),
        (Slot(Form.TWO, Foil.RANDOM, "check"), trials.check),
    ]
    return [slot for slot, count in counted for _ in range(count)]


def allocate(
    wanted: Sequence[Slot],
    candidates: Sequence[Candidate],
    counts: Counts,
    rng: np.random.Generator,
) -> list[Chosen]:
    """Give every slot a picture of its kind; no picture twice. A slot that finds none is dropped."""
    free = list(candidates)
    counted = defaultdict(int, counts)
    chosen = []
    for index in rng.permutation(len(wanted)):
        slot = wanted[index]
        fitting = [one for one in free if one.kind == slot.kind]
        if not fitting:
            continue
        found = _least_asked(slot, fitting, counted, rng)
        chosen.append(Chosen(slot, found))
        free = [one for one in free if one.stimulus != found.stimulus]
        if found.claim is not None:
            counted[found.claim, slot.form, slot.foil] += 1
    return chosen


def arranged(
    chosen: Sequence[Chosen], repeats: int, number: int, rng: np.random.Generator
) -> list[Chosen]:
    """Put trials in order: a block a form, blocks in turns (a Latin square over sittings), trials of a
    block by lot, and repeats late in the block of two names."""
    ordered: list[Chosen] = []
    turned = [*BLOCKS[number % len(BLOCKS) :], *BLOCKS[: number % len(BLOCKS)]]
    for form in turned:
        block = [one for one in chosen if one.slot.form == form]
        block = [block[index] for index in rng.permutation(len(block))]
        if form == Form.TWO:
            block = _with_repeats(block, repeats, rng)
        ordered += [
            one if one.repeat_of is None else replace(one, repeat_of=one.repeat_of + len(ordered))
            for one in block
        ]
    return ordered


def _least_asked(
    slot: Slot, fitting: Sequence[Candidate], counts: Counts, rng: np.random.Generator
) -> Candidate:
    asked = {one: _asked(one, slot, counts) for one in fitting}
    strata: dict[str, list[int]] = defaultdict(list)
    for one, times in asked.items():
        strata[one.stratum].append(times)
    fill = {stratum: float(np.mean(times)) for stratum, times in strata.items()}
    lots = rng.permutation(len(fitting))
    return min(
        zip(fitting, lots, strict=True),
        key=lambda pair: (fill[pair[0].stratum], asked[pair[0]], pair[1]),
    )[0]


def _asked(candidate: Candidate, slot: Slot, counts: Counts) -> int:
    return 0 if candidate.claim is None else counts[candidate.claim, slot.form, slot.foil]


def _with_repeats(block: list[Chosen], repeats: int, rng: np.random.Generator) -> list[Chosen]:
    """The earliest questions about bred pictures come again, as far apart as the block allows."""
    originals = [index for index, one in enumerate(block) if one.slot.kind == "bred"][:repeats]
    again = [replace(block[index], repeat_of=index) for index in originals]
    for one in again:
        earliest = min((one.repeat_of or 0) + APART + 1, len(block))
        # Behind all originals, so that their indices stay what they are.
        earliest = max(earliest, min(len(block), max(originals) + 1))
        block = [*block]
        block.insert(int(rng.integers(earliest, len(block) + 1)), one)
    return block
