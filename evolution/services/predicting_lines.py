"""Asking a classifier about a line of descent, a few pictures at a time."""

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from django.db.models import Exists, OuterRef

from classifiers import catalogue
from classifiers.entries import AnyEntry
from classifiers.places import Crops
from evolution import lineages
from evolution.models import Individual, Prediction
from evolution.querysets import IndividualQuerySet
from evolution.services import predicting

LONGEST = 300  # pictures of a line that are asked about, the newest ones
AT_ONCE = 24  # of one task, so that a visitor's other question waits seconds at most


def predict_line(individual_id: int, classifier_name: str, most: int = AT_ONCE) -> bool:
    """Ask about ancestors of which the classifier said nothing yet, the nearest first.

    Returns whether more of them wait. Raises ClassifierError, BadGenome, InvalidInput.
    """
    entry = catalogue.entry(classifier_name)
    ids = [one.individual_id for one in lineages.parent_line(individual_id, LONGEST - 1)]
    found = unasked(ids, entry).select_related("run", "brood__session").in_bulk()
    waiting = [found[number] for number in ids if number in found]
    for (side, crops), group in groupby(waiting[:most], _way):
        ancestors = list(group)
        images = np.stack([predicting.picture(bytes(one.genome or b""), side) for one in ancestors])
        said = predicting.answers(entry, predicting.as_seen_by(entry, images), crops)
        Prediction.objects.bulk_create(
            [
                Prediction(individual=one, classifier=entry.name, version=entry.version, top=top)
                for one, top in zip(ancestors, predicting.tops(said), strict=True)
            ],
            ignore_conflicts=True,  # somebody else asked meanwhile
        )
    return len(waiting) > most


def unasked(ids: Sequence[int], entry: AnyEntry) -> IndividualQuerySet:
    """Of these individuals the ones that can be drawn and that a classifier said nothing of."""
    said = Prediction.objects.filter(
        individual=OuterRef("pk"), classifier=entry.name, version=entry.version
    )
    return Individual.objects.drawable().filter(~Exists(said), pk__in=ids[:LONGEST])


def _way(individual: Individual) -> tuple[int, Crops]:
    """How its picture is shown: pixels a side, and which parts."""
    crops: Crops = individual.run.parameters["crops"] if individual.run else "whole"
    return individual.image_shape[0], crops
