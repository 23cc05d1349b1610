"""The family of an individual: an ancestor, all that was bred from it, and who chose every step."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import Q

from evolution import lineages
from evolution.exhibits import naming
from evolution.exhibits.family_folding import (
    ENOUGH,
    MOST,
    Children,
    Wish,
    breadth_first,
    sizes,
    unfolded,
    without_chains,
)
from evolution.exhibits.family_layout import Place, layout
from evolution.models import Elite, Individual, Run
from evolution.templatetags.readings import percent

COUNTED = 10_000  # descendants; of a larger family a page says that there are more
BACK = 12  # steps to the ancestor that a tree begins with at most, unless one is asked for
PERSON, NETWORK = Individual.Selector.PERSON.value, Individual.Selector.NETWORK.value


@dataclass(frozen=True, slots=True)
class Member:
    """One picture. between: steps that are folded away before it. hidden: descendants that are.

    is_open: whether any child is shown. is_origin: the first of the line, before the root.
    side: of its small picture, in pixels; 0 without one.
    """

    individual_id: int
    parent: int | None
    mate: int | None
    place: Place
    generation: int
    selected_by: str
    title: str
    label: str
    side: int
    is_here: bool
    is_hand_bred: bool
    is_withheld: bool
    between: int = 0
    hidden: int = 0
    is_open: bool = False
    is_origin: bool = False

    @property
    def name(self) -> str:
        return f"No. {self.individual_id}, {self.when}"

    @property
    def when(self) -> str:
        """A person counts the steps of a sitting, a run its generations."""
        return f"{'step' if self.is_hand_bred else 'generation'} {self.generation}"

    @property
    def words(self) -> str:
        return f"“{self.title}”" if self.title else self.label


@dataclass(frozen=True)
class Family:
    """earlier: ancestors before the root, the nearest first; the tree begins with the last of them.

    size: the root and its descendants, at most COUNTED; the nearest MOST of them are in the tree.
    """

    individual: Individual
    root: int
    earlier: list[int]
    members: list[Member]
    wish: Wish
    size: int

    @property
    def left_out(self) -> bool:
        return self.size > MOST

    @property
    def is_uncounted(self) -> bool:
        return self.size >= COUNTED

    @property
    def n_below(self) -> int:
        """Descendants that are not shown as long as nobody unfolds them."""
        return sum(member.hidden for member in self.members if not member.is_origin)

    @property
    def has_mates(self) -> bool:
        known = {member.individual_id for member in self.members}
        return any(member.mate in known for member in self.members)

    @property
    def columns(self) -> int:
        return max(member.place.column for member in self.members) + 1

    @property
    def rows(self) -> float:
        return max(member.place.row for member in self.members) + 1


@dataclass(frozen=True)
class _Tree:
    """All that was read: from the root down, the line to the individual always among it.

    size: the root and its descendants, at most one more than MOST.
    """

    root: int
    line: list[int]
    size: int
    parents: dict[int, int | None]
    children: dict[int, list[int]]
    published: frozenset[int]

    def as_wished(self, wish: Wish) -> tuple[dict[int, list[int]], dict[int, int]]:
        """The children of every node, and how many steps are folded away before each."""
        if wish.every_step:
            return self.children, {}
        kept = self.published | {self.root, self.line[0]} | wish.folded | wish.opened
        return without_chains(self.children, self.root, kept)


def family(individual: Individual, wish: Wish) -> Family:
    """Read and place a tree. What cannot be asked for is left out: the root is always an ancestor."""
    line = [one.individual_id for one in lineages.parent_line(individual.pk)]
    tree = _tree(line, wish)
    possible, between = tree.as_wished(wish)
    shown = unfolded(possible, tree.root, tree.line, wish)
    hidden = _hidden(tree, possible, shown, between)
    start, earlier = tree.root, list(dict.fromkeys(line[len(tree.line) :]))
    if earlier and earlier[-1] not in tree.parents:  # in a cycle it is
        start = earlier[-1]
        shown, between = {start: [tree.root], **shown}, {tree.root: len(earlier) - 1, **between}
        hidden[start] = len(earlier) - 1
    places = layout(shown, start)
    parents = {child: node for node, below in shown.items() for child in below}
    facts = _facts(list(places))
    members = [
        Member(
            **facts[number],
            individual_id=number,
            parent=parents.get(number),
            place=place,
            is_here=number == individual.pk,
            between=between.get(number, 0),
            hidden=hidden.get(number, 0),
            is_open=number in shown and number in tree.parents,
            is_origin=number not in tree.parents,
        )
        for number, place in places.items()
    ]
    size = lineages.count_descendants(tree.root, COUNTED) if tree.size > MOST else tree.size
    return Family(individual, tree.root, earlier, members, wish, size)


def _tree(line: list[int], wish: Wish) -> _Tree:
    """From the ancestor that is asked for, else from the furthest whose family fits into a page."""
    if wish.root in line:
        steps = line.index(wish.root)
        return _read(line[: (min(steps, MOST - 1) if wish.every_step else steps) + 1])
    for back in sorted({min(n, len(line) - 1) for n in (BACK, BACK // 2, BACK // 4, 1)})[::-1]:
        tree = _read(line[: back + 1])
        shown, _ = tree.as_wished(wish)
        if tree.size <= MOST and len(breadth_first(shown, tree.root)) <= ENOUGH:
            break
    return tree


def _read(line: list[int]) -> _Tree:
    """line: from the individual to the root."""
    found = lineages.descendants(line[-1], MOST + 1)
    nearest, own = found[:MOST], set(line)
    parents = {one.individual_id: one.parent_id for one in nearest}
    parents |= {child: parent for child, parent in pairwise(line) if child not in parents}
    children: dict[int, list[int]] = {}
    for child, parent in parents.items():
        if parent is not None:
            children.setdefault(parent, []).append(child)
    for below in children.values():
        below.sort(key=lambda number: (number not in own, number))
    published = frozenset(one.individual_id for one in nearest if one.is_published)
    return _Tree(line[-1], line, len(found), parents, children, published)


def _hidden(
    tree: _Tree, possible: Children, shown: Children, between: Mapping[int, int]
) -> Counter[int]:
    """How many descend from those of its children that are not shown, for every node."""
    large = sizes(tree.children, tree.root)
    return Counter(
        {
            node: sum(
                between.get(child, 0) + 1 + large[child]
                for child in set(below).difference(shown.get(node, ()))
            )
            for node, below in possible.items()
        }
    )


def _facts(ids: list[int]) -> dict[int, dict[str, Any]]:
    """Of each what a member tells beside its place in the tree."""
    rows = Individual.objects.filter(pk__in=ids).annotate(
        has_picture=Q(genome__isnull=False) | Q(thumbnail__isnull=False)
    )
    own = "pk", "mate", "generation", "selected_by", "run", "has_picture"
    joined = "brood__session__image_size", "publication__title", "publication__hidden_at"
    found = list(rows.values_list(*own, *joined))
    sides = {
        number: naming.side(parameters)
        for number, parameters in Run.objects.filter(
            pk__in={row[4] for row in found if row[4]}
        ).values_list("pk", "parameters")
    }
    labels = _labels(ids)
    facts = {}
    for number, mate, generation, selected_by, run, has_picture, image_size, title, hidden in found:
        withheld = hidden is not None
        side = sides[run] if run else min(image_size, naming.LARGEST_THUMBNAIL)
        facts[number] = {
            "mate": mate,
            "generation": generation,
            "selected_by": selected_by,
            "is_hand_bred": run is None,
            "is_withheld": withheld,
            "title": "" if withheld else title or "",
            "label": labels.get(number, ""),
            "side": side if has_picture and not withheld else 0,
        }
    return facts


def _labels(ids: list[int]) -> dict[int, str]:
    """The cell that each holds, the one in which it is surest, and how sure."""
    rows = Elite.objects.holders().order_by("confidence", "-cell")
    rows = rows.filter(individual__pk__in=ids)  # individual__in takes ten times as long
    return {
        individual: f"{naming.label(classifier, label)} {percent(confidence)}"
        for individual, label, confidence, classifier in rows.values_list(
            "individual", "label", "confidence", "run__classifier"
        )
    }
