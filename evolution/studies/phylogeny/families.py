"""The descent of one archive: its families, distances along lines beside kinship, goal switches."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from classifiers import catalogue
from evolution.measures import descent as measures
from evolution.measures.likeness import bands
from evolution.services.phylogeny import Descent, descent
from evolution.studies.base import Outcome
from evolution.studies.phylogeny import kinship
from evolution.studies.phylogeny.archive import Champions, champions
from evolution.studies.phylogeny.kinship import Beat, Matrix
from evolution.studies.phylogeny.likeness import DIGITS

LARGEST = 10  # families that are told one by one
WAYS = 20  # of goal switches
MOST_POINTS = 100  # of the curve of switches


def measured(outcome: Outcome, settings: Mapping[str, Any], beat: Beat) -> dict[str, Any]:
    """All that is kept of the descent of one run."""
    held = champions(outcome)
    found = descent(held.run.pk)
    beat()
    lineage = held.spread(measures.lineage_distances(found.born, held.different))
    beat()
    # Beyond all pairs that have an ancestor in common; for ranks it does not matter how far.
    far = 2.0 * ((held.run.last_generation or 0) + 1)
    finite = np.where(np.isfinite(lineage), lineage, far)
    label_set = catalogue.entry(held.run.classifier).label_set
    ids = kinship.ids_of(label_set, held.labels)
    return {
        "things": len(held.labels),
        "pictures": len(held.different),
        "far": far,
        "tests": kinship.tests(finite, ids, held.surest, settings=settings, beat=beat),
        "bands": _bands(lineage, kinship.related(ids).path),
        **_families(found, held, label_set.groups or ()),
        "switches": _switches(found, held, kinship.related(ids).path),
    }


def _bands(lineage: Matrix, path: Matrix) -> list[list[float | None]]:
    """By steps in WordNet: steps, pairs, share with a common ancestor, their mean distance."""
    related = np.isfinite(lineage)
    shares = bands(related.astype(np.float64), path)
    means = {one.at: one.mean for one in bands(lineage, np.where(related, path, np.inf))}
    return [
        [
            one.at,
            one.pairs,
            round(one.mean, DIGITS),
            round(means[one.at], DIGITS) if one.at in means else None,
        ]
        for one in shares
    ]


def _families(found: Descent, held: Champions, groups: Sequence[str]) -> dict[str, Any]:
    """founders: how many; sizes: cells of each family; largest: the first of them in more detail."""
    ancestors = measures.founders(found.born, held.individuals)
    sizes = measures.families(found.born, held.individuals)
    return {
        "founders": len(sizes),
        "sizes": [cells for _, cells in sizes],
        "largest": [
            _family(founder, cells, ancestors, held, groups) for founder, cells in sizes[:LARGEST]
        ],
    }


def _family(
    founder: int, cells: int, ancestors: Sequence[int], held: Champions, groups: Sequence[str]
) -> dict[str, Any]:
    places = [place for place, one in enumerate(ancestors) if one == founder]
    kinds = Counter(groups[held.labels[place]] for place in places) if groups else Counter()
    surest = max(places, key=lambda place: (held.confidences[place], -place))
    return {
        "founder": founder,
        "cells": cells,
        "pictures": len({held.individuals[place] for place in places}),
        "kinds": kinds.most_common(3),
        "surest": [held.labels[surest], held.individuals[surest], held.confidences[surest]],
    }


def _switches(found: Descent, held: Champions, path: Matrix) -> dict[str, Any]:
    switches = measures.goal_switches(found.born, found.reigns)
    place = {label: number for number, label in enumerate(held.labels)}
    ways = sorted(switches.ways.items(), key=lambda way: (-way[1], way[0]))
    steps = [(path[place[a], place[b]], share) for (a, b), share in ways]
    total = sum(share for _, share in steps)
    pairs = path[np.triu_indices(len(path), 1)]
    return {
        "takeovers": switches.takeovers,
        "switches": switches.switches,
        "by_generation": _binned(switches.by_generation),
        "ways": [
            [a, b, round(share, 3), float(path[place[a], place[b]])]
            for (a, b), share in ways[:WAYS]
        ],
        "steps": round(float(sum(s * w for s, w in steps) / total), DIGITS) if total else None,
        "steps_of_all_pairs": round(float(pairs.mean()), DIGITS),
    }


def _binned(by_generation: Mapping[int, tuple[int, int]]) -> list[list[int]]:
    """First generation, takeovers and switches, of so many generations each that few rows remain."""
    if not by_generation:
        return []
    width = -(-(max(by_generation) + 1) // MOST_POINTS)
    rows: dict[int, list[int]] = {}
    for generation, (takeovers, switches) in sorted(by_generation.items()):
        row = rows.setdefault(generation // width * width, [0, 0])
        row[0] += takeovers
        row[1] += switches
    return [[start, *row] for start, row in rows.items()]
