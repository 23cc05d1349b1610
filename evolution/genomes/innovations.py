"""New historical markings: what one brood invents, numbered once."""

from collections.abc import Iterable
from itertools import count
from typing import NamedTuple

from evolution.genomes.markings import Link, Mark
from evolution.genomes.neat import NeatGenome


class Split(NamedTuple):
    """The marks of a node in the middle of a link, and of the links into it and out of it."""

    node: Mark
    into: Mark
    out: Mark


class Innovations:
    """Gives marks of one branch; the same change to a network gets the same marks again.

    branch: the series that the marks belong to. genomes: all that are bred from; ids count up
    from their highest one in this branch. first_id: ids never start lower, so that broods of
    one branch that do not stem from each other can stay apart.
    Source: Stanley & Miikkulainen 2002, §3.2.
    """

    def __init__(self, branch: int, genomes: Iterable[NeatGenome] = (), first_id: int = 0) -> None:
        highest = max((_highest(genome, branch) for genome in genomes), default=-1)
        self._branch = branch
        self._ids = count(max(highest + 1, first_id))
        self._links: dict[tuple[Mark, Mark], Mark] = {}
        self._splits: dict[Link, Split] = {}

    def fresh(self) -> Mark:
        """Return a mark that nothing has."""
        return self._branch, next(self._ids)

    def link(self, source: Mark, target: Mark) -> Mark:
        """Return the mark of a new link between two nodes."""
        pair = source, target
        if pair not in self._links:
            self._links[pair] = self.fresh()
        return self._links[pair]

    def split(self, link: Link) -> Split:
        """Return the marks of what takes a link's place; the link's weight does not count."""
        key = link._replace(weight=0.0)
        if key not in self._splits:
            node = self.fresh()
            into, out = self.link(link.source, node), self.link(node, link.target)
            self._splits[key] = Split(node, into, out)
        return self._splits[key]

    def fresh_split(self, link: Link) -> Split:
        """Return marks for a network that split this link before, and has the others already."""
        node = self.fresh()
        return Split(node, self.link(link.source, node), self.link(node, link.target))


def _highest(genome: NeatGenome, branch: int) -> int:
    """Return the highest id of a branch, -1 without one."""
    ids = [
        int(marks[marks[:, 0] == branch, 1].max(initial=-1))
        for marks in (genome.marks, genome.link_marks)
    ]
    return max(ids)
