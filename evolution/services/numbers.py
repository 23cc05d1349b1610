"""Whole numbers as people list them: 3,7 or 0-9."""

from evolution.errors import InvalidInput

MOST_NUMBERS = 100_000
_MOST_DIGITS = 9


def listed(argument: str, text: str) -> list[int]:
    """Read 3,7 or 0-9 or both, without repetitions. Raises InvalidInput, naming the argument."""
    found: dict[int, None] = {}
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        bounds = [first, last if dash else first]
        if not all(_is_number(bound) for bound in bounds):
            raise _refused(argument, text)
        low, high = (int(bound) for bound in bounds)
        if not low <= high < low + MOST_NUMBERS:
            raise _refused(argument, text)
        found |= dict.fromkeys(range(low, high + 1))
    return list(found)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS


def _refused(argument: str, text: str) -> InvalidInput:
    return InvalidInput(argument, f"expected numbers as 3,7 or 0-9, got {text[:80]!r}")
