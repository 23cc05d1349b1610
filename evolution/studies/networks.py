"""Networks that studies are asked to use."""

from django.conf import settings

from classifiers import catalogue
from classifiers.base import ClassifierError
from classifiers.entries import AnyEntry
from evolution.errors import InvalidInput

COLOURS = {1: "grey pictures", 3: "pictures in colour"}


def named(parameter: str, name: str, channels: int | None = None) -> AnyEntry:
    """Look up a network, or an ensemble, that can be used. Raises InvalidInput."""
    try:
        entry = catalogue.entry(name)
    except ClassifierError as error:
        raise InvalidInput(parameter, str(error)) from None
    if missing := catalogue.what_is_missing(entry, settings.WEIGHTS_DIR):
        raise InvalidInput(parameter, missing)
    if channels is not None and entry.channels != channels:
        raise InvalidInput(
            parameter,
            f"expected one that sees {COLOURS[channels]}, got {name}, which sees "
            f"{COLOURS[entry.channels]}",
        )
    return entry


def versions(*names: str) -> dict[str, str]:
    """The versions of networks, for the arguments of a part: other weights are another result."""
    return {name: catalogue.entry(name).version for name in names}
