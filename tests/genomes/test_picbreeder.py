"""Files of Picbreeder and CPPN-X: what is read, each trap, and what is refused."""

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evolution.genomes import picbreeder
from evolution.genomes.affinities import COLOUR, STRUCTURE
from evolution.genomes.base import BadGenome, Expression
from evolution.genomes.cppn import SIGMOID, SINE
from evolution.genomes.neat import BIPOLAR_GAUSSIAN, COSINE, IDENTITY, NeatGenome
from evolution.genomes.picbreeder_writing import write
from evolution.phenotypes import express
from tests.genomes.picbreeder_samples import (
    colour,
    cppn_x,
    document,
    ink,
    inputs,
    link,
    node,
    zipped,
)
from tests.genomes.populations import evolved, neat

CYCLE = link("2:1", "1:0", "2:5", 2.0) + link("2:2", "2:5", "2:6", 1.0)
CYCLE += link("2:3", "2:6", "2:5", 1.0) + link("2:4", "2:6", "1:4", 1.0)
CYCLIC = ink(CYCLE, node("2:5", "identity") + node("2:6", "identity"))


class TestReading:
    def test_a_grey_genome(self) -> None:
        genome, age, notes = picbreeder.read(ink(link("1:5", "1:0", "1:4", -2.5)))
        assert genome.expression == Expression("site", 128, "ink")
        assert genome.marks.tolist() == [[1, 0], [1, 1], [1, 2], [1, 3], [1, 4]]
        assert genome.activations[4] == BIPOLAR_GAUSSIAN
        assert genome.weights.tolist() == [-2.5]
        assert (age, notes) == (7, ())

    def test_a_colour_genome(self) -> None:
        genome = picbreeder.read(colour()).genome
        kinds = dict(
            zip(genome.output_marks(), genome.activations[list(genome.outputs)], strict=True)
        )
        assert kinds == {(1, 4): SINE, (1, 5): SIGMOID, (1, 6): COSINE}
        assert genome.expression == Expression("site", 128, "hsb")

    def test_equal_ids_of_two_branches_are_two_nodes(self) -> None:
        genome = picbreeder.read(colour()).genome
        assert [1, 4] in genome.marks.tolist()
        assert [2, 4] in genome.marks.tolist()
        assert genome.n_nodes == 8

    def test_links_out_of_outputs_colour_the_picture(self) -> None:
        genome = picbreeder.read(colour()).genome
        reds, blues = express(genome, 16)[0, :, 0], express(genome, 16)[0, :, 2]
        assert len(set((reds.astype(int) - blues).tolist())) > 3
        assert genome.outputs[2] in genome.sources.tolist()

    def test_parallel_links_add_up(self) -> None:
        genome = picbreeder.read(colour()).genome
        assert sorted(genome.weights.tolist()) == [-0.5, 0.1, 1.0, 2.0, 3.0]

    def test_the_file_of_cppn_x_has_two_roots(self) -> None:
        read = picbreeder.read(cppn_x(colour()))
        assert read.genome == picbreeder.read(colour()).genome
        assert read.age is None

    def test_a_zip_of_one(self) -> None:
        assert picbreeder.read(zipped(colour())) == picbreeder.read(colour())

    def test_counts_are_not_believed(self) -> None:
        assert b'count="99"' in ink()
        assert picbreeder.read(ink()).genome.n_links == 0

    def test_a_bias_is_read(self) -> None:
        content = ink().replace(b'bias="0.0"', b'bias="0.25"', 1)
        assert picbreeder.read(content).genome.biases.tolist() == [0, 0, 0, 0, 0.25]

    def test_a_byte_order_mark_does_no_harm(self) -> None:
        assert picbreeder.read(b"\xef\xbb\xbf" + ink()) == picbreeder.read(ink())

    def test_stated_affinities(self) -> None:
        genome = picbreeder.read(colour()).genome
        assert genome.affinities[list(genome.outputs)].tolist() == [
            COLOUR,
            COLOUR,
            STRUCTURE,
        ]

    def test_old_files_state_none(self) -> None:
        assert b"affinity" not in colour(part="")
        assert picbreeder.read(colour(part="")).genome == picbreeder.read(colour()).genome

    def test_a_colour_genome_shown_in_grey(self) -> None:
        genome = picbreeder.read(colour(phenotype="grey")).genome
        assert genome.expression.greyed
        picture = express(genome, 9)
        assert (picture == picture[:, :, :1]).all()

    def test_the_phenotype_may_be_absent(self) -> None:
        content = ink().replace(b' phenotype="grey"', b"")
        assert picbreeder.read(content) == picbreeder.read(ink())


class TestCycles:
    def test_are_refused_by_name(self) -> None:
        with pytest.raises(BadGenome, match=r"there is a cycle: 2:(5, 2:6|6, 2:5)$"):
            picbreeder.read(CYCLIC)

    def test_are_cut_where_a_node_is_met_again(self) -> None:
        genome, _, notes = picbreeder.read(CYCLIC, cycles="cut")
        assert notes == ("1 of 4 links closed a cycle and were left out",)
        assert genome.link_marks.tolist() == [[2, 1], [2, 2], [2, 4]]

    def test_of_one_node(self) -> None:
        genome, _, notes = picbreeder.read(ink(link("2:1", "1:4", "1:4", 1.0)), cycles="cut")
        assert (genome.n_links, len(notes)) == (0, 1)

    def test_thousands_do_not_hang(self) -> None:
        rng = np.random.default_rng(0)
        hidden = "".join(node(f"5:{n}", "sin") for n in range(1000))
        ends = rng.integers(0, 1000, (6000, 2)).tolist()
        links = "".join(link(f"6:{n}", f"5:{a}", f"5:{b}", 1.0) for n, (a, b) in enumerate(ends))
        before = time.perf_counter()
        assert picbreeder.read(ink(links, hidden), cycles="cut").notes
        with pytest.raises(BadGenome, match=r"there is a cycle: 5:.*more$"):
            picbreeder.read(ink(links, hidden))
        assert time.perf_counter() - before < 10


class TestRefusing:
    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"", "must hold one data with one genome, not 0"),
            (b"GIF89a", "not 0"),
            (b"<data><genome>", "this is no XML"),
            (ink().replace(b"genome", b"gnome"), "not 0"),
            (ink() + ink().split(b"\n", 1)[1], "one genome, not 2"),
            (ink().replace(b"gaussian(x)", b"tan(x)"), r"node 1:4: activation 'tan' is unknown"),
            (ink().replace(b'label="ink"', b""), "node 1:4, of type out, has no label"),
            (ink().replace(b'label="ink"', b'label="hue"'), "outputs must be labelled ink, or hue"),
            (ink().replace(b'label="x"', b'label="z"'), "inputs must be labelled x, y, d, bias"),
            (ink().replace(b'label="x"', b'label="y"'), "two nodes of type in are labelled y"),
            (ink().replace(b'type="out"', b'type="both"'), "node 1:4: type must be in, out or hid"),
            (ink(hidden=node("1:4", "sin")), "two nodes have the same marking: 1:4"),
            (ink(link("1:5", "1:0", "2:4", 1.0)), "2:4, is no node"),
            (ink(link("1:5", "1:0", "1:4", 1.0) * 2), "two links have the same marking"),
            (ink(link("1:5", "1:4", "1:0", 1.0)), "must lead to a hidden node or an output"),
            (ink(link("1:5", "1:0", "1:4", float("nan"))), "weights must lie in"),
            (ink(link("1:5", "1:0", "1:4", 1e9)), "weights must lie in"),
            (ink("<link/>"), "a link: marking must have a branch and an id"),
            (
                ink('<link><marking branch="1" id="5"/></link>'),
                "link 1:5: source must have a branch",
            ),
            (ink(link("1:5", "1:0", "1:4", 1.0).replace("1.0", "one")), "weight must be a number"),
            (ink().replace(b'id="4"/><act', b'id="x"/><act'), "a node: marking must have"),
            (ink().replace(b'id="4"/><act', b'id="9999999999999999999"/><act'), "a number in"),
            (document(inputs("blue"), ""), "affinity must be grey or color, not 'blue'"),
            (document(inputs(), ""), "outputs must be labelled"),
            (ink().replace(b'phenotype="grey"', b'phenotype="red"'), "phenotype must be"),
            (ink(hidden=node("2:1", "sin") * 4097), "4096 nodes"),
            (ink("<link/>" * 16_385), "16384 links"),
        ],
    )
    def test_the_error_says_what_is_wrong(self, content: bytes, message: str) -> None:
        with pytest.raises(BadGenome, match=message):
            picbreeder.read(content)


class TestHostile:
    @pytest.mark.parametrize(
        "content",
        [
            b'<!DOCTYPE d [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><data>&b;</data>',
            b'<?xml version="1.0"?><!DOCTYPE d SYSTEM "file:///etc/passwd"><data/>',
        ],
    )
    def test_document_types_are_refused(self, content: bytes) -> None:
        with pytest.raises(BadGenome, match="declares a document type or entities"):
            picbreeder.read(content)

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"<a/>" * 1_200_000, "200,000 elements"),
            (b"<a>" * 1_600_000, "50 inside each other"),
            (b" " * 5_000_001, "up to 5,000,000 bytes"),
            (zipped(b"<a/>", b"<a/>"), "not 2 files"),
            (zipped(), "this is no XML|not 0 files"),
            (zipped(b" " * 2_000_001), "more than 2,000,000 bytes"),
            (zipped(b"\0" * 200_000_000), "more than 2,000,000 bytes"),
            (b"PK\x03\x04" + bytes(60), "zip cannot be read"),
        ],
        ids=["many", "deep", "large", "two", "none", "unpacked", "bomb", "no zip"],
    )
    def test_large_files_are_refused_quickly(self, content: bytes, message: str) -> None:
        before = time.perf_counter()
        with pytest.raises(BadGenome, match=message):
            picbreeder.read(content)
        assert time.perf_counter() - before < 5

    def test_an_encrypted_zip_is_refused(self) -> None:
        content = bytearray(zipped(ink()))
        content[content.index(b"PK\x01\x02") + 8] |= 1
        with pytest.raises(BadGenome, match="encrypted"):
            picbreeder.read(bytes(content))

    @given(data=st.data(), packed=st.booleans())
    @settings(max_examples=300, deadline=None)
    def test_damaged_files_are_refused_or_drawn(self, data: st.DataObject, packed: bool) -> None:
        content = bytearray(zipped(colour()) if packed else colour())
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(0, len(content) - 1))
            content[at] = data.draw(st.integers(0, 255))
        try:
            genome = picbreeder.read(bytes(content), cycles="cut").genome
        except BadGenome:
            return
        assert express(genome, 3).shape[:2] == (3, 3)


class TestWriting:
    @given(seed=st.integers(0, 10_000), hsb=st.booleans(), greyed=st.booleans())
    @settings(max_examples=60, deadline=None)
    def test_what_is_written_is_read_again(self, seed: int, hsb: bool, greyed: bool) -> None:
        genome = known_to_picbreeder(neat(8, 30, seed, "hsb" if hsb else "ink"))
        shown = Expression("site", 128, genome.expression.colour, hsb and greyed)
        genome = replace(genome, expression=shown)
        assert picbreeder.read(write(genome, (3, 9), 12)) == (genome, 12, ())

    def test_the_originals_form(self) -> None:
        text = write(picbreeder.read(colour()).genome, (3, 9), 7).decode()
        assert '<identifier branch="3" id="9" />' in text
        assert 'type="out" label="brightness" affinity="grey"' in text
        assert "<activation>cos(x)</activation>" in text

    def test_networks_of_runs_do_not_fit(self) -> None:
        with pytest.raises(BadGenome, match="only ink and hsb genomes fit"):
            write(NeatGenome.of(evolved(2, 3)[0], 1))

    def test_unknown_activations_are_named(self) -> None:
        genome = picbreeder.read(ink()).genome
        unknown = replace(genome, activations=np.array([IDENTITY] * 4 + [3], np.uint8))
        with pytest.raises(BadGenome, match=r"does not know the activation linear \(nodes 1:4\)"):
            write(unknown)


def known_to_picbreeder(genome: NeatGenome) -> NeatGenome:
    kinds = genome.activations.copy()
    kinds[(kinds == 2) | (kinds == 3)] = BIPOLAR_GAUSSIAN
    return replace(genome, activations=kinds)
