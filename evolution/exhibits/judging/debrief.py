"""The end of a sitting: how often somebody agreed with the machine, beside chance; every picture."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evolution.exhibits import naming
from evolution.judging.forms import Foil, Form, Framing, chance
from evolution.models import Judgment, Sitting, Stimulus, Trial

Kind = Stimulus.Kind
NAMES: dict[tuple[Form, str], str] = {
    (Form.TWO, Foil.RANDOM): "Two names, one drawn at random",
    (Form.TWO, Foil.SECOND): "Two names, both the machine’s",
    (Form.ALL, Framing.GUESS): "All names, guessing the machine’s",
    (Form.ALL, Framing.OWN): "All names, giving your own",
    (Form.RIGHT, ""): "Right or wrong",
    (Form.PICK, ""): "Pick the picture",
}


@dataclass(frozen=True, slots=True)
class Row:
    """So many of the answers agree; guessing alone would agree in this share of them."""

    name: str
    agreeing: int
    count: int
    chance: float

    @property
    def one_in(self) -> int:
        return round(1 / self.chance)


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of the sitting. you: empty for somebody who could not tell."""

    trial: Trial
    you: str
    machine: str

    @property
    def is_small(self) -> bool:
        return self.trial.stimulus.side <= naming.LARGEST_THUMBNAIL


@dataclass(frozen=True, slots=True)
class Debrief:
    """known: answers about pictures whose content is known, and how many were right.

    again: questions that came twice, and how many were answered alike.
    """

    sitting: Sitting
    rows: list[Row]
    known: tuple[int, int]
    again: tuple[int, int]
    unsure: int
    pictures: list[Shown]

    @property
    def agreeing(self) -> int:
        return sum(row.agreeing for row in self.rows)

    @property
    def count(self) -> int:
        return sum(row.count for row in self.rows)

    @property
    def by_chance(self) -> float:
        """How many would agree by guessing alone."""
        return sum(row.chance * row.count for row in self.rows)


def debrief(sitting: Sitting) -> Debrief:
    trials = sitting.trials.filter(judgment__isnull=False).order_by("position")
    judged = [
        trial
        for trial in trials.select_related("judgment", "claim", "stimulus").defer(
            "stimulus__picture", "claim__confidences"
        )
        if trial.stimulus.kind not in (Kind.PRACTICE, Kind.CHECK)
    ]
    return Debrief(
        sitting=sitting,
        rows=_rows(judged),
        known=_count(judged, lambda one: one.is_right),
        again=_again(judged),
        unsure=sum(not trial.judgment.answer for trial in judged),
        pictures=[_shown(trial) for trial in judged if trial.repeat_of_id is None],
    )


def _rows(judged: Sequence[Trial]) -> list[Row]:
    """Questions about pictures without known content that were answered with a name, form by form."""
    rows = []
    for (form, condition), name in NAMES.items():
        fitting = [
            trial
            for trial in judged
            if trial.form == form
            and condition in ("", trial.foil, trial.framing)
            and not trial.right_answers
            and trial.repeat_of_id is None
        ]
        agreeing, count = _count(fitting, lambda one: one.agrees)
        if count:
            shares = [chance(form, trial.offered) or 0.0 for trial in fitting]
            rows.append(Row(name, agreeing, count, sum(shares) / len(shares)))
    return rows


def _count(judged: Sequence[Trial], of: Callable[[Judgment], bool | None]) -> tuple[int, int]:
    """How many it holds for, and of how many it is known."""
    known = [holds for trial in judged if (holds := of(trial.judgment)) is not None]
    return sum(known), len(known)


def _again(judged: Sequence[Trial]) -> tuple[int, int]:
    answers = {trial.pk: trial.judgment.answer for trial in judged}
    pairs = [
        (trial.judgment.answer, answers[trial.repeat_of_id])
        for trial in judged
        if trial.repeat_of_id is not None and trial.repeat_of_id in answers
    ]
    return sum(first == second for first, second in pairs), len(pairs)


def _shown(trial: Trial) -> Shown:
    return Shown(trial, _you(trial), _machine(trial))


def _machine(trial: Trial) -> str:
    if trial.form == Form.TWO:
        return trial.machine_answer
    return trial.claim.label if trial.claim else ""


def _you(trial: Trial) -> str:
    """An answer as it stands under the picture that was asked about."""
    answer = trial.judgment.answer
    if not answer:
        return ""
    match Form(trial.form):
        case Form.RIGHT:
            return f"{trial.shown}: {answer}"
        case Form.PICK:
            return "this one" if trial.judgment.agrees else "another one"
        case _:
            return answer
