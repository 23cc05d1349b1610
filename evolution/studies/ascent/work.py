"""The work of the study of gradient ascent. It needs torch, so that no page may import it."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from classifiers import ascent_styles, catalogue
from classifiers.ascent import Ascended, Ascent, Unit
from evolution.services.ascending import AscentGallery
from evolution.services.places import place
from evolution.studies.base import Beat


def climb(arguments: Mapping[str, Any], beat: Beat) -> dict[str, Any]:
    """Find the pictures of a part and put them into the gallery; those that are there stay.

    side: of the pictures, in pixels. step: iterations between two points of a curve, whose last
    point is the last iteration. Raises ClassifierError, InvalidInput.
    """
    settings = ascent_styles.settings(arguments["style"], arguments["iterations"])
    classifier = catalogue.load(arguments["classifier"], place())
    beat()
    ascent = Ascent(classifier, settings, batch=arguments["batch"])
    gallery = AscentGallery(ascent)
    step = max(1, -(-settings.iterations // arguments["points"]))
    units = [Unit(label, arguments["seed"]) for label in arguments["labels"]]
    pictures = []
    began = time.monotonic()
    for found in ascent.climb(units, beat):
        beat()
        seconds, began = time.monotonic() - began, time.monotonic()
        individual = gallery.keep(found, seconds)
        pictures.append(_facts(found, individual, step))
    run = gallery.found(units[0])
    return {
        "run": run["run"] if run else None,
        "side": ascent.size,
        "step": step,
        "iterations": settings.iterations,
        "pictures": pictures,
    }


def _facts(found: Ascended, individual: int, step: int) -> dict[str, Any]:
    return {
        "label": found.unit.label,
        "seed": found.unit.seed,
        "individual": individual,
        "confidence": found.confidence,
        "is_top": found.is_top,
        "first_top": found.first_top,
        "first_above": [found.first_above[least] for least in sorted(found.first_above)],
        "lost": found.lost_gradient,
        "curve": _thinned([float(value) for value in found.curve], step),
    }


def _thinned(curve: Sequence[float], step: int) -> list[float]:
    kept = list(curve[::step])
    if (len(curve) - 1) % step:
        kept.append(curve[-1])
    return [round(value, 6) for value in kept]
