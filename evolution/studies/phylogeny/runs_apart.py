"""Fig. 9 in numbers: champions of related classes within a run, and of one class between runs."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np

from classifiers import catalogue
from evolution.errors import InvalidInput
from evolution.measures.likeness import cosine_distances
from evolution.services import embedding
from evolution.studies.base import Outcome
from evolution.studies.phylogeny import kinship
from evolution.studies.phylogeny.archive import Champions, champions
from evolution.studies.phylogeny.kinship import Beat
from evolution.studies.phylogeny.likeness import DIGITS


def measured(outcomes: Sequence[Outcome], network: str, beat: Beat) -> dict[str, Any]:
    """By kind: the mean distance of two classes of one run, and of one class in two runs.

    Pairs of runs count alike, and so do pairs of classes.
    """
    return {
        name: _of_kind([champions(outcome) for outcome in outcomes], kind, network, beat)
        for name, kind in kinship.KINDS.items()
    }


def _of_kind(runs: Sequence[Champions], kind: str, network: str, beat: Beat) -> dict[str, Any]:
    label_set = catalogue.entry(runs[0].run.classifier).label_set
    members = kinship.below(kind, label_set.wordnet_ids or ())
    known = [dict(zip(held.labels, held.individuals, strict=True)) for held in runs]
    labels = [label for label in members if all(label in one for one in known)]
    if len(runs) < 2 or len(labels) < 2:
        raise InvalidInput("runs", f"expected 2 or more with 2 or more classes of {kind} each")
    first = runs[0].run
    individuals = [one[label] for one in known for label in labels]
    features = embedding.features(
        individuals, network, first.image_shape[0], first.parameters["crops"], beat
    )
    distances = cosine_distances(features)
    rows = [range(at, at + len(labels)) for at in range(0, len(individuals), len(labels))]
    within = [distances[pair] for run in rows for pair in combinations(run, 2)]
    apart = [
        distances[pair]
        for one, other in combinations(rows, 2)
        for pair in zip(one, other, strict=True)
    ]
    return {
        "labels": labels,
        "within": round(float(np.mean(within)), DIGITS),
        "apart": round(float(np.mean(apart)), DIGITS),
        "pairs_within": len(within),
        "pairs_apart": len(apart),
    }
