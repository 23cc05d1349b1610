"""Networks are mated by their historical markings."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evolution.genomes.base import Expression
from evolution.genomes.cppn import N_INPUTS
from evolution.genomes.markings import Node
from evolution.genomes.neat import IDENTITY, NeatGenome
from evolution.genomes.neat_crossing import crossed
from evolution.genomes.neat_drafts import Focus, Scope
from evolution.genomes.neat_variation import NeatRates
from evolution.phenotypes import express
from tests.genomes.populations import SEEDS, neat_genomes
from tests.genomes.test_neat_variation import bred, line, small, tinting, weights

BOLD = NeatRates(
    weight=0.5, step=0.3, redraw=0.2, activation=0.2, add_link=1.0, add_node=0.8, delete_link=0.5
)
STILL = NeatRates(weight=0, step=0, redraw=0, activation=0, add_link=0, add_node=0, delete_link=0)
INPUTS = [Node((1, number), IDENTITY) for number in range(N_INPUTS)]
INK = Expression("site", 64, "ink")
FOCUSES: st.SearchStrategy[Focus] = st.sampled_from(("all", "colour", "structure"))


class TestCrossing:
    @given(first=neat_genomes(), second=neat_genomes(), seed=SEEDS)
    @settings(max_examples=80, deadline=None)
    def test_any_two_that_are_expressed_alike(
        self, first: NeatGenome, second: NeatGenome, seed: int
    ) -> None:
        if first.expression != second.expression:
            second = line(first, 6, seed)[-1]
        child = crossed(first, second, np.random.default_rng(seed), Scope(), graft=1.0)
        assert {*marks_of(first)} <= {*marks_of(child)} <= {*marks_of(first), *marks_of(second)}

    def test_unlike_expressions_are_refused(self) -> None:
        with pytest.raises(ValueError, match="expressed alike"):
            crossed(small((0, 4)), bred(0), np.random.default_rng(0), Scope())

    def test_matching_links_are_either_parents_and_the_others_the_firsts(self) -> None:
        first = small((0, 4), (1, 4), (0, 5), (5, 4))
        links = [link._replace(weight=-2.0) for link in first.link_list() if link.mark[1] != 11]
        second = NeatGenome.assembled(INK, first.node_list(), links, first.output_marks())
        seen: dict[int, set[float]] = {}
        for seed in range(30):
            child = crossed(first, second, np.random.default_rng(seed), Scope())
            assert {link.mark for link in child.link_list()} == set(weights(first))
            for mark, weight in weights(child).items():
                seen.setdefault(mark[1], set()).add(weight)
        assert seen == {10: {0.5, -2.0}, 11: {0.5}, 12: {0.5, -2.0}, 13: {0.5, -2.0}}

    def test_nodes_of_another_branch_are_others(self) -> None:
        first, second = small((0, 5), (5, 4)), small((0, 5), (5, 4), branch=2)
        rng = np.random.default_rng(0)
        assert crossed(first, second, rng, Scope()).n_nodes == first.n_nodes
        child = crossed(first, second, rng, Scope(), graft=1.0)
        assert (child.n_nodes, child.n_links) == (first.n_nodes + 1, first.n_links + 2)

    def test_strangers_meet_at_inputs_and_outputs(self) -> None:
        first, strange = small((0, 4), (1, 4)), small((0, 4), (1, 4))
        moved = replace(strange, marks=strange.marks + 100, weights=strange.weights - 2)
        child = crossed(first, moved, np.random.default_rng(3), Scope())
        assert {link.mark for link in child.link_list()} == set(weights(first))
        assert set(weights(child).values()) == {0.5, -1.5}

    def test_colours_alone_are_crossed(self) -> None:
        for seed in range(8):
            first, second = bred(seed), bred(seed + 50)
            child = crossed(
                first, second, np.random.default_rng(seed), Scope(focus="colour"), graft=1.0
            )
            shapes = [express(one, 16).max(axis=2) for one in (first, child)]
            assert (shapes[0] == shapes[1]).all()
            assert tinting(child) != tinting(first)


def marks_of(genome: NeatGenome) -> Sequence[tuple[int, int]]:
    return [node.mark for node in genome.node_list()]
