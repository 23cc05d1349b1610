"""Values of files that nobody vouches for. Each error names the place, what was expected, what came."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from evolution.errors import InvalidInput

MOST_WHOLE = 2**31 - 1  # what the database keeps in most columns
MOST_LARGE = 2**53 - 1  # exact in JSON
_WHOLE = re.compile(r"-?\d{1,18}")
_REAL = re.compile(r"[-+0-9.eE]{1,40}")


@dataclass(frozen=True)
class Values:
    """The values of one row or object, by name. Texts of a table are numbers where one is asked for."""

    place: str
    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        if name not in self.values:
            raise InvalidInput(f"{self.place}, {name}", "expected a value, got none")
        return self.values[name]

    def refused(self, name: str, expected: str) -> InvalidInput:
        got = repr(self.values.get(name))
        return InvalidInput(
            f"{self.place}, {name}", f"expected {expected}, got {got[:60]}{'...' * (len(got) > 60)}"
        )

    def is_empty(self, name: str) -> bool:
        return self[name] is None or self[name] == ""

    def whole(self, name: str, least: int = 0, most: int = MOST_WHOLE) -> int:
        value = self[name]
        if isinstance(value, str) and _WHOLE.fullmatch(value):
            value = int(value)
        if type(value) is not int or not least <= value <= most:
            raise self.refused(name, f"a whole number from {least:,} to {most:,}")
        return value

    def real(self, name: str, least: float = 0.0, most: float = 1e15) -> float:
        value = self[name]
        if isinstance(value, str) and _REAL.fullmatch(value):
            try:
                value = float(value)
            except ValueError:
                raise self.refused(name, "a number") from None
        if type(value) is int and abs(value) <= MOST_LARGE:
            value = float(value)
        if type(value) is not float or not math.isfinite(value) or not least <= value <= most:
            raise self.refused(name, f"a number from {least:g} to {most:g}")
        return value

    def flag(self, name: str) -> bool:
        value = self[name]
        if type(value) is not bool:
            raise self.refused(name, "true or false")
        return value

    def text(self, name: str, longest: int) -> str:
        value = self[name]
        if not isinstance(value, str) or len(value) > longest or "\0" in value:
            raise self.refused(name, f"a text of up to {longest:,} characters")
        return value

    def word(self, name: str, known: list[str]) -> str:
        value = self[name]
        if value not in known:
            raise self.refused(name, f"one of {', '.join(known)}")
        return str(value)

    def moment(self, name: str) -> datetime:
        try:
            found = datetime.fromisoformat(self.text(name, 40))
        except ValueError:
            raise self.refused(name, "a time in ISO 8601") from None
        if found.tzinfo is None or not 1970 <= found.year <= 2970:
            raise self.refused(name, "a time with its zone, from this millennium")
        return found

    def moment_or_none(self, name: str) -> datetime | None:
        return None if self.is_empty(name) else self.moment(name)

    def objects(self, name: str) -> "Values":
        value = self[name]
        if not isinstance(value, dict):
            raise self.refused(name, "an object")
        return Values(f"{self.place}, {name}", value)


def document(place: str, content: str | bytes) -> Values:
    """A JSON object: finite numbers only, not nested without an end."""
    try:
        found = json.loads(content, parse_constant=_refused_constant)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(place, f"expected a JSON object, got {error}") from None
    if not isinstance(found, dict):
        raise InvalidInput(place, f"expected a JSON object, got {type(found).__name__}")
    return Values(place, found)


def _refused_constant(name: str) -> None:
    raise ValueError(f"the number {name}")
