"""Who descends from whom: founders, distances along lines of parents, and goal switches.

Lines go by the first parent; mates are left out, as everywhere in lines of descent.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Born:
    """When an individual was made, and from whom; no parent: at random."""

    generation: int
    parent: int | None


@dataclass(frozen=True, slots=True)
class Reign:
    """An individual held a cell from a generation on, until one that it was replaced in."""

    cell: int
    individual: int
    since: int
    until: int | None


@dataclass(frozen=True)
class Switches:
    """Takeovers of a cell by a child of a holder of other cells.

    Counted are takeovers whose parent is known to have held a cell when it was chosen. Others
    (the initial population, parents that are not stored) are in neither number.
    """

    takeovers: int
    switches: int
    by_cell: Mapping[int, int]  # how often each cell was taken over from elsewhere
    ways: Mapping[tuple[int, int], float]  # from cell, to cell: of several held cells, equal shares
    by_generation: Mapping[int, tuple[int, int]]  # takeovers and switches among them

    @property
    def share(self) -> float | None:
        return self.switches / self.takeovers if self.takeovers else None


def founders(born: Mapping[int, Born], individuals: Sequence[int]) -> list[int]:
    """The first of each one's line: a random genome, or the oldest that is stored.

    A cycle, which only a hand-edited table could hold, begins where the line comes back to itself.
    """
    known: dict[int, int] = {}
    for individual in individuals:
        line: dict[int, None] = {}
        current = individual
        while current not in known:
            line[current] = None
            parent = born[current].parent
            if parent is None or parent not in born or parent in line:
                known[current] = current
                break
            current = parent
        known.update(dict.fromkeys(line, known[current]))
    return [known[individual] for individual in individuals]


def families(born: Mapping[int, Born], individuals: Sequence[int]) -> list[tuple[int, int]]:
    """Founders and how many descend from each, the largest family first."""
    counted = Counter(founders(born, individuals))
    return sorted(counted.items(), key=lambda family: (-family[1], family[0]))


def lineage_distances(born: Mapping[int, Born], individuals: Sequence[int]) -> NDArray[np.float64]:
    """Generations from one back to the last common ancestor and on to the other; infinite: none.

    Of two individuals that are the same one, 0.
    """
    size = len(individuals)
    result = np.full((size, size), np.inf)
    np.fill_diagonal(result, 0)
    ages = np.array([born[individual].generation for individual in individuals], dtype=np.float64)
    below = _descendants(born, individuals)
    # Youngest first, so that what two share was met before what is above it.
    for ancestor in sorted(below, key=lambda one: (-born[one].generation, -one)):
        groups = below[ancestor]
        for at, group in enumerate(groups):
            for other in groups[at + 1 :]:
                between = ages[group][:, None] + ages[other][None, :]
                between = between - 2 * born[ancestor].generation
                result[np.ix_(group, other)] = between
                result[np.ix_(other, group)] = between.T
    return result


def _descendants(
    born: Mapping[int, Born], individuals: Sequence[int]
) -> dict[int, list[list[int]]]:
    """Of each ancestor the places of those below it, one group for each of its children.

    One of the individuals is a group of its own below itself.
    """
    groups: dict[int, list[list[int]]] = {}
    for place, individual in enumerate(individuals):
        groups.setdefault(individual, []).append([place])
    waiting = set(groups)
    for individual in individuals:
        current = born[individual].parent
        while current is not None and current in born and current not in waiting:
            waiting.add(current)
            current = born[current].parent
    for current in sorted(waiting, key=lambda one: (-born[one].generation, -one)):
        parent = born[current].parent
        if parent is not None and parent in born:
            together = [place for group in groups[current] for place in group]
            groups.setdefault(parent, []).append(together)
    return groups


def goal_switches(born: Mapping[int, Born], reigns: Sequence[Reign]) -> Switches:
    """Find takeovers by an individual whose parent did not hold this cell when it was chosen.

    Parents of a generation are chosen from the archive that the generation before left.
    """
    held: dict[int, list[Reign]] = {}
    for reign in reigns:
        held.setdefault(reign.individual, []).append(reign)
    takeovers: Counter[int] = Counter()
    switches: Counter[int] = Counter()
    by_cell: Counter[int] = Counter()
    ways: dict[tuple[int, int], float] = {}
    for reign in reigns:
        parent = born[reign.individual].parent if reign.individual in born else None
        cells = _held_before(held.get(parent, ()), reign.since) if parent is not None else set()
        if not cells:
            continue
        takeovers[reign.since] += 1
        if reign.cell not in cells:
            switches[reign.since] += 1
            by_cell[reign.cell] += 1
            for cell in cells:
                way = (cell, reign.cell)
                ways[way] = ways.get(way, 0.0) + 1 / len(cells)
    by_generation = {at: (takeovers[at], switches[at]) for at in sorted(takeovers)}
    return Switches(takeovers.total(), by_cell.total(), dict(by_cell), ways, by_generation)


def _held_before(reigns: Sequence[Reign], generation: int) -> set[int]:
    return {
        reign.cell
        for reign in reigns
        if reign.since < generation and (reign.until is None or reign.until >= generation)
    }
