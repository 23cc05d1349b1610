"""How near labels are to each other in a hierarchy of kinds, as WordNet is one.

Path distance: steps up to a common kind and down again. Wu and Palmer (1994): how deep the common
kind is. Lin (1998): how much the common kind says, with the information content that the hierarchy
itself gives (Seco, Veale and Hayes 2004), so that no corpus is needed.
"""

import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Hierarchy:
    """Kinds by name: those right above each, and how many are below each in the whole hierarchy."""

    above: Mapping[str, Sequence[str]]
    below: Mapping[str, int]

    def steps_up(self, name: str) -> dict[str, int]:
        """Everything above a kind, itself included, and the fewest steps to it."""
        steps = {name: 0}
        waiting = deque([name])
        while waiting:
            current = waiting.popleft()
            for above in self.above[current]:
                if above not in steps:
                    steps[above] = steps[current] + 1
                    waiting.append(above)
        return steps

    def information(self, name: str) -> float:
        """0 for a kind that everything is of, 1 for one that nothing is below."""
        return 1 - math.log(self.below[name] + 1) / math.log(max(self.below.values()) + 1)


@dataclass(frozen=True)
class Relatedness:
    """Of each label to each, in the order they were given in."""

    path: Matrix  # steps, 0 on the diagonal; infinite where two have nothing in common
    wu_palmer: Matrix  # 0 to 1, 1 for the same label
    lin: Matrix  # 0 to 1, 1 for the same label


def relatedness(hierarchy: Hierarchy, labels: Sequence[str]) -> Relatedness:
    """Compare each label with each. The best common kind is sought for each measure by itself."""
    members: dict[str, list[tuple[int, int]]] = {}
    for place, label in enumerate(labels):
        for kind, steps in hierarchy.steps_up(label).items():
            members.setdefault(kind, []).append((place, steps))
    path = np.full((len(labels), len(labels)), np.inf)
    wu_palmer, shared = np.zeros_like(path), np.zeros_like(path)
    for kind, found in members.items():
        places, steps = np.array(found).T
        block = np.ix_(places, places)
        between = steps[:, None] + steps[None, :]
        depth = max(hierarchy.steps_up(kind).values()) + 1  # the root is 1 deep
        path[block] = np.minimum(path[block], between)
        wu_palmer[block] = np.maximum(wu_palmer[block], 2 * depth / (between + 2 * depth))
        shared[block] = np.maximum(shared[block], hierarchy.information(kind))
    own = np.array([hierarchy.information(label) for label in labels])
    total = own[:, None] + own[None, :]
    lin = np.divide(2 * shared, total, out=np.zeros_like(path), where=total > 0)
    np.fill_diagonal(lin, 1.0)
    return Relatedness(path, wu_palmer, lin)
