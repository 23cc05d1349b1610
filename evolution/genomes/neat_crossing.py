"""Crossover of networks with historical markings."""

import numpy as np

from evolution.genomes.markings import Link, Mark, Node
from evolution.genomes.neat import NeatGenome
from evolution.genomes.neat_drafts import LARGEST_NETWORK, Draft, Scope

EVEN = 0.5  # chance that a matching gene is the mate's


def crossed(
    first: NeatGenome,
    second: NeatGenome,
    rng: np.random.Generator,
    scope: Scope,
    graft: float = 0.0,
) -> NeatGenome:
    """Return a child of two parents; what does not match comes from the first.

    Nodes match by their marks, inputs and outputs by what they stand for as well, so networks
    without common history still meet there. Links match if they join the same nodes. A matching
    gene is either parent's by a coin. Of what `scope` keeps, nothing changes.
    graft: the chance that the child has the second's other nodes and links too, as far as no cycle
    arises. Both parents were picked, so neither is the fitter one.
    Raises ValueError if the two are not expressed alike.
    Source: Stanley & Miikkulainen 2002, §3.2.
    """
    if not alike(first, second):
        raise ValueError(
            f"genomes must be expressed alike to be crossed, not {first.expression} "
            f"and {second.expression}"
        )
    draft, other = Draft(first, scope), _renamed(second, first)
    _mix_nodes(draft, other.nodes, rng)
    _mix_links(draft, other.links, rng)
    if rng.random() < graft:
        _graft(draft, other)
    return draft.finished()


def alike(first: NeatGenome, second: NeatGenome) -> bool:
    """Tell whether two genomes have the same coordinates and channels."""
    a, b = first.expression, second.expression
    return (a.coordinates, a.colour, a.greyed) == (b.coordinates, b.colour, b.greyed)


def _renamed(genome: NeatGenome, model: NeatGenome) -> Draft:
    """Return a network whose inputs and outputs have the marks of another's.

    A hidden node that happens to have one of those marks is no relative, and is left out.
    """
    draft, pattern = Draft(genome, Scope()), Draft(model, Scope())
    own, theirs = (*draft.inputs, *draft.outputs), (*pattern.inputs, *pattern.outputs)
    names = {mark: mark for mark in draft.nodes if mark not in theirs}
    names |= dict(zip(own, theirs, strict=True))
    nodes = [
        node._replace(mark=names[node.mark]) for node in draft.nodes.values() if node.mark in names
    ]
    links = [
        link._replace(source=names[link.source], target=names[link.target])
        for link in draft.links.values()
        if link.source in names and link.target in names
    ]
    return Draft.of_parts(genome, nodes, links)


def _mix_nodes(draft: Draft, other: dict[Mark, Node], rng: np.random.Generator) -> None:
    switchable = {node.mark for node in draft.switchable()}
    matching = [mark for mark in draft.nodes if mark in other and mark in switchable]
    for mark, draw in zip(matching, rng.random(len(matching)).tolist(), strict=True):
        if draw < EVEN:
            theirs = other[mark]
            draft.nodes[mark] = draft.nodes[mark]._replace(
                activation=theirs.activation, bias=theirs.bias
            )


def _mix_links(draft: Draft, other: dict[Mark, Link], rng: np.random.Generator) -> None:
    weights = {(link.source, link.target): link.weight for link in other.values()}
    matching = [link for link in draft.varying_links() if (link.source, link.target) in weights]
    for link, draw in zip(matching, rng.random(len(matching)).tolist(), strict=True):
        if draw < EVEN:
            weight = weights[link.source, link.target]
            draft.links[link.mark] = link._replace(weight=weight)


def _graft(draft: Draft, other: Draft) -> None:
    """Add what only the other has, along an order in which all links lead forwards.

    The nodes of the draft keep their places; one of the other's comes after what leads into it.
    """
    if len(draft.nodes) + len(other.nodes) > LARGEST_NETWORK:
        return
    places = {mark: (number, 0) for number, mark in enumerate(draft.nodes)}
    into: dict[Mark, list[Link]] = {}
    for link in other.links.values():
        into.setdefault(link.target, []).append(link)
    joined = {(link.source, link.target) for link in draft.links.values()}
    added: list[Link] = []
    for mark in other.nodes:
        ways = [link for link in into.get(mark, ()) if link.source in places]
        if mark not in draft.nodes:
            if not ways:
                continue
            number, depth = max(places[link.source] for link in ways)
            places[mark] = (number, depth + 1)
        ways = [link for link in ways if places[link.source] < places[mark]]
        added.extend(link for link in ways if (link.source, link.target) not in joined)
    _adopt(draft, other, added)


def _adopt(draft: Draft, other: Draft, links: list[Link]) -> None:
    """Take links that vary and lead on to something; the nodes between them come along."""
    wanted: set[Mark] = set()
    for link in reversed(links):
        is_new = link.target not in draft.nodes
        if link.mark in draft.links or not (is_new or draft.varies[link.target]):
            continue
        if is_new and link.target not in wanted:
            continue
        wanted.add(link.source)
        draft.links[link.mark] = link
    for mark, node in other.nodes.items():
        if mark in wanted and mark not in draft.nodes:
            draft.nodes[mark] = node
