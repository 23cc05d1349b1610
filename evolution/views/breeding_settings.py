"""How the next brood is to be bred, as the breed page sends it."""

from django.http import QueryDict

from evolution.algorithms.breeding import BreedingSettings
from evolution.errors import InvalidInput

NOTCHES = 10  # of the slider
RATES = ("crossover", "weight", "add_link", "add_node", "change_activation", "delete_link")


def settings(asked: QueryDict) -> BreedingSettings:
    """Raises InvalidInput, naming the field."""
    usual = BreedingSettings()
    if "strength" not in asked:
        return usual
    values: dict[str, object] = {
        "strength": (number(asked, "strength", 1, NOTCHES) - 1) / (NOTCHES - 1),
        "tiles": number(asked, "tiles", 10, 30) if asked.get("tiles") else usual.tiles,
        "focus": asked.get("focus", usual.focus),
    }
    for rate in RATES:
        if asked.get(rate):
            values[rate] = number(asked, rate, 0, 100) / 100
    if asked.get("advanced"):  # the panel was part of the form: an empty box is a choice
        for switch in ("keep_parents", "avoid_duplicates", "avoid_plain"):
            values[switch] = switch in asked
        values["activations"] = tuple(asked.getlist("activations"))
        values["inputs"] = tuple(asked.getlist("inputs"))
    return BreedingSettings(**values)  # type: ignore[arg-type]


def notch(strength: float) -> int:
    """Where the slider stands."""
    return round(strength * (NOTCHES - 1)) + 1


def slots(asked: QueryDict, most: int = 30) -> list[int]:
    """The pictures that were picked. Raises InvalidInput."""
    values = asked.getlist("parent")
    if len(values) > most:
        raise InvalidInput("parent", f"expected at most {most} pictures, got {len(values)}")
    return [whole("parent", value, 0, most - 1) for value in values]


def number(asked: QueryDict, name: str, least: int, most: int) -> int:
    return whole(name, asked.get(name, ""), least, most)


def whole(name: str, value: str, least: int, most: int) -> int:
    text = value.strip()
    if text.isascii() and text.isdigit() and len(text) <= 16 and least <= int(text) <= most:
        return int(text)
    raise InvalidInput(name, f"expected a whole number from {least} to {most}, got {text[:20]!r}")
