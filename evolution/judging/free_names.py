"""Names in people's own words, matched to labels. What matches nothing is kept as it is."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence

ARTICLES = frozenset(("a", "an", "the", "some", "its", "it", "is", "number", "digit", "maybe"))
NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
CLOSE = 0.88  # of difflib's ratio: one slip in eight letters
SHORTEST_CLOSE = 5  # letters; a slip in a shorter word makes another word


def match(text: str, labels: Sequence[str]) -> str:
    """The label that a text names, or nothing.

    Capitals, accents, articles, plurals and, in longer words, a slip of the pen make no difference.
    Of several labels the first one wins.
    """
    words = folded(text)
    if not words:
        return ""
    by_name = _by_name(labels)
    for form in (words, *_singulars(words)):
        if form in by_name:
            return by_name[form]
    if len(words) < SHORTEST_CLOSE:
        return ""
    close = difflib.get_close_matches(words, by_name, n=1, cutoff=CLOSE)
    return by_name[close[0]] if close else ""


def folded(text: str) -> str:
    """Lower case, letters and digits alone, no articles, number words as digits."""
    plain = "".join(
        sign
        for sign in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(sign)
    )
    words = [word for word in re.split(r"[\W_]+", plain) if word and word not in ARTICLES]
    return " ".join(str(NUMBERS.index(word)) if word in NUMBERS else word for word in words)


def _by_name(labels: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for label in labels:
        found.setdefault(folded(label), label)
    return found


def _singulars(words: str) -> Iterable[str]:
    for ending, singular in (("ies", "y"), ("es", ""), ("s", "")):
        if words.endswith(ending) and len(words) > len(ending) + 2:
            yield words[: -len(ending)] + singular
