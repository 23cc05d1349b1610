"""A network that looks on while a person breeds, where the person wishes it."""

from collections.abc import Sequence

import numpy as np
from django.db import transaction

from classifiers import catalogue
from classifiers.base import ClassifierError
from classifiers.entries import Entry
from evolution import phenotypes
from evolution.errors import InvalidInput
from evolution.models import BreedingSession, Brood, Reading
from evolution.services import broods, predicting
from evolution.services.places import place

AT_ONCE = 5  # pictures, so that the first answers come early
SHOWN = 3  # labels under a picture


def networks(session: BreedingSession) -> tuple[Entry, ...]:
    """Those that can look at its pictures, the largest vocabulary first."""
    found = catalogue.onlookers(session.image_shape)
    return tuple(sorted(found, key=lambda entry: -len(entry.labels)))


def look(session: BreedingSession, classifier: str, wish: str) -> bool:
    """Let a network look on; an empty name: nobody. Returns whether anything changed.

    Raises InvalidInput for a network that cannot, or a wish that is no label of it.
    """
    if classifier and classifier not in [entry.name for entry in networks(session)]:
        raise InvalidInput(
            "classifier", f"expected a network that can look on, got {classifier[:40]!r}"
        )
    if classifier and wish and wish not in catalogue.entry(classifier).labels:
        raise InvalidInput("wish", f"expected a label of the network, got {wish[:60]!r}")
    asked = (not classifier, classifier or session.classifier, wish if classifier else session.wish)
    if asked == (session.is_blind, session.classifier, session.wish):
        return False
    session.is_blind, session.classifier, session.wish = asked
    session.save(update_fields=["is_blind", "classifier", "wish", "touched_at"])
    return True


def reading(session: BreedingSession, brood: Brood) -> Reading | None:
    """What the network has said of a brood so far. None in blind mode, whatever is stored."""
    if session.is_blind or not session.classifier:
        return None
    try:
        version = catalogue.entry(session.classifier).version
    except ClassifierError:
        return None
    return brood.readings.filter(classifier=session.classifier, version=version).first()


def is_complete(session: BreedingSession, brood: Brood, found: Reading | None) -> bool:
    n = len(brood.origins)
    if found is None or len(found.tops) < n:
        return False
    return not session.wish or len(found.wished.get(session.wish, [])) == n


def read(brood_id: int, classifier: str, wish: str) -> None:
    """Ask a network about every picture of a brood; what is known is written as it comes.

    Raises Brood.DoesNotExist, ClassifierError, BadGenome.
    """
    entry = catalogue.entry(classifier)
    brood = Brood.objects.select_related("session").get(pk=brood_id)
    found, _ = Reading.objects.get_or_create(
        brood=brood, classifier=entry.name, version=entry.version, defaults={"tops": []}
    )
    n = len(brood.origins)
    if len(found.tops) == n and (not wish or len(found.wished.get(wish, [])) == n):
        return
    network = catalogue.shared(entry.name, place(), crops="whole", chunk=AT_ONCE)
    index = list(entry.labels).index(wish) if wish in entry.labels else None
    tops: list[list[tuple[int, float]]] = []
    wished: list[float] = []
    side = brood.session.image_size
    pictures = broods.genomes(brood)
    for start in range(0, n, AT_ONCE):
        images = np.stack([phenotypes.express(g, side) for g in pictures[start : start + AT_ONCE]])
        confidences = network.confidences(predicting.as_seen_by(entry, images))
        tops += [top[:SHOWN] for top in predicting.tops(confidences)]
        if index is not None:
            wished += confidences[:, index].tolist()
        _note(found.pk, tops, wish if index is not None else "", wished)


@transaction.atomic
def _note(
    reading_id: int, tops: Sequence[Sequence[tuple[int, float]]], wish: str, wished: list[float]
) -> None:
    """Write what is new; another question about the same brood may know more already."""
    found = Reading.objects.select_for_update().get(pk=reading_id)
    if len(tops) > len(found.tops):
        found.tops = [list(map(list, top)) for top in tops]
    if wish and len(wished) > len(found.wished.get(wish, [])):
        found.wished = {**found.wished, wish: wished}
    found.save(update_fields=["tops", "wished"])
