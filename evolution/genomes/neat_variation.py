"""Mutation of networks with historical markings.

Every draw is a uniform one, and sums and products are all that is made of it, so children are the
same on every machine.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from evolution.genomes.affinities import COLOUR, STRUCTURE
from evolution.genomes.innovations import Innovations
from evolution.genomes.markings import Link, Mark, Node
from evolution.genomes.neat import NeatGenome
from evolution.genomes.neat_drafts import LARGEST_NETWORK, Draft, Scope

GRAIN = 2.0**-16  # new weights are multiples of it: exact, and short when packed

Chosen = TypeVar("Chosen")


@dataclass(frozen=True)
class NeatRates:
    """How strongly networks vary.

    weight: per link, the probability that its weight changes; at least one always does.
    step: the standard deviation of a change, as a share of the limit of weights.
    redraw: of the weights that change, the share that is drawn anew.
    activation: per node. add_link, add_node, delete_link: per child.
    """

    weight: float
    step: float
    redraw: float
    activation: float
    add_link: float
    add_node: float
    delete_link: float

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not 0 <= value <= 1:
                raise ValueError(f"{field.name} must be a share in 0..1, not {value}")


def mutated(
    genome: NeatGenome,
    rng: np.random.Generator,
    rates: NeatRates,
    scope: Scope,
    innovations: Innovations,
) -> NeatGenome:
    """Return a child of one parent. It never has a cycle; see `Scope` for what stays."""
    draft = Draft(genome, scope)
    drop_inputs(draft, rng, innovations)
    structural: tuple[tuple[float, Callable[[], None]], ...] = (
        (rates.add_node, lambda: add_node(draft, rng, innovations)),
        (rates.add_link, lambda: add_link(draft, rng, innovations)),
        (rates.delete_link, lambda: delete_link(draft, rng)),
    )
    for rate, change in structural:
        if rng.random() < rate:
            change()
    change_activations(draft, rng, rates.activation)
    change_weights(draft, rng, rates)
    return draft.finished()


def drop_inputs(draft: Draft, rng: np.random.Generator, innovations: Innovations) -> None:
    """Take away links from inputs that are switched off; what then hangs is fed by another input."""
    off = {mark for number, mark in enumerate(draft.inputs) if number not in draft.scope.inputs}
    lost = [link for link in draft.varying_links() if link.source in off]
    for link in lost:
        del draft.links[link.mark]
    fed = {link.target for link in draft.links.values()}
    for target in dict.fromkeys(link.target for link in lost):
        if target not in fed:
            number = _one_of(draft.scope.inputs, rng)
            _join(draft, draft.inputs[number], target, rng, innovations)


def add_link(draft: Draft, rng: np.random.Generator, innovations: Innovations) -> None:
    """Join two nodes that were not joined; nothing happens where all are."""
    targets = draft.varying_nodes()
    for number in _shuffled(len(targets), rng):
        if sources := draft.sources_for(targets[number].mark):
            _join(draft, _one_of(sources, rng), targets[number].mark, rng, innovations)
            return


def add_node(draft: Draft, rng: np.random.Generator, innovations: Innovations) -> None:
    """Put a node into a link: weight 1 leads into it, the link's own weight out of it."""
    links = draft.varying_links()
    if not links or len(draft.nodes) >= LARGEST_NETWORK:
        return
    link = _one_of(links, rng)
    split = innovations.split(link)
    if split.node in draft.nodes:
        split = innovations.fresh_split(link)
    activation = _one_of(draft.scope.activations, rng)
    affinity = COLOUR if draft.tints(link.target) else STRUCTURE
    draft.nodes[split.node] = Node(split.node, activation, affinity=affinity)
    draft.varies[split.node] = True
    del draft.links[link.mark]
    draft.links[split.into] = Link(split.into, link.source, split.node, 1.0)
    draft.links[split.out] = Link(split.out, split.node, link.target, link.weight)


def delete_link(draft: Draft, rng: np.random.Generator) -> None:
    """Take away a link without which its ends are still joined to others."""
    links = draft.links.values()
    led_out = Counter(link.source for link in links)
    led_in = Counter(link.target for link in links)
    ends = {*draft.inputs, *draft.outputs}
    spare = [
        link
        for link in draft.varying_links()
        if led_in[link.target] > 1 and (link.source in ends or led_out[link.source] > 1)
    ]
    if spare:
        del draft.links[_one_of(spare, rng).mark]


def change_activations(draft: Draft, rng: np.random.Generator, rate: float) -> None:
    """Give each node, with this probability, another function than it has."""
    nodes = draft.switchable()
    for node, draw in zip(nodes, rng.random(len(nodes)).tolist(), strict=True):
        others = [number for number in draft.scope.activations if number != node.activation]
        if draw < rate and others:
            draft.nodes[node.mark] = node._replace(activation=_one_of(others, rng))


def change_weights(draft: Draft, rng: np.random.Generator, rates: NeatRates) -> None:
    """Move weights a little, or draw them anew; those that change end within the limit."""
    links = draft.varying_links()
    if not links:
        return
    changes = rng.random(len(links)) < rates.weight
    changes[int(rng.random() * len(links))] = True
    old = np.array([link.weight for link in links])
    moved = old + bell(rng, len(links)) * (rates.step * draft.limit)
    drawn = (rng.random(len(links)) * 2 - 1) * draft.limit
    new = np.where(rng.random(len(links)) < rates.redraw, drawn, moved)
    new = within(new, draft.limit)
    for link, is_new, weight in zip(links, changes.tolist(), new.tolist(), strict=True):
        if is_new:
            draft.links[link.mark] = link._replace(weight=weight)


def bell(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    """Draw numbers of mean 0 and variance 1 in [-3, 3]: sums of three uniform ones.

    NumPy's own normal numbers take a logarithm from the machine's library now and then.
    """
    total: NDArray[np.float64] = rng.random((3, n)).sum(axis=0)
    return total * 2 - 3


def within(weights: NDArray[np.float64], limit: float) -> NDArray[np.float64]:
    """Bring weights back to the limit, and to the grain."""
    return np.clip(np.round(weights / GRAIN) * GRAIN, -limit, limit)


def _join(
    draft: Draft,
    source: Mark,
    target: Mark,
    rng: np.random.Generator,
    innovations: Innovations,
) -> None:
    mark = innovations.link(source, target)
    weight = within((rng.random(1) * 2 - 1) * draft.limit, draft.limit).item()
    draft.links[mark] = Link(mark, source, target, weight)


def _one_of(choices: Sequence[Chosen], rng: np.random.Generator) -> Chosen:
    return choices[int(rng.random() * len(choices))]


def _shuffled(n: int, rng: np.random.Generator) -> list[int]:
    order: Any = np.argsort(rng.random(n), kind="stable")
    return [int(number) for number in order]
