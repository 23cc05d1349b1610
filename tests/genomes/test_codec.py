"""Genomes as bytes and as JSON: exact round trips, and nothing but BadGenome for anything else."""

import json
import struct
import zlib
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from evolution.genomes import codec
from evolution.genomes.base import BadGenome
from evolution.genomes.codec import AnyGenome
from evolution.phenotypes import express
from tests.genomes.populations import (
    cppn_genomes,
    direct_genomes,
    evolved,
    neat,
    neat_genomes,
    pixel_genomes,
)

SAMPLES = Path(__file__).parent / "samples"
GENOMES = st.one_of(cppn_genomes(), direct_genomes(), neat_genomes(), pixel_genomes())
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)


def sealed(content: bytes) -> bytes:
    """Bytes with a checksum that fits, as a forger would send them."""
    return content + struct.pack("<I", zlib.crc32(content))


def decoded_or_refused(decode: Callable[[], AnyGenome]) -> None:
    """Whatever is decoded must be a genome that can be drawn and encoded again."""
    try:
        genome = decode()
    except BadGenome:
        return
    assert express(genome, 3).shape[:2] == (3, 3)
    assert codec.decode(codec.encode(genome)) == genome


class TestBytes:
    @given(genome=GENOMES)
    @settings(max_examples=60, deadline=None)
    def test_round_trip(self, genome: AnyGenome) -> None:
        content = codec.encode(genome)
        assert codec.decode(content) == genome
        assert codec.encode(codec.decode(content)) == content

    @given(genome=GENOMES, data=st.data())
    @settings(max_examples=60, deadline=None)
    def test_damage_is_noticed(self, genome: AnyGenome, data: st.DataObject) -> None:
        content = codec.encode(genome)
        at = data.draw(st.integers(0, len(content) - 1))
        flipped = content[at] ^ data.draw(st.integers(1, 255))
        damaged = content[:at] + bytes([flipped]) + content[at + 1 :]
        for wrong in (damaged, content[:at], content + b"\0", sealed(content)):
            with pytest.raises(BadGenome):
                codec.decode(wrong)

    @given(genome=GENOMES, data=st.data())
    @settings(max_examples=150, deadline=None)
    def test_forged_bytes_are_refused_or_well_formed(
        self, genome: AnyGenome, data: st.DataObject
    ) -> None:
        content = bytearray(codec.encode(genome)[:-4])
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(2, min(len(content) - 1, 60)))
            content[at] = data.draw(st.sampled_from((0, 1, 4, 5, 127, 128, 255)))
        decoded_or_refused(partial(codec.decode, sealed(bytes(content))))

    @given(st.binary(max_size=60))
    @settings(max_examples=60)
    def test_noise_is_refused(self, noise: bytes) -> None:
        for content in (
            noise,
            sealed(b"FB\x01\x01" + noise),
            sealed(b"FB\x01\x02" + noise),
            sealed(b"FB\x01\x03" + noise),
        ):
            decoded_or_refused(partial(codec.decode, content))

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"", "at least 8 bytes"),
            (sealed(b"GIF8\x01\x02"), "do not begin with FB"),
            (sealed(b"FB\x02\x01\0\0"), "version 2 is unknown"),
            (sealed(b"FB\x01\x09\0\0"), "encoding 9 is unknown"),
            (sealed(b"FB\x01\x01\x07\x01\0"), "colour 7 is unknown"),
            (sealed(b"FB\x01\x01\0\xff\xff"), "512 pixels"),
            (sealed(b"FB\x01\x02" + struct.pack("<BBHHH", 0, 0, 28, 5, 65535)), "16384 edges"),
            (sealed(b"FB\x01\x02" + struct.pack("<BBHHH", 0, 0, 0, 5, 0) + bytes(5)), "base_size"),
            (sealed(b"FB\x01\x02" + struct.pack("<BBHHH", 0, 0, 28, 9, 0)), "cut off"),
            (b"FB\x01\x02" + bytes(9), "checksum"),
            (sealed(b"FB\x01\x03" + struct.pack("<BBBHHH", 3, 2, 0, 9, 5000, 1)), "4096 nodes"),
            (sealed(b"FB\x01\x03" + struct.pack("<BBBHHH", 3, 0, 0, 9, 5, 0)), "raw with ink"),
            (sealed(b"FB\x01\x03" + struct.pack("<BBBHHH", 4, 2, 2, 9, 7, 0)), "greyed 2"),
            (sealed(b"FB\x01\x03" + struct.pack("<BBBHHH", 3, 2, 0, 9, 5, 0)), "cut off"),
        ],
    )
    def test_the_error_says_what_is_wrong(self, content: bytes, message: str) -> None:
        with pytest.raises(BadGenome, match=message):
            codec.decode(content)


class TestSamples:
    """Every version that was ever written decodes to the picture that it had then."""

    @pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.genome")), ids=lambda path: path.stem)
    def test_same_picture(self, sample: Path) -> None:
        genome = codec.decode(sample.read_bytes())
        with Image.open(BytesIO(sample.with_suffix(".png").read_bytes())) as file:
            expected = np.asarray(file)
        assert np.array_equal(express(genome, 28).squeeze(), expected)

    def test_there_is_one_of_each_encoding(self) -> None:
        names = {path.stem.split("-")[0] for path in SAMPLES.glob("*-v1.genome")}
        assert names == {"ascent", "cppn", "direct", "neat"}


class TestJson:
    @given(genome=GENOMES)
    @settings(max_examples=40, deadline=None)
    def test_round_trip(self, genome: AnyGenome) -> None:
        assert codec.from_json(json.loads(json.dumps(codec.to_json(genome)))) == genome

    def test_people_can_read_it(self) -> None:
        document = codec.to_json(evolved(2, 0)[0])
        assert [node["name"] for node in document["nodes"]] == ["x", "y", "d", "bias", "grey"]
        assert document["nodes"][4]["activation"] in ("sine", "sigmoid", "gaussian", "linear")
        edge = document["edges"][0]
        assert (edge["from"], edge["to"]) == ("x", "grey")
        assert edge["weight"] == pytest.approx(edge["gene"] * 20 - 10)

    @given(genome=GENOMES, value=JSON_VALUES, data=st.data())
    @settings(max_examples=150, deadline=None)
    def test_whatever_is_wrong_is_refused(
        self, genome: AnyGenome, value: Any, data: st.DataObject
    ) -> None:
        document = json.loads(json.dumps(codec.to_json(genome)))
        place: Any = document
        while True:
            keys = range(len(place)) if isinstance(place, list) else sorted(place)
            key = data.draw(st.sampled_from(keys))
            inner = place[key]
            if not inner or not isinstance(inner, list | dict) or data.draw(st.booleans()):
                break
            place = inner
        place[key] = value
        decoded_or_refused(partial(codec.from_json, document))

    @pytest.mark.parametrize("document", [{}, [], None, "FB", {"version": 1}, {"version": 2}])
    def test_other_documents_are_refused(self, document: Any) -> None:
        with pytest.raises(BadGenome):
            codec.from_json(document)

    def test_a_cycle_is_refused(self) -> None:
        document = codec.to_json(evolved(8, 60, seed=2)[1])
        hidden = [node["name"] for node in document["nodes"] if "hidden" in node["name"]]
        document["edges"][-1] |= {"from": hidden[0], "to": hidden[0]}
        with pytest.raises(BadGenome, match="backwards"):
            codec.from_json(document)


class TestJsonOfNetworksWithMarkings:
    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(json.dumps(codec.to_json(neat(3, 12, colour="ink"))))
        return document

    def test_people_can_read_it(self) -> None:
        genome = neat(3, 12, colour="ink")
        document = self.document()
        first, output = document["nodes"][0], document["nodes"][genome.outputs[0]]
        assert first["name"] == "{}:{}".format(*genome.marks[0])
        assert (first["label"], first["activation"], first["bias"]) == ("x", "identity", 0)
        assert (output["label"], output["name"]) == ("ink", document["outputs"][0])
        assert document["links"][0]["weight"] == genome.weights[0]
        assert document["links"][0]["from"] == "{}:{}".format(*genome.marks[genome.sources[0]])

    def test_a_cycle_names_the_nodes(self) -> None:
        document = self.document()
        name = document["nodes"][-1]["name"]
        document["links"][0] |= {"from": name, "to": name}
        with pytest.raises(BadGenome, match=f"there is a cycle: {name}$"):
            codec.from_json(document)

    @pytest.mark.parametrize(
        ("where", "value", "message"),
        [
            (("nodes",), [{}] * 100_000, "4096 nodes"),
            (("links",), [{}] * 100_000, "16384 links"),
            (("outputs",), ["1:1"] * 100_000, "1 or 3 outputs"),
            (("nodes",), {"0": 1}, "must be lists"),
            (("nodes", 4, "name"), "5", "3:17"),
            (("nodes", 4, "name"), "1:" + "9" * 5000, "3:17"),
            (("nodes", 4, "activation"), "tanh", "activation must be one of sine"),
            (("nodes", 4, "affinity"), 1, "affinity must be one of structure"),
            (("nodes", 4, "bias"), float("nan"), "biases must lie"),
            (("nodes", 4, "bias"), True, "bias must be a number"),
            (("links", 0, "weight"), float("inf"), "weights must lie"),
            (("links", 0, "weight"), 10**400, "OverflowError"),
            (("links", 0, "weight"), "1.5", "weight must be a number"),
            (("links", 0, "from"), "77:77", "77:77, is no node"),
            (("outputs", 0), "77:77", "77:77 is no node"),
            (("greyed",), 1, "greyed must be false"),
            (("colour",), "hsb", "must be 3 outputs"),
        ],
    )
    def test_the_error_says_what_is_wrong(
        self, where: tuple[Any, ...], value: Any, message: str
    ) -> None:
        document: Any = self.document()
        place = document
        for key in where[:-1]:
            place = place[key]
        place[where[-1]] = value
        with pytest.raises(BadGenome, match=message) as refusal:
            codec.from_json(document)
        assert len(str(refusal.value)) < 400

    @pytest.mark.parametrize(
        "key", ["version", "encoding", "coordinates", "nodes", "links", "greyed"]
    )
    def test_deep_nesting_is_refused(self, key: str) -> None:
        deep: Any = []
        for _ in range(100_000):
            deep = [deep]
        document = self.document() | {key: deep}
        with pytest.raises(BadGenome):
            codec.from_json(document)
