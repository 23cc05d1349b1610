"""What people have answered so far, by kind of picture: read anew whenever it is shown."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import cast

from evolution.agreement.counts import SMALLEST_SAMPLE
from evolution.agreement.intervals import Interval, interval_of
from evolution.judging.forms import Foil, Form
from evolution.judging.plans import JudgingPlan
from evolution.judging.plans import Kind as GroupKind
from evolution.models import JudgingStudy
from evolution.services.judging import counting
from evolution.services.judging.counting import About, Cell
from evolution.studies.human_vs_dnn.kinds import Kind


@dataclass(frozen=True)
class Answers:
    """About one kind: two names, one of them random, people who passed the checks.

    agreeing: with the network, of `answers`; cannot_tell: beside them. wanted: by the plan, of each
    picture. complete: pictures that have so many. chance: how often guessing agrees. confidence: the
    network's median.
    """

    kind: Kind
    pictures: int
    answers: int
    agreeing: int
    cannot_tell: int
    wanted: int
    complete: int
    chance: float
    confidence: float

    @property
    def is_enough(self) -> bool:
        """For a share to be told at all."""
        return self.answers >= max(SMALLEST_SAMPLE, self.wanted)

    @property
    def is_complete(self) -> bool:
        """For a verdict: who looks while answers come in, and stops when it suits, errs more."""
        return self.complete == self.pictures and self.is_enough

    @property
    def share(self) -> float:
        return self.agreeing / self.answers

    @property
    def interval(self) -> Interval:
        """Exact, 95%, of answers taken as independent."""
        return interval_of(self.agreeing, self.answers)

    @property
    def is_above_chance(self) -> bool:
        return self.interval.low > self.chance


def of(study: JudgingStudy) -> list[Answers]:
    """Of every kind in a judging study; three statements."""
    claimed: dict[Kind, list[About]] = defaultdict(list)
    for about in counting.claims(study):
        claimed[_kind(about)].append(about)
    asked: dict[Kind, list[Cell]] = defaultdict(list)
    for cell in counting.cells(study):
        if cell.is_counted and (cell.form, cell.foil) == (Form.TWO, Foil.RANDOM):
            asked[_kind(cell.about)].append(cell)
    wanted = JudgingPlan.from_json(study.plan).answers
    return [_answers(kind, found, asked[kind], wanted) for kind, found in claimed.items()]


def _answers(kind: Kind, claims: Sequence[About], cells: Iterable[Cell], wanted: int) -> Answers:
    told: dict[int, int] = defaultdict(int)
    found = list(cells)
    for cell in found:
        told[cell.about.claim] += cell.told
    answers = sum(told.values())
    return Answers(
        kind=kind,
        pictures=len(claims),
        answers=answers,
        agreeing=sum(cell.agreeing for cell in found),
        cannot_tell=sum(cell.asked for cell in found) - answers,
        wanted=wanted,
        complete=sum(count >= wanted for count in told.values()),
        chance=counting.mean_chance((cell.chance, cell.told) for cell in found) or 0.5,
        confidence=median(about.confidence for about in claims),
    )


def _kind(about: About) -> Kind:
    kind = cast(GroupKind, about.kind)  # what is answered in practice is not counted
    return Kind(kind, about.encoding if kind == "bred" else "", about.classifier)
