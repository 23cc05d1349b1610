"""How many answers a study needs: what somebody asks, and what comes out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from evolution.agreement.sample_size import (
    Expected,
    Needed,
    power,
    trials_for_consistency,
    trials_for_half_width,
    trials_needed,
)

T = TypeVar("T")
SHOWN_POWERS = (10, 20, 50, 100, 200)


@dataclass(frozen=True)
class Field:
    """A number that is asked for. most, least: what can be typed; divisor: into a share."""

    name: str
    title: str
    usual: str
    least: str
    most: str
    divisor: float = 100
    step: str = "any"


FIELDS = (
    Field("chance", "Chance, per cent", "50", "0.01", "99"),
    Field("rate", "True rate, per cent", "60", "0.1", "99.9"),
    Field("power", "Power, per cent", "80", "1", "99.9"),
    Field("width", "Interval, points either way", "5", "1", "49"),
    Field("accuracy", "People right, per cent", "80", "1", "99"),
    Field("machine", "Network right, per cent", "75", "1", "99"),
    Field("consistency", "Error consistency", "0.2", "-1", "1", 1),
    Field("kappa_width", "Its interval, either way", "0.1", "0.02", "0.9", 1),
)


@dataclass(frozen=True)
class Typed:
    """A field with what was typed into it."""

    field: Field
    text: str


@dataclass(frozen=True)
class Calculation:
    """notes: a sentence for every number that cannot be computed; its result is None then."""

    typed: Sequence[Typed]
    needed: Needed | None
    for_width: int | None
    for_consistency: int | None
    powers: Sequence[tuple[int, float]]
    notes: Sequence[str]


def calculate(asked: Mapping[str, str]) -> Calculation:
    typed = [Typed(field, asked.get(field.name, field.usual).strip()[:12]) for field in FIELDS]
    notes: list[str] = []
    values = {one.field.name: _number(one, notes) for one in typed}
    if any(value is None for value in values.values()):
        return Calculation(typed, None, None, None, (), notes)
    known = {name: value for name, value in values.items() if value is not None}
    return Calculation(
        typed,
        _tried(_needed, notes, known["chance"], known["rate"], known["power"]),
        _tried(_for_width, notes, known["width"], known["rate"]),
        _tried(
            _for_consistency, notes,
            known["accuracy"], known["machine"], known["consistency"], known["kappa_width"],
        ),
        [(n, float(power(n, known["chance"], known["rate"]))) for n in SHOWN_POWERS],
        notes,
    )  # fmt: skip


def is_asked(asked: Mapping[str, str]) -> bool:
    return any(field.name in asked for field in FIELDS)


def _number(typed: Typed, notes: list[str]) -> float | None:
    field = typed.field
    try:
        value = float(typed.text)
    except ValueError:
        value = float("nan")
    if float(field.least) <= value <= float(field.most):
        return value / field.divisor
    notes.append(f"{field.title}: expected {field.least} to {field.most}, got “{typed.text}”.")
    return None


def _tried(compute: Callable[..., T], notes: list[str], *numbers: float) -> T | None:
    try:
        return compute(*numbers)
    except ValueError as error:
        words = str(error)
        notes.append(f"{words[0].upper()}{words[1:]}.")
        return None


@lru_cache(maxsize=256)
def _needed(chance: float, rate: float, wanted: float) -> Needed:
    return trials_needed(chance, rate, wanted=wanted)


@lru_cache(maxsize=256)
def _for_width(half_width: float, rate: float) -> int:
    return trials_for_half_width(half_width, rate)


def _for_consistency(first: float, second: float, value: float, half_width: float) -> int:
    return trials_for_consistency(Expected(first, second, value), half_width)
