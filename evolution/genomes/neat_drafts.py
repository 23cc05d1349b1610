"""A network while it is changed: which parts may vary, and what can be joined without a cycle."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Self, get_args

from evolution.genomes.affinities import COLOUR, STRUCTURE_CHANNEL
from evolution.genomes.cppn import INPUTS, N_INPUTS, SIGMOID, SINE
from evolution.genomes.markings import Link, Mark, Node
from evolution.genomes.neat import (
    BIPOLAR_GAUSSIAN,
    COSINE,
    IDENTITY,
    NEAT_ACTIVATIONS,
    NeatGenome,
)

Focus = Literal["all", "colour", "structure"]
LARGEST_NETWORK = 400  # nodes; beyond, breeding adds none: a picture must be drawn at once
PICBREEDER_ACTIVATIONS = (IDENTITY, SINE, COSINE, BIPOLAR_GAUSSIAN, SIGMOID)


@dataclass(frozen=True)
class Scope:
    """What variation may touch.

    activations: numbers of NEAT_ACTIVATIONS that nodes may get. inputs: numbers of INPUTS that may
        feed; links from the others are dropped. focus: vary the colours alone, the shapes alone,
        or all. A genome with one channel has shapes only and always varies as a whole.
    """

    activations: tuple[int, ...] = PICBREEDER_ACTIVATIONS
    inputs: tuple[int, ...] = tuple(range(N_INPUTS))
    focus: Focus = "all"

    def __post_init__(self) -> None:
        _check_choice("activations", self.activations, len(NEAT_ACTIVATIONS))
        _check_choice("inputs", self.inputs, len(INPUTS))
        if self.focus not in get_args(Focus):
            raise ValueError(f"focus must be all, colour or structure, not {self.focus!r}")


def _check_choice(name: str, numbers: tuple[int, ...], n: int) -> None:
    if not numbers or len(set(numbers)) != len(numbers) or not set(numbers) <= set(range(n)):
        raise ValueError(f"{name} must be at least one of 0..{n - 1}, each once, not {numbers}")


class Draft:
    """Nodes and links by their marks, in the genome's order, and which of them may vary.

    varies: of nodes; a link varies with the node that it leads into.
    """

    def __init__(self, genome: NeatGenome, scope: Scope) -> None:
        self.genome, self.scope = genome, scope
        self.limit = genome.weight_limit
        self.nodes = {node.mark: node for node in genome.node_list()}
        self.links = {link.mark: link for link in genome.link_list()}
        self.outputs = genome.output_marks()
        self.inputs = tuple(self.nodes)[:N_INPUTS]
        self.shape = self.outputs[STRUCTURE_CHANNEL[genome.expression.colour]]
        self.varies = self._varying()

    @classmethod
    def of_parts(cls, genome: NeatGenome, nodes: Iterable[Node], links: Iterable[Link]) -> Self:
        """Begin with other nodes and links than a genome's own, shown in the same way."""
        draft = cls(genome, Scope())
        draft.nodes = {node.mark: node for node in nodes}
        draft.links = {link.mark: link for link in links}
        return draft

    def finished(self) -> NeatGenome:
        parts = list(self.nodes.values()), list(self.links.values())
        return NeatGenome.assembled(self.genome.expression, *parts, self.outputs)

    def _varying(self) -> dict[Mark, bool]:
        """Colours vary where nothing reaches the shapes, so those stay as they are to the bit."""
        focus = self.scope.focus if len(self.outputs) > 1 else "all"
        varies = dict.fromkeys(self.nodes, True)
        if focus == "structure":
            varies = {mark: not self.tints(mark) for mark in self.nodes}
        elif focus == "colour":
            shaping = self.before(self.shape)
            varies = {mark: self.tints(mark) and mark not in shaping for mark in self.nodes}
        return varies | dict.fromkeys(self.inputs, False)

    def tints(self, mark: Mark) -> bool:
        """Tell whether a node is of the colours: hue and saturation are, whatever they say."""
        is_shown = mark in self.outputs
        return mark != self.shape and (is_shown or self.nodes[mark].affinity == COLOUR)

    def varying_links(self) -> list[Link]:
        return [link for link in self.links.values() if self.varies[link.target]]

    def varying_nodes(self) -> list[Node]:
        return [node for node in self.nodes.values() if self.varies[node.mark]]

    def switchable(self) -> list[Node]:
        """Return the nodes whose activation may change: hue and saturation keep theirs."""
        fixed = set(self.outputs) - {self.shape}
        return [node for node in self.varying_nodes() if node.mark not in fixed]

    def before(self, node: Mark) -> set[Mark]:
        """Return a node and all that it depends on."""
        return self._reached(node, [(link.target, link.source) for link in self.links.values()])

    def after(self, node: Mark) -> set[Mark]:
        """Return a node and all that depends on it."""
        return self._reached(node, [(link.source, link.target) for link in self.links.values()])

    def _reached(self, start: Mark, ways: list[tuple[Mark, Mark]]) -> set[Mark]:
        onwards: dict[Mark, list[Mark]] = {}
        for origin, end in ways:
            onwards.setdefault(origin, []).append(end)
        reached, waiting = {start}, [start]
        while waiting:
            for end in onwards.get(waiting.pop(), ()):
                if end not in reached:
                    reached.add(end)
                    waiting.append(end)
        return reached

    def sources_for(self, target: Mark) -> list[Mark]:
        """Return the nodes that a new link into `target` may come from.

        Not from an input that is switched off, not from what feeds it already, not from what
        depends on it, and shapes not from colours: so colours can always be varied on their own.
        """
        excluded = self.after(target)
        excluded |= {link.source for link in self.links.values() if link.target == target}
        excluded |= {mark for n, mark in enumerate(self.inputs) if n not in self.scope.inputs}
        may_tint = self.tints(target)
        return [
            mark
            for mark in self.nodes
            if mark not in excluded and (may_tint or not self.tints(mark))
        ]
