"""What networks say of a picture that a visitor painted over, before beside after.

Paintings and answers lie in the cache for an hour: nobody else looks at them. Torch is imported
when the first question comes.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import redis.exceptions
from django.core.cache import cache

from classifiers import catalogue
from classifiers.base import FloatArray
from classifiers.places import Crops
from evolution import phenotypes
from evolution.errors import InvalidInput, Stale
from evolution.models import Individual
from evolution.services import painting, predicting
from evolution.services.painting import Painting

KEPT_FOR = 3600  # seconds
SHOWN = 3  # labels of a network, of the painted picture
SHOWN_BEFORE = 1  # of the whole one, where it is another
DIGEST = re.compile(r"[0-9a-f]{32}")
OUT_OF_ORDER = (redis.exceptions.RedisError, OSError)


@dataclass(frozen=True)
class Kept:
    """label: the one that the page of the picture speaks of; empty for none."""

    painting: Painting
    label: str


@dataclass(frozen=True)
class Answer:
    """readings: (index of the label, confidence in the whole picture, in the painted one)."""

    readings: list[tuple[int, float, float]]


def keep(individual: Individual, one: Painting, label: str) -> str:
    """Keep a painting for workers, and return its digest. Raises OSError, RedisError."""
    stored = {"fills": list(one.fills), "runs": one.runs, "label": label}
    text = repr((individual.pk, stored["fills"], stored["runs"], label))
    digest = hashlib.sha256(text.encode()).hexdigest()[:32]
    cache.set(_key(individual.pk, digest), stored, KEPT_FOR)
    return digest


def kept(individual: Individual, digest: str) -> Kept | None:
    """The painting of this digest, if it is still there."""
    if not DIGEST.fullmatch(digest):
        return None
    stored = _get(_key(individual.pk, digest))
    if stored is None:
        return None
    side = individual.image_shape[0]
    one = painting.read(side, " ".join(stored["fills"]), stored["runs"])
    return Kept(one, stored["label"])


def may_ask(digest: str, classifier: str) -> bool:
    """True for the first caller in a minute."""
    return predicting.first_in_a_while(f"asked-painting:{digest}:{predicting.hash_of(classifier)}")


def ask(individual_id: int, digest: str, classifier: str) -> None:
    """Show a painted picture to a network, beside the whole one. Asked twice it answers once.

    Raises Individual.DoesNotExist, Stale for a painting that is gone, InvalidInput for a genome
    that is, ClassifierError, BadGenome.
    """
    entry = catalogue.entry(classifier)
    individual = Individual.objects.select_related("run", "brood__session").get(pk=individual_id)
    found = kept(individual, digest)
    if found is None:
        raise Stale(f"The painting over No. {individual_id} is gone.")
    if individual.genome is None:
        raise InvalidInput("individual", f"expected a kept genome, No. {individual_id} was pruned")
    if answer(individual_id, digest, classifier):
        return
    whole = predicting.picture(bytes(individual.genome), individual.image_shape[0])
    over = painting.painted(whole, found.painting)
    cache.set(f"{_key(individual_id, digest)}:picture", phenotypes.png(over), KEPT_FOR)
    crops: Crops = individual.run.parameters["crops"] if individual.run else "whole"
    both = predicting.as_seen_by(entry, np.stack([whole, over]))
    before, after = predicting.answers(entry, both, crops)
    wished = entry.labels.index(found.label) if found.label in entry.labels else None
    readings = [[n, float(before[n]), float(after[n])] for n in _shown(before, after, wished)]
    cache.set(_answer_key(individual_id, digest, classifier), {"readings": readings}, KEPT_FOR)


def answer(individual_id: int, digest: str, classifier: str) -> Answer | None:
    """What a network said, of the version that is installed; None for nothing yet."""
    stored = _get(_answer_key(individual_id, digest, classifier))
    return (
        Answer([(n, before, after) for n, before, after in stored["readings"]]) if stored else None
    )


def picture(individual_id: int, digest: str) -> bytes | None:
    """The painted picture as networks were shown it, a PNG; None before the first of them was."""
    if not DIGEST.fullmatch(digest):
        return None
    found = _get(f"{_key(individual_id, digest)}:picture")
    return found if isinstance(found, bytes) else None


def _shown(before: FloatArray, after: FloatArray, wished: int | None) -> list[int]:
    """The likeliest labels after, then the one before, and the one that the page speaks of."""
    first = [n for n, _ in predicting.top(after)[:SHOWN]]
    first += [n for n, _ in predicting.top(before)[:SHOWN_BEFORE]]
    if wished is not None:
        first.append(wished)
    return sorted(set(first), key=lambda n: -float(after[n]))


def _key(individual_id: int, digest: str) -> str:
    return f"painting:{individual_id}:{digest}"


def _answer_key(individual_id: int, digest: str, classifier: str) -> str:
    version = catalogue.entry(classifier).version
    return f"{_key(individual_id, digest)}:{predicting.hash_of(classifier)}:{version}"


def _get(key: str) -> Any:
    try:
        return cache.get(key)
    except OUT_OF_ORDER:
        return None
