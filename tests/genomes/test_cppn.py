"""Networks: what is one, and what each mutation operator does to it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evolution.genomes import rewiring
from evolution.genomes.base import BadGenome, Expression
from evolution.genomes.cppn import MAX_EDGES, MAX_NODES, N_INPUTS, CppnGenome
from evolution.genomes.rates import CppnRates
from evolution.genomes.rewiring import Draft
from tests.genomes.populations import PUBLISHED, SEEDS, cppn_genomes, cppn_rates, evolved

STILL = CppnRates(0.0, 15.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def draft_of(genome: CppnGenome) -> Draft:
    arrays = (genome.activations, genome.sources, genome.targets, genome.genes)
    return Draft(genome.n_outputs, *(array.copy() for array in arrays))  # type: ignore[arg-type]


def genome_of(draft: Draft) -> CppnGenome:
    expression = Expression("raw", 28, "grey" if draft.n_outputs == 1 else "hsv")
    arrays = (draft.activations, draft.sources, draft.targets, draft.genes)
    return CppnGenome(expression, *arrays)


def tiny(**changes: np.ndarray[tuple[int], np.dtype[np.generic]]) -> CppnGenome:
    """x and y into a hidden node 4, that and d into the output 5."""
    arrays = {
        "activations": np.zeros(6, np.uint8),
        "sources": np.array([0, 1, 4, 2], np.uint16),
        "targets": np.array([4, 4, 5, 5], np.uint16),
        "genes": np.array([0.1, 0.2, 0.3, 0.4], np.float32),
    }
    return CppnGenome(Expression("raw", 28), **(arrays | changes))  # type: ignore[arg-type]


class TestWellFormed:
    @given(genome=cppn_genomes(), rates=cppn_rates(), seed=SEEDS)
    @settings(max_examples=60, deadline=None)
    def test_mutation_keeps_a_network_well_formed_and_its_parent_untouched(
        self, genome: CppnGenome, rates: CppnRates, seed: int
    ) -> None:
        before = genome_of(draft_of(genome))
        child = genome.mutated(np.random.default_rng(seed), rates)  # checks itself
        assert child.n_nodes >= N_INPUTS + child.n_outputs
        assert (child.sources < child.targets).all()
        assert np.array_equal(genome.genes, before.genes)
        assert np.array_equal(genome.targets, before.targets)
        assert child == genome.mutated(np.random.default_rng(seed), rates)

    def test_without_rates_nothing_changes(self) -> None:
        genome = evolved(2, 30)[0]
        assert genome.mutated(np.random.default_rng(0), STILL) == genome

    def test_arrays_are_read_only(self) -> None:
        with pytest.raises(ValueError, match="read-only"):
            tiny().genes[0] = 0.5

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"activations": np.full(6, 4, np.uint8)}, "activations must be below 4"),
            ({"activations": np.zeros(4, np.uint8)}, "must have 5..4096 nodes"),
            ({"activations": np.zeros(6, np.int64)}, "activations must be a list of uint8"),
            ({"genes": np.array([0.1, 0.2, 0.3, 1.1], np.float32)}, "genes must lie in 0..1"),
            ({"genes": np.array([0.1, 0.2, 0.3, np.nan], np.float32)}, "genes must lie in 0..1"),
            ({"genes": np.zeros(3, np.float32)}, "equally many"),
            ({"targets": np.array([4, 4, 5, 6], np.uint16)}, "hidden node or an output"),
            ({"targets": np.array([3, 4, 5, 5], np.uint16)}, "hidden node or an output"),
            ({"targets": np.array([4, 5, 5, 4], np.uint16)}, "ordered by their targets"),
            ({"sources": np.array([5, 1, 4, 2], np.uint16)}, "input or a hidden node"),
            ({"sources": np.array([4, 1, 4, 2], np.uint16)}, "backwards"),
        ],
    )
    def test_anything_else_is_refused(
        self, changes: dict[str, np.ndarray[tuple[int], np.dtype[np.generic]]], message: str
    ) -> None:
        with pytest.raises(BadGenome, match=message):
            tiny(**changes)

    def test_equal_networks_have_equal_hashes(self) -> None:
        assert hash(tiny()) == hash(tiny())
        assert tiny() != tiny(activations=np.ones(6, np.uint8))


class TestAddConnection:
    @given(genome=cppn_genomes(), seed=SEEDS)
    @settings(max_examples=60, deadline=None)
    def test_it_adds_one_edge_and_computes_the_same_otherwise(
        self, genome: CppnGenome, seed: int
    ) -> None:
        draft = draft_of(genome)
        rewiring.add_connection(draft, np.random.default_rng(seed))
        changed = genome_of(draft)
        assert changed.n_edges == genome.n_edges + 1
        assert sorted(changed.activations) == sorted(genome.activations)

    def test_moving_a_node_behind_another_renames_and_nothing_else(self) -> None:
        draft = Draft(
            1,
            np.array([0, 0, 0, 0, 1, 2, 3, 0], np.uint8),
            np.array([0, 4, 1, 5, 6], np.uint16),
            np.array([4, 5, 6, 7, 7], np.uint16),
            np.array([0.1, 0.2, 0.3, 0.4, 0.5], np.float32),
        )
        last, node = rewiring.move_behind(draft, 4, 6)
        assert (last, node) == (4, 5)
        assert draft.activations.tolist() == [0, 0, 0, 0, 3, 1, 2, 0]
        edges = list(zip(draft.sources.tolist(), draft.targets.tolist(), strict=True))
        assert edges == [(1, 4), (0, 5), (5, 6), (6, 7), (4, 7)]
        assert draft.genes.tolist() == pytest.approx([0.3, 0.1, 0.2, 0.4, 0.5])

    def test_targets_are_uniform_over_nodes_that_close_no_cycle(self) -> None:
        rng, counts = np.random.default_rng(1), np.zeros(6)
        for _ in range(3000):
            draft = draft_of(tiny())
            rewiring.add_connection(draft, rng)
            counts += np.bincount(draft.targets, minlength=6)
        added = counts - 3000 * np.bincount(tiny().targets, minlength=6)
        # Sources are the four inputs and node 4; from node 4 only the output can be reached.
        assert added[:4].sum() == 0
        assert added[4] == pytest.approx(3000 * 4 / 5 / 2, rel=0.08)
        assert added[5] == pytest.approx(3000 * (4 / 5 / 2 + 1 / 5), rel=0.08)


class TestOtherOperators:
    def test_a_split_edge_keeps_its_weight_on_both_halves(self) -> None:
        draft = draft_of(tiny())
        rewiring.add_neuron(draft, np.random.default_rng(2))
        genes, counts = np.unique(draft.genes, return_counts=True)
        assert (len(draft.genes), len(genes), draft.n_nodes) == (5, 4, 7)
        assert sorted(counts) == [1, 1, 1, 2]
        assert genome_of(draft).n_outputs == 1

    def test_a_deleted_neuron_takes_its_edges_along(self) -> None:
        draft = draft_of(tiny())
        rewiring.delete_neuron(draft, np.random.default_rng(2))
        assert (draft.n_nodes, draft.sources.tolist(), draft.targets.tolist()) == (5, [2], [4])

    def test_there_may_be_nothing_to_delete(self) -> None:
        genome = CppnGenome.random(np.random.default_rng(0), Expression("raw", 28))
        bare = replace(STILL, delete_connection=1.0, delete_neuron=1.0)
        for _ in range(8):
            genome = genome.mutated(np.random.default_rng(0), bare)
        assert (genome.n_nodes, genome.n_edges) == (5, 0)

    def test_a_deleted_connection_is_one_edge(self) -> None:
        draft = draft_of(tiny())
        rewiring.delete_connection(draft, np.random.default_rng(0))
        assert draft.n_edges == 3
        assert set(draft.genes) < set(tiny().genes)

    def test_at_its_limits_a_network_grows_no_more(self) -> None:
        n_edges = MAX_EDGES
        full = CppnGenome(
            Expression("raw", 28),
            np.zeros(MAX_NODES, np.uint8),
            np.zeros(n_edges, np.uint16),
            np.sort(np.arange(n_edges) % (MAX_NODES - N_INPUTS) + N_INPUTS).astype(np.uint16),
            np.zeros(n_edges, np.float32),
        )
        growing = replace(STILL, add_connection=1.0, add_neuron=1.0)
        assert full.mutated(np.random.default_rng(0), growing) == full


class TestRates:
    """How often each event happens, over many children of one parent."""

    N = 4000

    @pytest.fixture
    def parent(self) -> CppnGenome:
        return evolved(2, 40, seed=5)[0]

    def children(self, parent: CppnGenome, **rates: float) -> list[CppnGenome]:
        rng, only = np.random.default_rng(7), replace(STILL, **rates)
        return [parent.mutated(rng, only) for _ in range(self.N // 4)]

    def test_weights(self, parent: CppnGenome) -> None:
        children = self.children(parent, weight=PUBLISHED.weight)
        changed = np.concatenate([child.genes != parent.genes for child in children])
        # A change that leaves 0..1 at a gene already there is clipped away.
        inner = np.tile((parent.genes > 0) & (parent.genes < 1), len(children))
        assert changed[inner].mean() == pytest.approx(PUBLISHED.weight, rel=0.06)

    def test_activations(self, parent: CppnGenome) -> None:
        children = self.children(parent, activation=PUBLISHED.activation)
        changed = np.concatenate([c.activations != parent.activations for c in children])
        assert changed.mean() == pytest.approx(PUBLISHED.activation * 3 / 4, rel=0.08)

    @pytest.mark.parametrize(
        ("event", "d_nodes", "d_edges"),
        [("add_connection", 0, 1), ("delete_connection", 0, -1), ("add_neuron", 1, 1)],
    )
    def test_structure(self, parent: CppnGenome, event: str, d_nodes: int, d_edges: int) -> None:
        rate = getattr(PUBLISHED, event)
        children = self.children(parent, **{event: rate})
        nodes = [child.n_nodes - parent.n_nodes for child in children]
        edges = [child.n_edges - parent.n_edges for child in children]
        assert np.mean(edges) == pytest.approx(d_edges * rate, rel=0.12)
        assert np.mean(nodes) == pytest.approx(d_nodes * rate, rel=0.12)

    def test_deleted_neurons(self, parent: CppnGenome) -> None:
        children = self.children(parent, delete_neuron=PUBLISHED.delete_neuron)
        lost = [parent.n_nodes - child.n_nodes for child in children]
        assert np.mean(lost) == pytest.approx(PUBLISHED.delete_neuron, rel=0.15)

    @given(value=st.floats(-1, 2).filter(lambda p: not 0 <= p <= 1))
    @settings(max_examples=10)
    def test_no_rate_is_outside_0_to_1(self, value: float) -> None:
        with pytest.raises(ValueError, match="add_neuron must be a probability"):
            replace(PUBLISHED, add_neuron=value)
