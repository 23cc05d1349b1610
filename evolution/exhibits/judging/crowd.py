"""How everybody answered the same question, one's own answer told apart."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from evolution.judging.forms import Form
from evolution.models import Judgment, Trial

MOST_DOTS = 30  # beyond, twenty dots of 5% each
COARSE = 20
MOST_NAMES = 4
UNSURE, OTHERS, OTHER_WORDS, OTHER_PICTURES = (
    "could not tell",
    "another name",
    "other words",
    "another picture",
)
THAT_PICTURE = "the machine’s picture"
OURS = (OTHERS, OTHER_WORDS, OTHER_PICTURES, UNSURE)  # words of the site, not names that were given


@dataclass(frozen=True, slots=True)
class Answered:
    """So many of all gave this answer."""

    name: str
    count: int
    total: int
    is_yours: bool = False

    @property
    def is_quoted(self) -> bool:
        return self.name not in (*OURS, THAT_PICTURE)

    @property
    def dots(self) -> tuple[int, int]:
        """Filled ones, and all."""
        if self.total <= MOST_DOTS:
            return self.count, self.total
        return round(COARSE * self.count / self.total), COARSE


@dataclass(frozen=True, slots=True)
class Crowd:
    """total: answers that count. is_among: one's own is one of them."""

    total: int
    is_among: bool
    rows: list[Answered]

    @property
    def words(self) -> str:
        if self.total == 0:
            return "Nobody else has answered this yet."
        if self.is_among:
            one = "You are the first to answer this."
            return one if self.total == 1 else f"{self.total} answered, you among them"
        return f"{self.total} other{'s' if self.total > 1 else ''} answered"


def crowd(trial: Trial, judgment: Judgment) -> Crowd:
    """Of names in people's own words only those that are labels are told: nobody read the others."""
    field = _field(trial)
    rows = _same(trial).order_by().values_list(field, "agrees").annotate(times=Count("pk"))
    named = Counter[str](dict.fromkeys(trial.options, 0) if trial.form == Form.TWO else {})
    for value, agrees, times in rows:
        named[_name(trial, value, agrees=agrees)] += times
    yours = _name(trial, getattr(judgment, field), agrees=judgment.agrees)
    total = sum(named.values())
    is_among = judgment.is_counted and judgment.occasion == 0
    return Crowd(total, is_among, _rows(named, yours, total) if total else [])


def _same(trial: Trial) -> QuerySet[Judgment]:
    """First answers of everybody to the same question."""
    same = Judgment.objects.filter(
        stimulus=trial.stimulus, form=trial.form, occasion=0, is_counted=True
    )
    return same.filter(
        trial__foil=trial.foil, trial__framing=trial.framing, trial__shown=trial.shown
    )


def _field(trial: Trial) -> str:
    return {Form.PICK: "agrees", Form.FREE: "matched"}.get(Form(trial.form), "answer")


def _name(trial: Trial, value: Any, *, agrees: bool | None) -> str:
    if agrees is None:
        return UNSURE
    match Form(trial.form):
        case Form.PICK:
            return THAT_PICTURE if value else OTHER_PICTURES
        case Form.FREE:
            return value or OTHER_WORDS
        case Form.TWO:  # foils differ from person to person
            return value if value in trial.options else OTHERS
        case _:
            return str(value)


def _rows(named: Counter[str], yours: str, total: int) -> list[Answered]:
    """The names that most gave, one's own among them; then all others together."""
    names = sorted(set(named) - set(OURS), key=lambda name: (-named[name], name != yours, name))
    shown, left = names[:MOST_NAMES], names[MOST_NAMES:]
    if yours in left:
        left[left.index(yours)], shown[-1] = shown[-1], yours
    told = Counter({name: named[name] for name in shown})
    for name in (*left, *(ours for ours in OURS if named[ours])):
        told[name if name in OURS else OTHERS] += named[name]
    return [Answered(name, count, total, name == yours) for name, count in told.items()]
