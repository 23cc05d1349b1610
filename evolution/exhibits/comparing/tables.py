"""Every figure as CSV: raw numbers in full precision, one header line."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np

from evolution.exhibits.comparing import champions, distributions, heat_maps
from evolution.exhibits.comparing.groups import Group

Row = Sequence[object]


def heat_map(groups: Sequence[Group]) -> Iterator[Row]:
    """Medians over the runs of the first group: one row a class, one column a generation."""
    grid = heat_maps.grid(groups[0])
    yield ["label_index", "label", *grid.generations.tolist()]
    for index, row in enumerate(grid.confidences.tolist()):
        yield [index, groups[0].labels[index], *row]


def distribution(groups: Sequence[Group]) -> Iterator[Row]:
    """Champions of all runs by confidence."""
    counts = [distributions.counts(champions.of(group).confidences).tolist() for group in groups]
    yield ["from", "to", *(f"champions_{group.name}" for group in groups)]
    edges = distributions.EDGES.tolist()
    for place in range(distributions.BINS):
        yield [edges[place], edges[place + 1], *(column[place] for column in counts)]


def classes(groups: Sequence[Group]) -> Iterator[Row]:
    """How many classes reach which confidence, run by run."""
    names = [f"{least:g}" for least in distributions.LEAST]
    yield [
        *("group", "row", "run", "classes"),
        *(f"at_{name}" for name in names),
        *(f"share_at_{name}" for name in names),
        *("median", "mean", "minimum", "maximum"),
    ]
    for group in groups:
        for row in distributions.spreads(group, champions.of(group)):
            yield [
                *(group.name, row.name, row.run_id, row.n),
                *(*row.reached, *row.shares),
                *(row.median, row.mean, row.minimum, row.maximum),
            ]


def every_champion(groups: Sequence[Group]) -> Iterator[Row]:
    yield ["group", "run", "label_index", "label", "confidence", "individual", "since_generation"]
    for group in groups:
        found = champions.of(group)
        for place, label in np.argwhere(found.individuals != champions.NOBODY).tolist():
            yield [
                *(group.name, group.ids[place], label, group.labels[label]),
                float(found.confidences[place, label]),
                *(int(found.individuals[place, label]), int(found.since[place, label])),
            ]


TABLES: Final[dict[str, Callable[[Sequence[Group]], Iterator[Row]]]] = {
    "heat-map": heat_map,
    "distribution": distribution,
    "classes": classes,
    "champions": every_champion,
}
