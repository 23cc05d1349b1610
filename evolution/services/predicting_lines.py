"""Asking a classifier about a line of descent, a few pictures at a time."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import numpy as np
import numpy.typing as npt
from django.db.models import Exists, OuterRef

from classifiers import catalogue
from classifiers.entries import AnyEntry
from classifiers.places import Crops
from evolution import lineages
from evolution.genomes.base import BadGenome
from evolution.models import Individual, Prediction
from evolution.services import predicting
from evolution.services.predicting import MOST_VIEWS

LONGEST = 300  # pictures of a line that are asked about, the newest ones
CROPS = {"whole": 1, "ten": 10}  # views of one picture

Shown = tuple[Individual, npt.NDArray[np.uint8]]

log = logging.getLogger(__name__)


def predict_line(individual_id: int, classifier_name: str, most: int = MOST_VIEWS) -> bool:
    """Ask about ancestors of which the classifier said nothing yet, the nearest first.

    most: views in one go. Damaged genomes are left out, and pictures that the classifier cannot be
    shown. Returns whether more wait; a task that could ask nothing ends the line, so that nothing
    waits for ever. Raises ClassifierError.
    """
    entry = catalogue.entry(classifier_name)
    line = [one.individual_id for one in lineages.parent_line(individual_id, LONGEST - 1)]
    waiting = unasked(line, entry)
    asked = list(_within(_drawn(waiting, entry), most))
    for (_, crops), group in groupby(asked, lambda pair: (pair[1].shape, _crops(pair[0]))):
        alike = list(group)
        said = predicting.answers(entry, np.stack([image for _, image in alike]), crops)
        Prediction.objects.bulk_create(
            [
                Prediction(individual=one, classifier=entry.name, version=entry.version, top=top)
                for (one, _), top in zip(alike, predicting.tops(said), strict=True)
            ],
            ignore_conflicts=True,  # somebody else asked meanwhile
        )
    return bool(asked) and len(waiting) > len(asked)


def unasked(line: Sequence[int], entry: AnyEntry) -> list[Individual]:
    """Of the nearest of a line, in its order, those that a classifier can be asked about and was not."""
    said = Prediction.objects.filter(
        individual=OuterRef("pk"), classifier=entry.name, version=entry.version
    )
    rows = Individual.objects.drawable().not_hidden().filter(~Exists(said), pk__in=line[:LONGEST])
    found = (
        rows.select_related("run", "brood__session")
        .defer("genome", "thumbnail", "brood__genomes")
        .in_bulk()
    )
    waiting = [found[number] for number in line[:LONGEST] if number in found]
    return [one for one in waiting if _can_be_shown(one, entry)]


def _can_be_shown(individual: Individual, entry: AnyEntry) -> bool:
    height, width, channels = individual.image_shape
    shown_as = 3 if channels == 1 and entry.channels == 3 else channels
    return entry.accepts((height, width, shown_as))


def _drawn(waiting: Iterable[Individual], entry: AnyEntry) -> Iterator[Shown]:
    """Each with what the classifier is shown: bytes (H, W, C)."""
    for one in waiting:
        try:
            image = predicting.picture(bytes(one.genome or b""), one.image_shape[0])
        except BadGenome as error:
            log.warning("No. %s is not shown to %s: %s", one.pk, entry.name, error)
            continue
        yield one, predicting.as_seen_by(entry, image[np.newaxis])[0]


def _within(drawn: Iterable[Shown], most: int) -> Iterator[Shown]:
    """The first of them, as many views as one task may ask about, and one picture at least."""
    views = 0
    for one, image in drawn:
        yield one, image
        views += CROPS[_crops(one)]
        if views >= most:
            return


def _crops(individual: Individual) -> Crops:
    """Which parts of it are shown: those that the network saw that bred it."""
    return individual.run.parameters["crops"] if individual.run else "whole"
