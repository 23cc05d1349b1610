"""What people write: one line each, for eyes, searched and shown as they typed it. Markup is text."""

import unicodedata

from evolution.errors import InvalidInput

# Bidirectional overrides and isolates would turn the words around them on a page.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
SHOWN = frozenset("LNPS")  # letters, digits, punctuation, signs: what leaves ink on a page
MOST_READ = 10_000  # characters that are looked at before a text is refused as too long


def one_line(argument: str, text: str, longest: int) -> str:
    """Trim a text and make one space of white space. Raises InvalidInput naming the argument.

    It must hold 1 to `longest` characters, one of them visible, and nothing that controls how a
    terminal or a page writes.
    """
    words = " ".join(unicodedata.normalize("NFC", text[:MOST_READ]).split())
    if bad := next((sign for sign in words if _controls(sign)), None):
        raise InvalidInput(
            argument, f"expected no control characters, got one (U+{ord(bad):04X}) in it"
        )
    if not any(unicodedata.category(sign)[0] in SHOWN for sign in words):
        raise InvalidInput(argument, f"expected 1 to {longest} characters, got nothing to read")
    if len(words) > longest:
        raise InvalidInput(
            argument, f"expected at most {longest} characters, got {len(' '.join(text.split())):,}"
        )
    return words


def _controls(sign: str) -> bool:
    return sign in TURNING or unicodedata.category(sign) in ("Cc", "Cs", "Co", "Cn")
