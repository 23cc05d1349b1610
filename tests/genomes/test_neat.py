"""Networks with historical markings: what is one, and how one is put together."""

import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evolution.genomes.affinities import COLOUR, STRUCTURE
from evolution.genomes.base import AnyColour, AnyCoordinates, BadGenome, Expression
from evolution.genomes.cppn import LINEAR, N_INPUTS, SINE, CppnGenome
from evolution.genomes.markings import Link, Mark, Node
from evolution.genomes.neat import IDENTITY, NeatGenome
from tests.genomes.populations import SEEDS, cppn_genomes, evolved, neat, neat_genomes

INPUTS = [Node((1, number), IDENTITY) for number in range(N_INPUTS)]
INK = Expression("site", 128, "ink")


def tiny(*links: tuple[int, int], **changes: Any) -> NeatGenome:
    """x into the hidden node 4, that into the output 5 and the output into the hidden node 6."""
    nodes = [*INPUTS, *(Node((1, number), SINE) for number in (6, 5, 4))]
    linked = [
        Link((2, number), (1, source), (1, target), number + 0.5)
        for number, (source, target) in enumerate(links or ((5, 6), (4, 5), (0, 4)))
    ]
    genome = NeatGenome.assembled(INK, nodes, linked, [(1, 5)])
    return replace(genome, **changes) if changes else genome


class TestAssembling:
    @given(genome=neat_genomes(), seed=SEEDS)
    @settings(max_examples=60, deadline=None)
    def test_the_parts_of_a_genome_give_it_back(self, genome: NeatGenome, seed: int) -> None:
        parts = genome.expression, genome.node_list(), genome.link_list(), genome.output_marks()
        assert NeatGenome.assembled(*parts) == genome
        assert hash(NeatGenome.assembled(*parts)) == hash(genome)

    @given(genome=neat_genomes(), seed=SEEDS)
    @settings(max_examples=40, deadline=None)
    def test_order_does_not_matter(self, genome: NeatGenome, seed: int) -> None:
        rng = np.random.default_rng(seed)
        nodes, links = genome.node_list(), genome.link_list()
        hidden = [nodes[n] for n in N_INPUTS + rng.permutation(len(nodes) - N_INPUTS)]
        mixed = [links[n] for n in rng.permutation(len(links))]
        outputs = genome.output_marks()
        other = NeatGenome.assembled(genome.expression, nodes[:N_INPUTS] + hidden, mixed, outputs)
        assert set(other.node_list()) == set(nodes)
        assert set(other.link_list()) == set(links)
        assert other.output_marks() == outputs

    def test_nodes_are_sorted_and_outputs_may_be_anywhere(self) -> None:
        genome = tiny()
        assert genome.marks[:, 1].tolist() == [0, 1, 2, 3, 4, 5, 6]
        assert genome.outputs == (5,)
        assert genome.weights.tolist() == [2.5, 1.5, 0.5]

    def test_a_cycle_is_named(self) -> None:
        with pytest.raises(
            BadGenome, match=r"there is a cycle: 1:(4, 1:5, 1:6|5, 1:6, 1:4|6, 1:4, 1:5)$"
        ):
            tiny((0, 4), (4, 5), (5, 6), (6, 4))

    def test_a_node_that_feeds_itself_is_a_cycle(self) -> None:
        with pytest.raises(BadGenome, match=r"there is a cycle: 1:5$"):
            tiny((5, 5))

    @pytest.mark.parametrize(
        ("links", "message"),
        [(((0, 3),), "hidden node or an output"), (((0, 9),), "1:9, is no node")],
    )
    def test_ends_must_be_nodes(self, links: list[tuple[int, int]], message: str) -> None:
        with pytest.raises(BadGenome, match=message):
            tiny(*links)

    def test_outputs_must_be_nodes(self) -> None:
        with pytest.raises(BadGenome, match="output 4:4 is no node"):
            NeatGenome.assembled(INK, [*INPUTS, Node((1, 9), SINE)], [], [(4, 4)])

    def test_marks_must_differ(self) -> None:
        nodes = [*INPUTS, Node((1, 3), SINE)]
        with pytest.raises(BadGenome, match="two nodes have the same marking: 1:3"):
            NeatGenome.assembled(INK, nodes, [], [(1, 3)])

    @pytest.mark.parametrize("nodes", [[], INPUTS[:3], INPUTS])
    def test_too_few_nodes_are_refused(self, nodes: list[Node]) -> None:
        with pytest.raises(BadGenome, match=r"must have 5\.\.4096 nodes"):
            NeatGenome.assembled(INK, nodes, [], [])

    @pytest.mark.parametrize(
        "node", [Node((1, 2**70), 1), Node((1, 9), 900), Node((1, 9), 1, affinity=-1)]
    )
    def test_numbers_that_fit_nowhere_are_refused(self, node: Node) -> None:
        with pytest.raises(BadGenome, match="a number in the network"):
            NeatGenome.assembled(INK, [*INPUTS, node], [], [node.mark])

    def test_a_long_chain_is_sorted(self) -> None:
        ids = list(range(4, 4000))
        nodes = [*INPUTS, *(Node((1, number), LINEAR) for number in reversed(ids))]
        marks: list[Mark] = [(1, 0), *((1, number) for number in ids)]
        links = [Link((2, n), marks[n], marks[n + 1], 1.0) for n in range(len(marks) - 1)]
        genome = NeatGenome.assembled(INK, nodes, links, [marks[-1]])
        assert genome.outputs == (genome.n_nodes - 1,)

    def test_it_is_quick(self) -> None:
        genome = neat(34, 150)
        parts = genome.expression, genome.node_list(), genome.link_list(), genome.output_marks()
        durations = []
        for _ in range(20):
            before = time.perf_counter()
            NeatGenome.assembled(*parts)
            durations.append(time.perf_counter() - before)
        assert min(durations) < 2e-3  # 0.4 ms where it was measured


class TestWellFormed:
    def test_arrays_are_read_only(self) -> None:
        with pytest.raises(ValueError, match="read-only"):
            tiny().weights[0] = 0.5

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"activations": np.full(7, 7, np.uint8)}, "activations must be below 7"),
            ({"activations": np.zeros(7, np.uint8)}, "inputs must have the activation identity"),
            ({"activations": np.zeros(4, np.uint8)}, "must have 5..4096 nodes"),
            ({"activations": np.zeros(7)}, r"activations must be \(7,\) uint8"),
            ({"biases": np.ones(7)}, "and no bias"),
            ({"biases": np.full(7, np.nan)}, "and no bias"),
            ({"biases": np.array([0, 0, 0, 0, 0, np.nan, 0])}, "biases must lie in -1000..1000"),
            ({"marks": np.zeros((7, 2), np.int64)}, "two nodes have the same marking"),
            ({"marks": np.zeros(7, np.int64)}, r"marks must be \(7, 2\) int64"),
            ({"affinities": np.full(7, 2, np.uint8)}, "affinities must be 0..1"),
            ({"outputs": (5, 6)}, "1 outputs"),
            ({"outputs": (3,)}, "outputs must be nodes 4..6"),
            ({"outputs": (7,)}, "outputs must be nodes 4..6"),
            ({"weights": np.array([0, 0, np.inf])}, "weights must lie in -1000..1000"),
            ({"weights": np.array([0, 0, np.nan])}, "weights must lie in -1000..1000"),
            ({"weights": np.zeros(2)}, "must be"),
            ({"link_marks": np.zeros((3, 2), np.int64)}, "two links have the same marking"),
            ({"targets": np.array([4, 5, 7], np.uint16)}, "hidden node or an output"),
            ({"targets": np.array([3, 5, 6], np.uint16)}, "hidden node or an output"),
            ({"targets": np.array([6, 5, 6], np.uint16)}, "ordered by their targets"),
            ({"sources": np.array([4, 4, 5], np.uint16)}, "backwards"),
            ({"expression": Expression("site", 128, "hsb")}, "must have 7.|3 outputs"),
        ],
    )
    def test_anything_else_is_refused(self, changes: dict[str, Any], message: str) -> None:
        with pytest.raises(BadGenome, match=message):
            tiny(**changes)

    def test_equality_and_hash(self) -> None:
        same, heavier = tiny(), tiny(weights=np.array([2.5, 1.5, 0.25]))
        assert len({tiny(), same, heavier}) == 2
        assert tiny(weights=np.array([2.5, 1.5, -0.0])) == tiny(weights=np.array([2.5, 1.5, 0.0]))
        assert len({tiny(weights=np.array([1, 1, zero])) for zero in (0.0, -0.0)}) == 1

    def test_parallel_links_are_allowed(self) -> None:
        assert tiny((0, 5), (0, 5)).n_links == 2


class TestConventions:
    @pytest.mark.parametrize(
        ("coordinates", "colour", "limit"), [("site", "hsb", 3), ("fer", "ink", 3)]
    )
    def test_picbreeders(
        self, coordinates: AnyCoordinates, colour: AnyColour, limit: float
    ) -> None:
        genome = neat(3, 9, colour=colour)
        expression = Expression(coordinates, 64, colour)
        assert replace(genome, expression=expression).weight_limit == limit
        with pytest.raises(BadGenome, match="coordinates must be raw or normalised"):
            CppnGenome.random(np.random.default_rng(0), expression)

    @pytest.mark.parametrize(
        ("values", "message"),
        [
            (("site", 28, "grey"), "go with ink and hsb"),
            (("raw", 28, "hsb"), "go with ink and hsb"),
            (("round", 28, "ink"), "raw, normalised, site or fer"),
            (("site", 28, "pink"), "grey, hsv, hls, ink or hsb"),
            (("site", 28, "ink", True), "greyed must be false"),
        ],
    )
    def test_others_are_refused(self, values: tuple[Any, ...], message: str) -> None:
        with pytest.raises(BadGenome, match=message):
            Expression(*values)


class TestFromARun:
    @given(cppn=cppn_genomes(), branch=st.integers(-9, 2**40))
    @settings(max_examples=40, deadline=None)
    def test_everything_is_kept(self, cppn: CppnGenome, branch: int) -> None:
        genome = NeatGenome.of(cppn, branch)
        assert genome.expression == cppn.expression
        assert np.array_equal(genome.weights, cppn.weights)
        assert np.array_equal(genome.sources, cppn.sources)
        assert np.array_equal(genome.activations[N_INPUTS:], cppn.activations[N_INPUTS:])
        assert set(genome.marks[:, 0].tolist()) == {branch}
        assert genome.weight_limit == 10

    @pytest.mark.parametrize(("colour", "shape"), [("grey", 0), ("hsv", 2), ("hls", 1)])
    def test_nodes_that_only_tint_are_colour(self, colour: Any, shape: int) -> None:
        genome = NeatGenome.of(evolved(2, 0, colour=colour)[0], 1)
        expected = [COLOUR] * genome.n_outputs
        expected[shape] = STRUCTURE
        assert genome.affinities.tolist() == [STRUCTURE] * N_INPUTS + expected
