"""The family of an individual: an ancestor, all that was bred from it, and who chose every step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from evolution import lineages
from evolution.exhibits import naming
from evolution.exhibits.family_layout import Place, layout
from evolution.models import Elite, Individual, Publication
from evolution.templatetags.readings import percent

MOST = 2000  # pictures of one tree
BACK = 12  # steps to the ancestor that a tree begins with, unless another one is asked for
PERSON, NETWORK = Individual.Selector.PERSON.value, Individual.Selector.NETWORK.value


@dataclass(frozen=True)
class Wish:
    """What is asked of the page. root: the ancestor to begin with. folded: whose children are hidden."""

    root: int | None = None
    every_step: bool = False
    folded: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Member:
    """One picture. between: steps that are folded away before it. hidden: descendants that are."""

    individual_id: int
    parent: int | None
    mate: int | None
    place: Place
    generation: int
    selected_by: str
    title: str
    label: str
    is_here: bool
    is_hand_bred: bool
    is_hidden: bool
    between: int = 0
    hidden: int = 0
    can_fold: bool = False

    @property
    def name(self) -> str:
        return f"No. {self.individual_id}, generation {self.generation}"


@dataclass(frozen=True)
class Family:
    """earlier: ancestors before the root, the nearest first. left_out: whether the tree was cut."""

    individual: Individual
    root: int
    earlier: list[int]
    members: list[Member]
    wish: Wish
    left_out: bool
    columns: int = field(default=0)
    rows: float = field(default=0.0)


def family(individual: Individual, wish: Wish) -> Family:
    """Read and place a tree. What cannot be asked for is left out: the root is always an ancestor."""
    line = [one.individual_id for one in lineages.parent_line(individual.pk)]
    root = wish.root if wish.root in line else line[min(len(line) - 1, BACK)]
    found = lineages.descendants(root, MOST + 1)
    cut, found = len(found) > MOST, found[:MOST]
    children = _children(found, keep=set(line))
    sizes = _sizes(children, [one.individual_id for one in found])
    shown = {node: below for node, below in children.items() if node not in wish.folded}
    facts = _facts([one.individual_id for one in found])
    between: dict[int, int] = {}
    if not wish.every_step:
        kept = {root, individual.pk} | {number for number, fact in facts.items() if fact.title}
        shown, between = _without_chains(shown, root, kept)
    places = layout(shown, root)
    parents = {child: node for node, below in shown.items() for child in below}
    members = [
        _member(number, place, facts[number], (parents.get(number), between.get(number, 0)),
                (children.get(number), wish.folded, sizes[number]), individual.pk)
        for number, place in places.items()
    ]  # fmt: skip
    return Family(
        individual=individual,
        root=root,
        earlier=line[line.index(root) + 1 :],
        members=members,
        wish=wish,
        left_out=cut,
        columns=max(place.column for place in places.values()) + 1,
        rows=max(place.row for place in places.values()) + 1,
    )


@dataclass(frozen=True, slots=True)
class _Fact:
    mate: int | None
    generation: int
    selected_by: str
    is_hand_bred: bool
    is_hidden: bool
    title: str
    label: str


def _children(found: Sequence[lineages.Descendant], keep: set[int]) -> dict[int, list[int]]:
    """The children of every node, those of the individual's own line first."""
    children: dict[int, list[int]] = {}
    for one in found[1:]:
        if one.parent_id is not None:
            children.setdefault(one.parent_id, []).append(one.individual_id)
    return {
        node: sorted(below, key=lambda number: (number not in keep, number))
        for node, below in children.items()
    }


def _sizes(children: Mapping[int, list[int]], breadth_first: list[int]) -> dict[int, int]:
    """How many descend from each."""
    sizes = dict.fromkeys(breadth_first, 0)
    for node in reversed(breadth_first):
        sizes[node] = sum(1 + sizes[child] for child in children.get(node, ()))
    return sizes


def _without_chains(
    children: Mapping[int, list[int]], root: int, kept: set[int]
) -> tuple[dict[int, list[int]], dict[int, int]]:
    """Leave out whoever has one child and is not to be kept; count them before the next one shown."""
    shown: dict[int, list[int]] = {}
    between: dict[int, int] = {}
    waiting = [root]
    while waiting:
        node = waiting.pop()
        for child in children.get(node, ()):
            end, steps = child, 0
            while end not in kept and len(children.get(end, ())) == 1:
                end, steps = children[end][0], steps + 1
            shown.setdefault(node, []).append(end)
            if steps:
                between[end] = steps
            waiting.append(end)
    return shown, between


def _facts(ids: list[int]) -> dict[int, _Fact]:
    rows = Individual.objects.filter(pk__in=ids).values_list(
        "pk", "mate", "generation", "selected_by", "brood"
    )
    published = {
        number: (title, hidden_at is not None)
        for number, title, hidden_at in Publication.objects.filter(individual__in=ids).values_list(
            "individual", "title", "hidden_at"
        )
    }
    labels = _labels(ids)
    facts = {}
    for number, mate, generation, selected_by, brood in rows:
        title, hidden = published.get(number, ("", False))
        facts[number] = _Fact(
            mate=mate,
            generation=generation,
            selected_by=selected_by,
            is_hand_bred=brood is not None,
            is_hidden=hidden,
            title="" if hidden else title,
            label=labels.get(number, ""),
        )
    return facts


def _labels(ids: list[int]) -> dict[int, str]:
    """The cell that each holds, or was surest in."""
    rows = Elite.objects.filter(individual__in=ids).order_by("confidence")
    return {
        individual: f"{naming.label(classifier, label)} {percent(confidence)}"
        for individual, label, confidence, classifier in rows.filter(
            Q(until_generation__isnull=True)
        ).values_list("individual", "label", "confidence", "run__classifier")
    }


def _member(
    number: int,
    place: Place,
    fact: _Fact,
    before: tuple[int | None, int],
    below: tuple[list[int] | None, frozenset[int], int],
    here: int,
) -> Member:
    children, folded, size = below
    return Member(
        individual_id=number,
        parent=before[0],
        mate=fact.mate,
        place=place,
        generation=fact.generation,
        selected_by=fact.selected_by,
        title=fact.title,
        label=fact.label,
        is_here=number == here,
        is_hand_bred=fact.is_hand_bred,
        is_hidden=fact.is_hidden,
        between=before[1],
        hidden=size if number in folded and children else 0,
        can_fold=bool(children),
    )
