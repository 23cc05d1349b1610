"""Parameters of studies: frozen dataclasses whose fields say what they mean and what they allow.

A command line, a form and a stored row are read by the same function, so that all refuse the same.
"""

import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, field, fields
from typing import Any, TypeVar

from evolution.errors import InvalidInput

LONGEST_TEXT = 1000
MOST_QUOTED = 80
P = TypeVar("P")


@dataclass(frozen=True)
class Setting:
    """One parameter of a study, for whoever draws a form or an option of a command."""

    name: str
    kind: type  # int, float, str, bool or tuple (of words)
    default: Any
    words: str
    least: float | None
    most: float | None
    choices: Sequence[str] | None

    @property
    def label(self) -> str:
        return self.name.replace("_", " ")


def setting(
    default: Any,
    words: str,
    *,
    least: float | None = None,
    most: float | None = None,
    choices: Sequence[str] | None = None,
) -> Any:
    """Declare a parameter. words: a sentence for the form and for --help."""
    allowed = {"words": words, "least": least, "most": most, "choices": choices}
    return field(default=default, metadata=allowed)


def settings_of(parameters: type[Any]) -> list[Setting]:
    """Return the parameters of a class in the order of its fields."""
    hints = typing.get_type_hints(parameters)
    return [
        Setting(
            name=one.name,
            kind=_kind(hints[one.name]),
            default=None if one.default is MISSING else one.default,
            **one.metadata,
        )
        for one in fields(parameters)
    ]


def read(parameters: type[P], given: Mapping[str, Any], scale: P) -> P:
    """Make parameters of what somebody gave, as text or as JSON; a scale has the other values.

    Raises InvalidInput, which names the parameter, what was expected and what came.
    """
    known = {one.name: one for one in settings_of(parameters)}
    for name in given:
        if name not in known:
            raise InvalidInput(name, f"expected one of {', '.join(known)}")
    values = {
        name: _read(one, given[name]) if name in given else getattr(scale, name)
        for name, one in known.items()
    }
    return parameters(**values)


def as_json(parameters: Any) -> dict[str, Any]:
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(parameters).items()
    }


def from_json(parameters: type[P], stored: Mapping[str, Any]) -> P:
    """Return stored parameters; those that were added since have their usual value."""
    return read(parameters, stored, parameters())


def _kind(hint: Any) -> type:
    origin = typing.get_origin(hint)
    kind = origin if isinstance(origin, type) and origin is not types.UnionType else hint
    if kind not in (int, float, str, bool, tuple):
        raise TypeError(f"a parameter is a number, a text, a bool or a tuple of texts, not {hint}")
    return typing.cast("type", kind)


def _read(one: Setting, value: Any) -> Any:
    if one.kind is tuple:
        return _words(one, value)
    if one.kind is bool:
        return _truth(one, value)
    if one.kind is str:
        if not isinstance(value, str) or len(value) > LONGEST_TEXT:
            raise InvalidInput(
                one.name, f"expected up to {LONGEST_TEXT} characters, got {shown(value)}"
            )
        return _chosen(one, value.strip())
    return _number(one, value)


def _number(one: Setting, value: Any) -> Any:
    what = "a whole number" if one.kind is int else "a number"
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise InvalidInput(one.name, f"expected {what}, got {shown(value)}")
    try:
        number = one.kind(value) if one.kind is float or isinstance(value, (int, str)) else None
    except (ValueError, OverflowError):
        number = None
    if number is None or number != number:
        raise InvalidInput(one.name, f"expected {what}, got {shown(value)}")
    low, high = one.least, one.most
    if (low is not None and number < low) or (high is not None and number > high):
        wanted = f"{low:,} to {high:,}" if high is not None else f"{low:,} or more"
        raise InvalidInput(one.name, f"expected {wanted}, got {number:,}")
    return number


def _words(one: Setting, value: Any) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)) or not all(isinstance(part, str) for part in parts):
        raise InvalidInput(one.name, f"expected words with commas between them, got {shown(value)}")
    words = tuple(_chosen(one, part.strip()) for part in parts if part.strip())
    if sum(map(len, words)) > LONGEST_TEXT:
        raise InvalidInput(one.name, f"expected up to {LONGEST_TEXT} characters")
    return words


def _truth(one: Setting, value: Any) -> bool:
    known = {True: True, False: False, "yes": True, "on": True, "true": True, "": False}
    known |= {"no": False, "off": False, "false": False}
    if isinstance(value, (bool, str)) and value in known:
        return known[value]
    raise InvalidInput(one.name, f"expected yes or no, got {shown(value)}")


def shown(value: Any) -> str:
    """As a message quotes it: not at any length."""
    text = repr(value)
    return text if len(text) <= MOST_QUOTED else f"{text[:MOST_QUOTED]}…"


def _chosen(one: Setting, value: str) -> str:
    if one.choices is not None and value not in one.choices:
        raise InvalidInput(one.name, f"expected {', '.join(one.choices)}; got {shown(value)}")
    return value
