"""The drawing of a network: everything in its place, nothing twice."""

import re
from itertools import pairwise

import numpy as np
import pytest
from defusedxml.ElementTree import fromstring

from evolution.exhibits import network_diagram
from evolution.exhibits.network_diagram import BOX, diagram
from evolution.exhibits.network_file import network_diagram_file
from evolution.exhibits.network_layout import layout
from evolution.genomes import picbreeder
from evolution.genomes.base import Expression
from evolution.genomes.cppn import CppnGenome
from evolution.genomes.fields import Network
from tests.genomes.picbreeder_samples import colour
from tests.genomes.populations import evolved, neat

SIZES = (90.0, 18.0)


def network(
    activations: list[int], edges: list[tuple[int, int, float]], colour: str = "grey"
) -> CppnGenome:
    """edges: (source, target, weight)."""
    ordered = sorted(edges, key=lambda edge: edge[1])
    return CppnGenome(
        Expression("normalised", 28, "grey" if colour == "grey" else "hsv"),
        np.array(activations, np.uint8),
        np.array([source for source, _, _ in ordered], np.uint16),
        np.array([target for _, target, _ in ordered], np.uint16),
        np.array([(weight + 10) / 20 for _, _, weight in ordered], np.float32),
    )


def many(rng: np.random.Generator, n_nodes: int, n_links: int) -> list[tuple[int, int]]:
    targets = rng.integers(4, n_nodes, n_links)
    return [(int(rng.integers(0, min(target, n_nodes - 1))), int(target)) for target in targets]


class TestLayout:
    def test_leads_from_left_to_right(self, rng: np.random.Generator) -> None:
        links = many(rng, 60, 130)
        placed = layout(60, links, (4, [59]), SIZES)
        assert all(placed.layers[source] < placed.layers[target] for source, target in links)
        assert placed.layers[:4] == [0, 0, 0, 0]
        assert placed.layers[-1] == max(placed.layers)

    def test_gives_a_long_link_a_waypoint_in_every_layer(self) -> None:
        placed = layout(7, [(0, 4), (4, 5), (5, 6), (1, 6)], (4, [6]), SIZES)
        assert placed.layers == [0, 0, 0, 0, 1, 2, 3]
        assert [len(route) for route in placed.routes] == [0, 0, 0, 2]

    def test_lets_nothing_overlap(self, rng: np.random.Generator) -> None:
        placed = layout(60, many(rng, 60, 130), (4, [59]), SIZES)
        for layer in set(placed.layers):
            column = sorted(
                height
                for height, found in zip(placed.heights, placed.layers, strict=True)
                if found == layer
            )
            assert all(lower - upper >= SIZES[0] - 1e-6 for upper, lower in pairwise(column))
        assert min(placed.heights) >= SIZES[0] / 2 - 1e-6
        assert max(placed.heights) <= placed.height - SIZES[0] / 2 + 1e-6

    def test_an_output_that_feeds_nodes_stands_before_them(self) -> None:
        placed = layout(7, [(0, 4), (4, 5), (5, 6)], (4, [4, 6]), SIZES)
        assert placed.layers[4:] == [1, 2, 3]

    def test_of_a_network_without_links(self) -> None:
        placed = layout(5, [], (4, [4]), SIZES)
        assert placed.layers == [0, 0, 0, 0, 1]


class TestDiagram:
    def test_names_nodes_and_weights(self) -> None:
        drawn = diagram(network([0, 0, 0, 0, 2, 1], [(0, 4, -2.5), (4, 5, 10.0)]))
        assert drawn is not None
        names = [node.name for node in drawn.nodes]
        assert names == ["x", "y", "d", "bias", "gaussian", "grey, sigmoid"]
        assert drawn.n_hidden == 1
        wide, thin = drawn.links
        assert (wide.title, wide.is_negative) == ("hidden 1 to grey: +10.00", False)
        assert (thin.title, thin.is_negative) == ("x to hidden 1: -2.50", True)
        assert wide.width > thin.width

    def test_parts_parallel_links(self) -> None:
        drawn = diagram(network([0] * 5, [(0, 4, 1.0), (0, 4, 2.0), (0, 4, 3.0)]))
        assert drawn is not None
        assert len({link.path for link in drawn.links}) == 3

    def test_has_an_output_for_every_channel(self) -> None:
        drawn = diagram(network([0] * 7, [], colour="hsv"))
        assert drawn is not None
        assert [node.name for node in drawn.nodes if node.is_output] == [
            "hue, sine",
            "saturation, sine",
            "value, sine",
        ]

    def test_draws_everything_inside(self, rng: np.random.Generator) -> None:
        edges = [(source, target, rng.uniform(-10, 10)) for source, target in many(rng, 60, 130)]
        drawn = diagram(network(rng.integers(0, 4, 60).tolist(), edges))
        assert drawn is not None
        for node in drawn.nodes:
            assert 0 <= node.x <= drawn.width - BOX
            assert 0 <= node.y <= drawn.height - BOX
            assert node.sprite_x + drawn.pattern <= drawn.sprite_width
            assert node.sprite_y + drawn.pattern <= drawn.sprite_height
        numbers = [
            float(found) for link in drawn.links for found in re.findall(r"[\d.]+", link.path)
        ]
        assert max(numbers) <= max(drawn.width, drawn.height)
        assert drawn.sprite.startswith("data:image/webp;base64,")

    def test_refuses_what_nobody_could_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(network_diagram, "MOST_NODES", 5)
        assert diagram(network([0] * 5, [])) is not None
        assert diagram(network([0] * 6, [])) is None


class TestNetworksWithMarkings:
    def test_names_nodes(self) -> None:
        genome = picbreeder.read(colour()).genome
        drawn = diagram(genome)
        assert drawn is not None
        assert sorted(node.title for node in drawn.nodes if node.is_output) == [
            "brightness, cosine",
            "hue, sine",
            "saturation, sigmoid",
        ]
        assert [node.title for node in drawn.nodes if not node.is_end] == ["hidden 2:4, identity"]
        assert drawn.n_hidden == 1
        assert "brightness to hidden 2:4: -0.50" in {link.title for link in drawn.links}

    def test_links_lead_to_the_right_of_outputs(self) -> None:
        drawn = diagram(picbreeder.read(colour()).genome)
        assert drawn is not None
        places = {node.title.split(",")[0]: node.x for node in drawn.nodes}
        assert places["brightness"] < places["hidden 2:4"] < places["hue"]
        assert places["hue"] + BOX < drawn.final_x

    def test_draws_hundreds_of_links_inside(self) -> None:
        drawn = diagram(neat(76, 264, 3))
        assert drawn is not None
        assert len(drawn.nodes) == 83
        assert all(0 <= node.y <= drawn.height - BOX for node in drawn.nodes)


class TestFile:
    @pytest.mark.parametrize("genome", [neat(20, 80, 1), neat(5, 20, 2, "ink"), evolved(2, 40)[1]])
    def test_it_needs_no_other_file(self, genome: Network) -> None:
        content = network_diagram_file(genome)
        assert content is not None
        root = fromstring(content)
        space = "{http://www.w3.org/2000/svg}"
        assert root.tag == f"{space}svg"
        hrefs = {found.get("href", "") for found in root.iter() if found.get("href")}
        assert {href[:22] for href in hrefs} == {"#patterns", "data:image/png;base64,"}
        boxes = [found for found in root.iter(f"{space}rect") if found.get("class") == "box"]
        assert len(boxes) == genome.n_nodes
        assert b"http" not in content.replace(b"http://www.w3.org/2000/svg", b"")

    def test_of_what_nobody_could_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(network_diagram, "MOST_NODES", 5)
        assert network_diagram_file(neat(5, 20)) is None
