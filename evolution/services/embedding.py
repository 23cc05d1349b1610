"""Stored individuals as a network's last layer reads them. Imports torch when it is asked."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from classifiers import catalogue
from classifiers.base import FloatArray, NoFeatures
from classifiers.entries import Entry
from classifiers.places import Crops
from evolution.errors import InvalidInput
from evolution.models import Individual
from evolution.services import predicting
from evolution.services.places import place

AT_ONCE = 8  # pictures between two beats


def embeds(name: str) -> bool:
    """Whether a classifier is one network of an architecture that tells its features."""
    found = catalogue.entry(name)
    return isinstance(found, Entry) and bool(found.builder)


def features(
    individuals: Sequence[int],
    network: str,
    size: int,
    crops: Crops,
    beat: Callable[[], object] = lambda: None,
) -> FloatArray:
    """Return (N, D), a row for each of the individuals.

    size: of their pictures, in pixels. Raises InvalidInput where a genome was pruned, BadGenome,
    NoFeatures, ClassifierError.
    """
    asked: Any = catalogue.load(network, place(), crops=crops, chunk=AT_ONCE)
    if not hasattr(asked, "features"):
        raise NoFeatures(f"{network}: expected one network, got the mean of several")
    rows = []
    for start in range(0, len(individuals), AT_ONCE):
        beat()
        numbers = individuals[start : start + AT_ONCE]
        genomes = _genomes(numbers)
        images = np.stack([predicting.picture(genomes[number], size) for number in numbers])
        rows.append(asked.features(predicting.as_seen_by(catalogue.entry(network), images)))
    return np.concatenate(rows)


def _genomes(individuals: Sequence[int]) -> dict[int, bytes]:
    found = Individual.objects.drawable().filter(pk__in=individuals).values_list("pk", "genome")
    known = {number: bytes(genome or b"") for number, genome in found}
    for number in individuals:
        if number not in known:
            raise InvalidInput("individual", f"expected a kept genome, No. {number} has none")
    return known
