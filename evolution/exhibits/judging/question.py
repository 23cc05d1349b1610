"""A question as it is put. Nothing here tells what a network says of the picture."""

from collections.abc import Sequence
from dataclasses import dataclass

from evolution.exhibits import naming
from evolution.exhibits.judging.progress import Progress, progress
from evolution.judging.forms import Form, Framing
from evolution.models import Stimulus, Trial

LONGEST_NAME = 60  # characters of a name in one's own words
MOST_SIMILAR = 8
FEW, SHORT = 4, 3  # more choices than this, of no more characters, share rows


@dataclass(frozen=True, slots=True)
class Choice:
    """A button. value: what is sent. key: what answers on a keyboard; empty: nothing does."""

    value: str
    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Question:
    """words: the question. shown: the name it is about. names: those to search among.

    legend: what the answers are, for who does not see them beside the picture.
    """

    trial: Trial
    words: str
    shown: str
    hint: str
    legend: str
    choices: list[Choice]
    names: list[str]
    progress: Progress

    @property
    def side(self) -> int:
        return self.trial.stimulus.side

    @property
    def is_small(self) -> bool:
        """Enlarged as pixels, never smoothed."""
        return self.side <= naming.LARGEST_THUMBNAIL

    @property
    def is_grid(self) -> bool:
        return len(self.choices) > FEW and all(len(one.name) <= SHORT for one in self.choices)


def question(trial: Trial) -> Question:
    return Question(
        trial=trial,
        words=_words(trial),
        shown=trial.shown,
        hint=_HALF if trial.form == Form.RIGHT else "",
        legend=_LEGENDS[Form(trial.form)],
        choices=_choices(trial),
        names=_names(trial),
        progress=progress(trial),
    )


def similar(names: Sequence[str], typed: str) -> list[str]:
    """Names that hold every word of what was typed, the shortest first."""
    words = typed.casefold().split()
    found = [name for name in names if words and all(word in name.casefold() for word in words)]
    return sorted(found, key=lambda name: (len(name), name))[:MOST_SIMILAR]


_HALF = "Half of the names we show are the machine’s, half are drawn at random."
_LEGENDS = {
    Form.TWO: "The two names",
    Form.ALL: "The names",
    Form.FREE: "Your name for it",
    Form.RIGHT: "Right or wrong",
    Form.PICK: "The pictures",
}
_RIGHT = (("right", "Right"), ("wrong", "Wrong"))


def _words(trial: Trial) -> str:
    if trial.stimulus.kind == Stimulus.Kind.CHECK:
        return f"This is a check: choose “{trial.shown}”."
    match Form(trial.form):
        case Form.TWO:
            return "A machine named this picture. Which name did it give?"
        case Form.ALL if trial.framing == Framing.OWN:
            return "Which of the machine’s names would you give this picture?"
        case Form.ALL:
            return "A machine named this picture. Which of all its names did it give?"
        case Form.FREE:
            return "How would you name what you see?"
        case Form.RIGHT:
            return f"“{trial.shown}”: right or wrong?"
        case Form.PICK:
            return f"A machine named one of these “{trial.shown}”. Which one?"


def _choices(trial: Trial) -> list[Choice]:
    match Form(trial.form):
        case Form.RIGHT:
            pairs: Sequence[tuple[str, str]] = _RIGHT
        case Form.PICK:
            pairs = [(str(place), f"Picture {place + 1}") for place in range(len(trial.options))]
        case _:
            pairs = [(name, name) for name in trial.options]
    keys = _keys([name for _, name in pairs])
    return [Choice(*pair, key) for pair, key in zip(pairs, keys, strict=True)]


def _keys(names: Sequence[str]) -> list[str]:
    """Digits are answered by themselves, everything else by its place."""
    if all(len(name) == 1 and name.isdigit() for name in names):
        return list(names)
    return [str(place) if place < 10 else "" for place in range(1, len(names) + 1)]


def _names(trial: Trial) -> list[str]:
    """Every label, where they are too many for buttons; each name once, in the alphabet's order."""
    if trial.form != Form.ALL or trial.options or trial.claim is None:
        return []
    return sorted(set(naming.labels(trial.claim.classifier)), key=str.casefold)
