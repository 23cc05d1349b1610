"""Variation of networks with historical markings."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evolution.algorithms.breeding import BreedingSettings, first_brood
from evolution.genomes.affinities import COLOUR, STRUCTURE
from evolution.genomes.base import Expression
from evolution.genomes.cppn import N_INPUTS, SINE
from evolution.genomes.innovations import Innovations
from evolution.genomes.markings import Link, Node
from evolution.genomes.neat import COSINE, IDENTITY, NeatGenome
from evolution.genomes.neat_drafts import Draft, Focus, Scope
from evolution.genomes.neat_variation import NeatRates, add_link, add_node, mutated, within
from evolution.phenotypes import express, outputs
from tests.genomes.populations import SEEDS, neat, neat_genomes

BOLD = NeatRates(
    weight=0.5, step=0.3, redraw=0.2, activation=0.2, add_link=1.0, add_node=0.8, delete_link=0.5
)
STILL = NeatRates(weight=0, step=0, redraw=0, activation=0, add_link=0, add_node=0, delete_link=0)
INPUTS = [Node((1, number), IDENTITY) for number in range(N_INPUTS)]
INK = Expression("site", 64, "ink")
FOCUSES: st.SearchStrategy[Focus] = st.sampled_from(("all", "colour", "structure"))


def line(
    genome: NeatGenome, n: int, seed: int, scope: Scope | None = None, rates: NeatRates = BOLD
) -> list[NeatGenome]:
    """The genome and n descendants."""
    rng, innovations = np.random.default_rng(seed), Innovations(5, [genome])
    found = [genome]
    for _ in range(n):
        found.append(mutated(found[-1], rng, rates, scope or Scope(), innovations))
    return found


def bred(seed: int, generations: int = 12) -> NeatGenome:
    """A picture in colour of a dozen generations, kept as Picbreeder would."""
    rng = np.random.default_rng(seed)
    genome = first_brood(rng, BreedingSettings(), "colour", 5)[0].genome
    assert isinstance(genome, NeatGenome)
    return line(genome, generations, seed)[-1]


def small(*ends: tuple[int, int], branch: int = 1) -> NeatGenome:
    """Inputs 0..3, a hidden node 5 and the output 4, joined as said."""
    nodes = [*INPUTS, Node((1, 4), SINE), Node((branch, 5), COSINE)]
    marks = [node.mark for node in nodes]
    links = [
        Link((branch, 10 + number), marks[source], marks[target], 0.5)
        for number, (source, target) in enumerate(ends)
    ]
    return NeatGenome.assembled(INK, nodes, links, [(1, 4)])


def weights(genome: NeatGenome) -> dict[tuple[int, int], float]:
    return {link.mark: link.weight for link in genome.link_list()}


class TestMutation:
    @given(genome=neat_genomes(), seed=SEEDS, focus=FOCUSES)
    @settings(max_examples=60, deadline=None)
    def test_any_genome_stays_one(self, genome: NeatGenome, seed: int, focus: Focus) -> None:
        # A cycle, a mark given twice or a wrong order would raise BadGenome.
        descendants = line(genome, 15, seed, Scope(focus=focus))
        assert descendants[-1].expression == genome.expression
        assert descendants[-1].output_marks() == genome.output_marks()

    @given(seed=SEEDS, limit=st.sampled_from((3.0, 500.0)))
    @settings(max_examples=30, deadline=None)
    def test_weights_that_change_stay_within_the_limit(self, seed: int, limit: float) -> None:
        genome = neat(4, 30, seed, limit=limit)
        before, after = weights(genome), weights(line(genome, 1, seed)[-1])
        changed = [after[mark] for mark in after if after[mark] != before.get(mark)]
        split = [weight for weight in changed if weight in before.values()]
        assert changed
        assert all(abs(weight) <= 3 for weight in changed if weight not in split)

    def test_weights_are_cut_off_at_the_limit_and_at_the_grain(self) -> None:
        cut = within(np.array([4.0, -9.0, 0.1]), 3.0)
        assert cut[:2].tolist() == [3.0, -3.0]
        assert abs(cut[2] - 0.1) < 2**-17
        assert (cut[2] * 2**16).is_integer()

    def test_something_always_changes(self) -> None:
        genome = small((0, 4))
        still = replace(STILL, step=0.1)
        assert all(line(genome, 1, seed, rates=still)[-1] != genome for seed in range(20))

    def test_a_node_takes_the_place_of_a_link(self) -> None:
        genome = small((0, 4), (1, 4))
        draft = Draft(genome, Scope(activations=(COSINE,)))
        add_node(draft, np.random.default_rng(1), Innovations(1, [genome]))
        child = draft.finished()
        assert (child.n_nodes, child.n_links) == (genome.n_nodes + 1, genome.n_links + 1)
        (new,) = set(child.node_list()) - set(genome.node_list())
        assert new.activation == COSINE
        ways = [link for link in child.link_list() if new.mark in (link.source, link.target)]
        assert sorted(link.weight for link in ways) == [0.5, 1.0]

    def test_a_link_joins_what_was_not_joined(self) -> None:
        genome = small((0, 4), (0, 5), (5, 4))
        for seed in range(30):
            draft = Draft(genome, Scope())
            add_link(draft, np.random.default_rng(seed), Innovations(1, [genome]))
            ends = [(link.source, link.target) for link in draft.links.values()]
            assert len(set(ends)) == len(ends) == 4

    def test_a_full_network_gets_no_link(self) -> None:
        every = [(source, target) for target in (4, 5) for source in range(4)]
        draft = Draft(full := small(*every, (5, 4)), Scope())
        add_link(draft, np.random.default_rng(0), Innovations(1))
        assert draft.finished() == full

    def test_new_functions_are_those_allowed(self) -> None:
        genome = bred(1)
        child = line(genome, 10, 1, Scope(activations=(COSINE,)))[-1]
        old = {node.mark: node.activation for node in genome.node_list()}
        new = [node for node in child.node_list() if old.get(node.mark) != node.activation]
        assert {node.activation for node in new} == {COSINE}

    def test_hue_and_saturation_keep_their_functions(self) -> None:
        genome = line(bred(2), 30, 2)[-1]
        hue, saturation, _ = genome.outputs
        assert genome.activations[[hue, saturation]].tolist() == [0, 1]

    def test_links_can_go_again(self) -> None:
        sizes = [one.n_links for one in line(bred(3), 40, 3, rates=replace(STILL, delete_link=1))]
        assert sizes[-1] < sizes[0]
        assert sizes == sorted(sizes, reverse=True)

    @pytest.mark.parametrize("name", ["weight", "step", "add_node"])
    def test_a_rate_is_a_share(self, name: str) -> None:
        with pytest.raises(ValueError, match=name):
            replace(STILL, **{name: 1.5})


class TestInputs:
    @given(genome=neat_genomes(), seed=SEEDS)
    @settings(max_examples=40, deadline=None)
    def test_nothing_comes_from_one_that_is_off(self, genome: NeatGenome, seed: int) -> None:
        child = line(genome, 3, seed, Scope(inputs=(0, 3)))[-1]
        assert not np.isin(child.sources, (1, 2)).any()

    def test_pictures_do_not_depend_on_it(self) -> None:
        for seed in range(5):
            child = line(bred(seed), 1, seed, Scope(inputs=(0, 3)))[-1]
            picture = express(child, 16)
            assert (picture == picture[:1]).all()

    def test_what_would_be_fed_by_nothing_gets_another(self) -> None:
        child = line(small((1, 5), (5, 4)), 1, 0, Scope(inputs=(0,)), STILL)[-1]
        assert sorted(child.sources.tolist()) == [0, 4]

    @pytest.mark.parametrize("inputs", [(), (4,), (0, 0)])
    def test_at_least_one_is_on(self, inputs: tuple[int, ...]) -> None:
        with pytest.raises(ValueError, match="inputs"):
            Scope(inputs=inputs)


class TestFocus:
    @given(genome=neat_genomes(), seed=SEEDS)
    @settings(max_examples=40, deadline=None)
    def test_colours_leave_the_shapes_of_any_genome(self, genome: NeatGenome, seed: int) -> None:
        if genome.n_outputs == 1:
            return
        child = line(genome, 8, seed, Scope(focus="colour", inputs=(0, 2)))[-1]
        channel = 1 if genome.expression.colour == "hls" else 2
        shapes = [outputs(one, 12)[:, :, channel] for one in (genome, child)]
        assert shapes[0].tobytes() == shapes[1].tobytes()

    def test_colours_leave_the_brightness_of_the_picture(self) -> None:
        for seed in range(8):
            genome = bred(seed)
            child = line(genome, 8, seed, Scope(focus="colour"))[-1]
            before, after = express(genome, 24), express(child, 24)
            assert (before.max(axis=2) == after.max(axis=2)).all()
            assert (before != after).any()

    def test_shapes_leave_the_genes_of_the_colours(self) -> None:
        for seed in range(8):
            genome = bred(seed)
            child = line(genome, 8, seed, Scope(focus="structure"))[-1]
            assert tinting(child) == tinting(genome)
            assert child != genome

    def test_shapes_leave_colours_that_they_do_not_feed(self) -> None:
        for seed in range(8):
            genome = apart(bred(seed))
            child = line(genome, 8, seed, Scope(focus="structure"))[-1]
            before, after = outputs(genome, 12), outputs(child, 12)
            assert before[:, :, :2].tobytes() == after[:, :, :2].tobytes()
            assert before[:, :, 2].tobytes() != after[:, :, 2].tobytes()

    def test_one_channel_varies_whatever_the_focus(self) -> None:
        genome = small((0, 4), (1, 5), (5, 4))
        assert line(genome, 1, 0, Scope(focus="colour"))[-1] != genome

    def test_shapes_are_never_fed_by_colours(self) -> None:
        for seed in range(5):
            genome = line(bred(seed), 30, seed)[-1]
            kinds = genome.affinities
            fed = kinds[genome.sources[kinds[genome.targets] == STRUCTURE]]
            assert (fed == STRUCTURE).all()


def tinting(genome: NeatGenome) -> tuple[list[Node], list[Link]]:
    """The nodes of the colours and the links into them."""
    nodes = [node for node in genome.node_list() if node.affinity == COLOUR]
    marks = {node.mark for node in nodes}
    links = [link for link in genome.link_list() if link.target in marks]
    return sorted(nodes), sorted(links)


def apart(genome: NeatGenome) -> NeatGenome:
    """The genome without links that lead from shapes to colours."""
    nodes = genome.node_list()
    shapes = {node.mark for node in nodes[N_INPUTS:] if node.affinity == STRUCTURE}
    links = [
        link for link in genome.link_list() if link.source not in shapes or link.target in shapes
    ]
    return NeatGenome.assembled(genome.expression, nodes, links, genome.output_marks())


class TestMarks:
    def test_ids_count_up_from_the_highest_of_the_branch(self) -> None:
        genome = small((0, 4), (1, 4), branch=7)
        assert Innovations(7, [genome]).fresh() == (7, 12)
        assert Innovations(8, [genome]).fresh() == (8, 0)
        assert Innovations(7, [genome], first_id=100).fresh() == (7, 100)

    def test_the_same_change_has_the_same_mark(self) -> None:
        parent = small((0, 4), (1, 4), (2, 4))
        innovations = Innovations(9, [parent])
        marks: dict[tuple[int, ...], set[object]] = {}
        for seed in range(30):
            draft = Draft(parent, Scope())
            add_node(draft, np.random.default_rng(seed), innovations)
            (gone,) = set(parent.link_list()) - set(draft.links.values())
            new = {*draft.nodes, *draft.links} - {*Draft(parent, Scope()).nodes, *weights(parent)}
            marks.setdefault(gone.mark, set()).add(tuple(sorted(new)))
        assert len(marks) == 3
        assert all(len(found) == 1 for found in marks.values())
        assert len(set.union(*marks.values())) == 3

    def test_the_same_pair_has_the_same_mark(self) -> None:
        innovations = Innovations(9)
        first, other = innovations.link((1, 0), (1, 4)), innovations.link((1, 4), (1, 0))
        assert first != other
        assert innovations.link((1, 0), (1, 4)) == first

    def test_a_link_that_comes_again_and_is_split_again_gives_a_new_node(self) -> None:
        parent = small((0, 4))
        innovations, rng = Innovations(9, [parent]), np.random.default_rng(0)
        draft = Draft(parent, Scope())
        (link,) = draft.links.values()
        for _ in range(3):
            draft.links = {link.mark: link}
            add_node(draft, rng, innovations)
        assert draft.finished().n_nodes == parent.n_nodes + 3
