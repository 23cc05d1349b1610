"""What visitors ask of many pictures: a label by its name, a super-class, a least confidence."""

from collections.abc import Sequence

WORTH_SHOWING = 0.1  # what a wall hangs without being asked: below, a network claims nothing
LEAST = {"": "Any", "50": "50%", "90": "90%", "99": "99%", "99.99": "99.99%"}


def fits(name: str, text: str) -> bool:
    """Whether a label is meant by what was typed: digits are a whole name, words may be parts."""
    if text.isascii() and text.isdigit():
        return name == text
    lower = name.lower()
    return all(word in lower for word in text.lower().split())


def meant(names: Sequence[str], groups: Sequence[str], text: str, group: str) -> list[int]:
    """The indices of the labels that fit a text and belong to a super-class; empty stands for any.

    groups: one a name, or none at all.
    """
    return [
        index
        for index, name in enumerate(names)
        if (not text or fits(name, text)) and (not group or (groups and groups[index] == group))
    ]
