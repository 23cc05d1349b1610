"""Find pictures by gradient ascent, as the paper's §3.9 does, for a folder, the gallery or both.

What is there already is not done again: after an interruption, the same command goes on.
"""

import json
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from django.core.management import BaseCommand, CommandError
from tqdm import tqdm

from classifiers import ascent_styles, catalogue
from classifiers.base import ClassifierError
from evolution.errors import InvalidInput
from evolution.services.numbers import MOST_NUMBERS, listed
from evolution.services.places import place
from evolution.templatetags.readings import percent

SURE = 0.99


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--classifier", required=True, help='a name; "a+b" is the mean of two')
        parser.add_argument("--labels", required=True, help="indices, as 3,7 or 0-9")
        parser.add_argument("--style", required=True, choices=list(ascent_styles.STYLES))
        parser.add_argument("--seeds", default="0", help="of the starts, as 0-4 (default: 0)")
        parser.add_argument("--iterations", type=int, help="default: as published")
        parser.add_argument("--stop-at", type=float, help="a confidence that is enough")
        parser.add_argument("--batch", type=int, default=8, help="pictures at once (default: 8)")
        parser.add_argument("--out", type=Path, metavar="DIR", help="put them into this folder")
        parser.add_argument("--store", action="store_true", help="put them into the gallery")
        parser.add_argument("--json", action="store_true", help="one JSON object on the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        from classifiers.ascent import Unit

        try:
            labels = listed("--labels", options["labels"])
            seeds = listed("--seeds", options["seeds"])
        except InvalidInput as error:
            raise CommandError(str(error)) from None
        if len(labels) * len(seeds) > MOST_NUMBERS:
            raise CommandError(f"--labels, --seeds: expected at most {MOST_NUMBERS:,} pictures")
        if not (options["out"] or options["store"]):
            raise CommandError("--out, --store: expected at least one of them, got none")
        units = [Unit(label, seed) for seed in seeds for label in labels]
        try:
            pictures = self._climbed(units, options)
        except (ClassifierError, InvalidInput) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"--out: {options['out']}: {error.strerror}") from None
        except KeyboardInterrupt:
            raise CommandError("stopped; the same command goes on") from None
        told = summary(pictures)
        self.stdout.write(json.dumps(told) if options["json"] else _sentence(told))

    def _climbed(self, units: Sequence[Any], options: dict[str, Any]) -> list[dict[str, Any]]:
        from classifiers.ascent import Ascent

        chosen = ascent_styles.settings(options["style"], options["iterations"], options["stop_at"])
        classifier = catalogue.load(options["classifier"], place())
        ascent = Ascent(classifier, chosen, batch=options["batch"])
        places = _places(ascent, options)
        missing = [unit for unit in units if any(place.missing([unit]) for place in places)]
        began = time.monotonic()
        with tqdm(
            total=len(units), initial=len(units) - len(missing), unit="picture", disable=None
        ) as bar:
            for found in ascent.climb(missing):
                seconds, began = time.monotonic() - began, time.monotonic()
                for kept in places:
                    kept.keep(found, seconds)
                bar.update()
        return [_told(unit, places) for unit in units]


def _places(ascent: Any, options: dict[str, Any]) -> list[Any]:
    """Where the pictures go."""
    from evolution.services.ascending import AscentGallery
    from evolution.services.ascent_folders import AscentFolder

    places: list[Any] = [AscentFolder(options["out"], ascent)] if options["out"] else []
    return [*places, AscentGallery(ascent)] if options["store"] else places


def _told(unit: Any, places: Sequence[Any]) -> dict[str, Any]:
    """What each place knows of a picture; the first one's word counts."""
    told: dict[str, Any] = {}
    for place_ in reversed(places):
        told |= place_.found(unit) or {}
    return told


def summary(pictures: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What an ascent came to, for programs. Confidences are those of the rounded pictures."""
    confidences = [facts["confidence"] for facts in pictures]
    return {
        "classifier": pictures[0]["classifier"],
        "style": pictures[0]["settings"]["style"],
        "pictures": len(pictures),
        "mean": fmean(confidences),
        "min": min(confidences),
        "max": max(confidences),
        "sure": sum(confidence >= SURE for confidence in confidences),
        "found": list(pictures),
    }


def _sentence(told: dict[str, Any]) -> str:
    return (
        f"{told['pictures']} pictures by gradient ascent ({told['style']}) on {told['classifier']}: "
        f"mean confidence {percent(told['mean'])}, {told['sure']} with {percent(SURE)} or more."
    )
