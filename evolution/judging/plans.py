"""The plan of a judging study: fixed before the first answer, and stored with its digest."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, Self, TypeVar, get_args

from evolution.errors import InvalidInput

T = TypeVar("T")
Kind = Literal["bred", "hand-bred", "photograph", "degraded", "noise", "check"]
Band = Literal["low", "middle", "high"]
Reveal = Literal["each", "end"]
KINDS: tuple[Kind, ...] = get_args(Kind)
BANDS: tuple[Band, ...] = get_args(Band)
MOST_PICTURES = 400  # of a study: all are drawn, shown to networks and stored before it opens
MOST_TRIALS = 60
MOST_ANSWERS = 1000
FEWEST_OFFERED, MOST_OFFERED = 2, 9  # pictures of the form "pick", small on a phone
LONGEST_TITLE = 120


@dataclass(frozen=True)
class Group:
    """Pictures of one kind. Bred ones: of one encoding, against one network.

    classifier: the network whose labels are asked for; the one that bred it, for bred pictures.
    """

    kind: Kind
    classifier: str
    count: int
    encoding: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InvalidInput("kind", f"expected one of {', '.join(KINDS)}, got {self.kind!r}")
        _check_count("count", self.count, 1, MOST_PICTURES)
        if not self.classifier:
            raise InvalidInput("classifier", "expected the name of a network, got none")
        if (self.kind == "bred") != bool(self.encoding):
            raise InvalidInput("encoding", "expected one for bred pictures and for no others")

    @property
    def name(self) -> str:
        return " ".join(filter(None, (self.kind, self.encoding, self.classifier)))


@dataclass(frozen=True)
class Trials:
    """How many trials of each sort a sitting has. Of the bred ones, those with two names differ in
    their foil; half of those that ask "right or wrong?" show a random name."""

    two_random: int = 5
    two_second: int = 3
    all_labels: int = 2
    free: int = 2
    right: int = 4
    pick: int = 1
    photograph: int = 1
    degraded: int = 1
    noise: int = 1
    hand_bred: int = 1
    check: int = 1
    repeat: int = 2

    def __post_init__(self) -> None:
        for part in fields(self):
            _check_count(part.name, getattr(self, part.name), 0, MOST_TRIALS)
        if not 1 <= self.total <= MOST_TRIALS:
            raise InvalidInput("trials", f"expected 1 to {MOST_TRIALS}, got {self.total}")
        if self.right % 2:
            raise InvalidInput(
                "right", f"expected an even number, half are lures, got {self.right}"
            )
        if self.repeat > self.two_random + self.two_second:
            raise InvalidInput("repeat", "expected no more than trials with two names")

    @property
    def total(self) -> int:
        return sum(getattr(self, part.name) for part in fields(self))


@dataclass(frozen=True)
class Checks:
    """Who is left out of the counted answers.

    failed_checks: so many wrong attention checks or more. too_fast: a share of answers that
        nobody can give that fast, or more.
    """

    failed_checks: int = 1
    too_fast: float = 0.2

    def __post_init__(self) -> None:
        _check_count("failed_checks", self.failed_checks, 1, MOST_TRIALS)
        if not 0 < self.too_fast <= 1:
            raise InvalidInput("too_fast", f"expected a share above 0, got {self.too_fast!r}")


@dataclass(frozen=True)
class JudgingPlan:
    """Everything about a study that is decided before it starts.

    answers: per picture and primary condition; with them the study is complete. offered: pictures
        to pick from. bands: where the confidence of "middle" and of "high" begins.
        least: confidence of a bred picture in its label; below, a network claims nothing.
        reveal: what the network says is told after each answer, or at the end of the sitting.
    """

    title: str
    groups: tuple[Group, ...]
    trials: Trials = field(default_factory=Trials)
    checks: Checks = field(default_factory=Checks)
    answers: int = 20
    offered: int = 4
    bands: tuple[float, float] = (0.5, 0.99)
    least: float = 0.1
    reveal: Reveal = "each"
    statistic: str = (
        "Share of answers that are the network's label, two names, random foil; exact 95% interval "
        "(Clopper and Pearson). A picture or a person is significantly above chance if its exact "
        "two-sided 95% interval lies above chance."
    )

    def __post_init__(self) -> None:
        if not 1 <= len(self.title) <= LONGEST_TITLE:
            raise InvalidInput("title", f"expected 1 to {LONGEST_TITLE} characters")
        if not self.groups:
            raise InvalidInput("groups", "expected at least one group of pictures, got none")
        names = [group.name for group in self.groups]
        if len(set(names)) != len(names):
            raise InvalidInput("groups", f"expected each once, got {', '.join(names)}")
        total = sum(group.count for group in self.groups)
        _check_count("groups", total, 1, MOST_PICTURES)
        _check_count("answers", self.answers, 1, MOST_ANSWERS)
        _check_count("offered", self.offered, FEWEST_OFFERED, MOST_OFFERED)
        low, high = self.bands
        if not 0 < low < high < 1:
            raise InvalidInput(
                "bands", f"expected two rising numbers within 0 and 1, got {low}, {high}"
            )
        if type(self.least) not in (int, float) or not 0 <= self.least < 1:
            raise InvalidInput("least", f"expected a number from 0, below 1, got {self.least!r}")
        if self.reveal not in get_args(Reveal):
            raise InvalidInput("reveal", f"expected each or end, got {self.reveal!r}")

    def band(self, confidence: float) -> Band:
        low, high = self.bands
        return "low" if confidence < low else "middle" if confidence < high else "high"

    def as_json(self) -> dict[str, Any]:
        """Return JSON values, to be stored with a study."""
        return json.loads(json.dumps(asdict(self)))  # type: ignore[no-any-return]  # tuples to lists

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote; what is missing has its default. Raises InvalidInput."""
        values = _known(cls, "plan", document)
        if isinstance(values.get("groups"), Sequence):
            values["groups"] = tuple(_made(Group, "groups", one) for one in values["groups"])
        for name, kind in (("trials", Trials), ("checks", Checks)):
            if name in values:
                values[name] = _made(kind, name, values[name])
        if "bands" in values:
            values["bands"] = _two_numbers(values["bands"])
        return _complete(cls, "plan", values)


def digest(plan: Mapping[str, Any], pictures: Sequence[str]) -> str:
    """SHA-256 of a plan and of its pictures, in order: whoever notes it can tell a changed one.

    pictures: of each the SHA-256 of its bytes with what is claimed of it.
    """
    document = json.dumps({"plan": plan, "pictures": list(pictures)}, sort_keys=True)
    return hashlib.sha256(document.encode()).hexdigest()


def _made(kind: type[T], argument: str, document: Any) -> T:
    return _complete(kind, argument, _known(kind, argument, document))


def _complete(kind: type[T], argument: str, values: Mapping[str, Any]) -> T:
    try:
        return kind(**values)
    except TypeError as error:
        raise InvalidInput(argument, f"expected all that it needs: {error}") from None


def _known(kind: Any, argument: str, document: Any) -> dict[str, Any]:
    if not isinstance(document, Mapping):
        raise InvalidInput(argument, f"expected an object, got {document!r}")
    names = [part.name for part in fields(kind)]
    for name in document:
        if name not in names:
            raise InvalidInput(str(name), f"is no part of {argument}; there are {', '.join(names)}")
    return dict(document)


def _two_numbers(value: Any) -> tuple[float, float]:
    if not isinstance(value, Sequence) or len(value) != 2:
        raise InvalidInput("bands", f"expected two numbers, got {value!r}")
    if not all(type(number) in (int, float) for number in value):
        raise InvalidInput("bands", f"expected two numbers, got {value!r}")
    return float(value[0]), float(value[1])


def _check_count(argument: str, value: Any, least: int, most: int) -> None:
    if type(value) is not int or not least <= value <= most:
        raise InvalidInput(
            argument, f"expected a whole number from {least} to {most}, got {value!r}"
        )
