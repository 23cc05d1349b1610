"""Wrong configuration, told at start with an id and a hint."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from classifiers import catalogue


@register()
def weights_are_present(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    missing = [
        entry.name
        for entry in catalogue.entries()
        if not (settings.WEIGHTS_DIR / entry.weights).is_file()
    ]
    return [
        Error(
            f"No weights for {name} in the weights folder.",
            hint="Restore classifiers/weights, or point FOOLBREEDER_WEIGHTS at a copy of it.",
            id="evolution.E001",
        )
        for name in missing
    ]


@register()
def slices_end_before_the_broker_gives_up(
    app_configs: Any, **kwargs: Any
) -> Sequence[CheckMessage]:
    timeout = settings.VISIBILITY_SECONDS
    if timeout >= settings.SLICE_SECONDS * 10:
        return []
    return [
        Error(
            f"SLICE_SECONDS is {settings.SLICE_SECONDS}, the visibility timeout {timeout} s: "
            "the broker would hand a slice to a second worker while the first still works.",
            hint="Keep ten slices within the visibility timeout.",
            id="evolution.E002",
        )
    ]
