"""The first brood: pictures from nothing, grown for some rounds so that there is something to see."""

from dataclasses import replace
from typing import Literal

import numpy as np

from evolution.algorithms.breeding.looks import DULL
from evolution.algorithms.breeding.places import Child, Company
from evolution.algorithms.breeding.settings import BreedingSettings
from evolution.genomes.affinities import COLOUR, STRUCTURE
from evolution.genomes.base import Expression
from evolution.genomes.cppn import N_INPUTS, SIGMOID, SINE
from evolution.genomes.innovations import Innovations
from evolution.genomes.markings import Link, Mark, Node
from evolution.genomes.neat import IDENTITY, PICBREEDER_WEIGHT_LIMIT, NeatGenome
from evolution.genomes.neat_drafts import Scope
from evolution.genomes.neat_variation import NeatRates, bell, mutated, within

FirstColour = Literal["grey", "colour"]

IMAGE_SIZE = 256  # pixels a side that networks are shown
ROUNDS = (4, 10)  # of growth: fewest and most
TINTING = 2  # rounds of growth of the colours alone
GROWTH = NeatRates(
    weight=0.2,
    step=0.3,
    redraw=0.2,
    activation=0.05,
    add_link=0.5,
    add_node=0.7,
    delete_link=0.1,
)
TINTS = replace(GROWTH, step=0.1, redraw=0.0, add_link=0.3, add_node=0.4)
LINKED = 0.7  # chance that an input feeds an output from the beginning
SHAPE_STEP, TINT_STEP = (
    1.5,
    0.7,
)  # standard deviations of the first weights; large ones make rainbows


def first_brood(
    rng: np.random.Generator,
    settings: BreedingSettings,
    colour: FirstColour,
    branch: int,
    image_size: int = IMAGE_SIZE,
) -> list[Child]:
    """Make `settings.tiles` pictures without parents. The same arguments give the same brood.

    In colour the brightness is the structure; hue and saturation are fed by inputs and by the
    brightness, as in Picbreeder. All have the marks of inputs, outputs and first links in common,
    so any two can be mated.
    """
    if colour not in ("grey", "colour"):
        raise ValueError(f"colour must be grey or colour, not {colour!r}")
    expression = Expression("site", image_size, "ink" if colour == "grey" else "hsb")
    garden = _Garden(rng, settings.scope, expression, Innovations(branch))
    company = Company(settings, plain=DULL)
    return [company.choose(garden.grown) for _ in range(settings.tiles)]


class _Garden:
    def __init__(
        self,
        rng: np.random.Generator,
        scope: Scope,
        expression: Expression,
        innovations: Innovations,
    ) -> None:
        self._rng, self._expression, self._innovations = rng, expression, innovations
        self._scope = scope
        self._inputs = [Node(innovations.fresh(), IDENTITY) for _ in range(N_INPUTS)]
        self._outputs = [innovations.fresh() for _ in range(expression.n_outputs)]

    def grown(self, boldness: float) -> Child:  # noqa: ARG002
        """Return a new picture; every one is as bold as can be."""
        shapes, tints = (replace(self._scope, focus=focus) for focus in ("structure", "colour"))
        genome, (fewest, most) = self._sown(), ROUNDS
        for _ in range(fewest + int(self._rng.random() * (most + 1 - fewest))):
            genome = mutated(genome, self._rng, GROWTH, shapes, self._innovations)
        for _ in range(TINTING if len(self._outputs) > 1 else 0):
            genome = mutated(genome, self._rng, TINTS, tints, self._innovations)
        return Child(genome, None, None, kept=False)

    def _sown(self) -> NeatGenome:
        """Return outputs that some inputs feed; hue and saturation, the brightness as well."""
        shape = self._outputs[-1]
        activations = self._scope.activations
        activation = activations[int(self._rng.random() * len(activations))]
        nodes, links = [*self._inputs, Node(shape, activation, affinity=STRUCTURE)], []
        links += self._links_into(shape, [], SHAPE_STEP)
        for output, kind in zip(self._outputs[:-1], (SINE, SIGMOID), strict=False):
            nodes.append(Node(output, kind, affinity=COLOUR))
            links += self._links_into(output, [shape], TINT_STEP)
        return NeatGenome.assembled(self._expression, nodes, links, self._outputs)

    def _links_into(self, output: Mark, sources: list[Mark], step: float) -> list[Link]:
        allowed = [self._inputs[number].mark for number in self._scope.inputs]
        draws = self._rng.random(len(allowed))
        chosen = [mark for mark, draw in zip(allowed, draws.tolist(), strict=True) if draw < LINKED]
        chosen = [*(chosen or allowed), *sources]
        weights = within(bell(self._rng, len(chosen)) * step, PICBREEDER_WEIGHT_LIMIT).tolist()
        return [
            Link(self._innovations.link(source, output), source, output, weight)
            for source, weight in zip(chosen, weights, strict=True)
        ]
