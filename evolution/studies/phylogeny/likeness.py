"""How far the champions of one run are from each other as a network sees them, beside kinship."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from classifiers import catalogue
from evolution.measures.likeness import bands, between_groups, cosine_distances, kin
from evolution.services import embedding
from evolution.studies.base import Outcome
from evolution.studies.phylogeny import kinship
from evolution.studies.phylogeny.archive import Champions, champions
from evolution.studies.phylogeny.kinship import Beat, Matrix

DIGITS = 6  # of means: what is kept of a part is to be small


def measured(
    outcome: Outcome, network: str, settings: Mapping[str, Any], beat: Beat
) -> dict[str, Any]:
    """All that is kept of one run and one network that looks at its champions."""
    held = champions(outcome)
    distances = held.spread(between(held, network, beat))
    label_set = catalogue.entry(held.run.classifier).label_set
    ids = kinship.ids_of(label_set, held.labels)
    return {
        "things": len(held.labels),
        "pictures": len(held.different),
        "tests": kinship.tests(distances, ids, held.surest, settings=settings, beat=beat),
        "bands": _bands(held, distances, ids),
        "groups": _groups(distances, label_set.groups or (), held),
        "kinds": _kinds(distances, ids, settings["seed"]),
    }


def between(held: Champions, network: str, beat: Beat) -> Matrix:
    """Cosine distances between the features of the different champions."""
    side, crops = held.run.image_shape[0], held.run.parameters["crops"]
    return cosine_distances(embedding.features(held.different, network, side, crops, beat))


def _bands(held: Champions, distances: Matrix, ids: tuple[str, ...]) -> list[list[float]]:
    """By steps in WordNet: steps, pairs, mean distance, share of pairs that are one picture."""
    path = kinship.related(ids).path
    same = (held.rows[:, None] == held.rows[None, :]).astype(np.float64)
    alike = bands(same, path)
    return [
        [one.at, one.pairs, round(one.mean, DIGITS), round(other.mean, DIGITS)]
        for one, other in zip(bands(distances, path), alike, strict=True)
    ]


def _groups(distances: Matrix, groups: tuple[str, ...], held: Champions) -> dict[str, Any]:
    """Mean likeness of super-classes: names, and a row for each."""
    names = sorted(set(groups))
    places = [names.index(groups[label]) for label in held.labels] if names else []
    if not names:
        return {"names": [], "means": []}
    means = between_groups(1 - distances, places, len(names))
    return {
        "names": names,
        "means": [[None if np.isnan(v) else round(float(v), DIGITS) for v in row] for row in means],
    }


def _kinds(distances: Matrix, ids: tuple[str, ...], seed: int) -> dict[str, Any]:
    """Of the parent classes of Fig. 9: how near their champions are to each other, and to all."""
    found = {}
    for name, kind in kinship.KINDS.items():
        places = kinship.below(kind, ids)
        if 2 <= len(places) < len(ids):
            near = kin(distances, places, seed=seed)
            found[name] = {
                "within": round(near.within, DIGITS),
                "outside": round(near.outside, DIGITS),
                "p": near.p,
                "things": near.things,
            }
    return found
