"""What a reaction time can be. A browser may say anything: the server's clock bounds it."""

from typing import Literal

from evolution.errors import InvalidInput

Flag = Literal["", "too fast", "implausible", "seen"]
FASTEST_MS = 200  # to see a picture, read names and press; anticipations are faster
TOLERANCE_MS = 1000  # by which the browser's clock may be ahead of the server's
LONGEST_MS = 24 * 60 * 60 * 1000


def read_ms(text: str) -> int | None:
    """A reaction time as a form sends it; nothing without scripts. Raises InvalidInput."""
    if not text.strip():
        return None
    try:
        milliseconds = round(float(text[:30]))
    except (ValueError, OverflowError):
        raise InvalidInput("reaction_ms", f"expected milliseconds, got {text[:30]!r}") from None
    check_ms(milliseconds)
    return milliseconds


def check_ms(milliseconds: int) -> None:
    """Raise InvalidInput for a reaction before the picture, or after more than a day."""
    if not 0 <= milliseconds <= LONGEST_MS:
        raise InvalidInput(
            "reaction_ms", f"expected 0 to {LONGEST_MS} milliseconds, got {milliseconds}"
        )


def flag(reaction_ms: int | None, elapsed_ms: int) -> Flag:
    """Why an answer is not counted, or nothing. elapsed_ms: by the server's clock."""
    if reaction_ms is not None and reaction_ms > elapsed_ms + TOLERANCE_MS:
        return "implausible"
    fastest = elapsed_ms if reaction_ms is None else min(reaction_ms, elapsed_ms)
    return "too fast" if fastest < FASTEST_MS else ""
