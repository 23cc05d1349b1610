"""The files of a network: a drawing to take home, and what Picbreeder reads."""

import re
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from django.test import Client

from evolution.genomes import codec, picbreeder
from evolution.genomes.base import Expression
from evolution.genomes.cppn import CppnGenome
from evolution.genomes.neat import NeatGenome
from evolution.models import Individual
from evolution.views import network_files
from tests.factories import (
    make_brood,
    make_hand_bred,
    make_individual,
    make_publication,
    make_run,
    make_session,
)
from tests.genomes import picbreeder_samples
from tests.views.asking import hide

pytestmark = pytest.mark.django_db
SVG = "{http://www.w3.org/2000/svg}"
MARKED = codec.encode(picbreeder.read(picbreeder_samples.colour()).genome)


def machine_bred(**fields: Any) -> Individual:
    return make_individual(make_run(status="running", generation=1), **fields)


def hand_bred(**fields: Any) -> Individual:
    return make_hand_bred(make_brood(make_session()), **fields)


class TestTheDrawing:
    @pytest.mark.parametrize("bred", [machine_bred, hand_bred])
    def test_is_a_file_that_needs_no_other(self, bred: type, client: Client) -> None:
        individual = bred()
        response = client.get(f"/individuals/{individual.pk}/network.svg")
        assert response.status_code == 200
        assert response["Content-Type"] == "image/svg+xml"
        drawn = ElementTree.fromstring(response.content)
        assert drawn.tag == f"{SVG}svg"
        genome = codec.decode(bytes(individual.genome or b""))
        assert isinstance(genome, CppnGenome | NeatGenome)
        assert len(drawn.findall(f".//{SVG}text")) >= genome.n_nodes
        addresses = re.findall(rb'href="([^"]{1,20})', response.content)
        assert addresses
        assert all(address.startswith((b"data:image/png", b"#")) for address in addresses)

    def test_brings_a_style_sheet_of_its_own_and_may_do_nothing_else(self, client: Client) -> None:
        response = client.get(f"/individuals/{hand_bred().pk}/network.svg")
        allowed = set(response["Content-Security-Policy"].split("; "))
        assert allowed == {
            "default-src 'none'",
            "style-src 'unsafe-inline'",
            "img-src data:",
            "frame-ancestors 'none'",
            "sandbox",
        }
        assert b"<script" not in response.content

    def test_is_named_and_kept_for_ever(self, client: Client) -> None:
        address = f"/individuals/{(one := hand_bred()).pk}/network.svg"
        response = client.get(address)
        name = f'filename="foolbreeder-{one.pk}.svg"'
        assert response["Content-Disposition"] == f"inline; {name}"
        assert response["Cache-Control"] == "public, max-age=31536000, immutable"
        download = client.get(f"{address}?download=1")
        assert download["Content-Disposition"] == f"attachment; {name}"
        again = client.get(address, headers={"If-None-Match": response["ETag"]})
        assert (again.status_code, again.content) == (304, b"")

    def test_of_pixels_there_is_none(self, client: Client) -> None:
        run = make_run("mnist-direct-paper", status="running", generation=1)
        for file in ("network.svg", "genome.xml"):
            response = client.get(f"/individuals/{make_individual(run).pk}/{file}")
            assert response.status_code == 404
            assert "It has no network" in response.content.decode()

    def test_of_too_many_nodes_there_is_none(self, client: Client) -> None:
        n = 500
        genome = CppnGenome(
            Expression("normalised", 28),
            np.zeros(n, np.uint8),
            np.zeros(n - 4, np.uint16),
            np.arange(4, n, dtype=np.uint16),
            np.full(n - 4, 0.5, np.float32),
        )
        one = machine_bred(genome=codec.encode(genome))
        response = client.get(f"/individuals/{one.pk}/network.svg")
        assert response.status_code == 404
        assert "too large to be drawn" in response.content.decode()


@pytest.mark.parametrize("file", ["network.svg", "genome.xml"])
class TestARefusal:
    def test_of_an_unknown_individual(self, file: str, client: Client) -> None:
        assert client.get(f"/individuals/99/{file}").status_code == 404

    def test_of_a_genome_that_was_not_kept(self, file: str, client: Client) -> None:
        response = client.get(f"/individuals/{machine_bred(genome=None).pk}/{file}")
        assert response.status_code == 410
        assert "was not kept" in response.content.decode()

    def test_of_a_picture_that_staff_hid(self, file: str, client: Client) -> None:
        published = make_publication(hand_bred(genome=MARKED))
        address = f"/individuals/{published.individual_id}/{file}"
        assert client.get(address).status_code == 200
        hide(published)
        assert client.get(address).status_code == 410

    def test_of_a_damaged_genome(self, file: str, client: Client) -> None:
        response = client.get(f"/individuals/{machine_bred(genome=b'FB nothing').pk}/{file}")
        assert response.status_code == 410
        assert "damaged" in response.content.decode()

    def test_of_too_many(self, file: str, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(network_files, "RATE", "1/m")
        address = f"/individuals/{hand_bred(genome=MARKED).pk}/{file}"
        assert [client.get(address).status_code for _ in range(2)] == [200, 429]

    def test_of_other_methods(self, file: str, client: Client) -> None:
        assert client.post(f"/individuals/1/{file}").status_code == 405


class TestThePicbreederFile:
    def test_reads_again_as_the_same_genome(self, client: Client) -> None:
        one = hand_bred(genome=MARKED)
        response = client.get(f"/individuals/{one.pk}/genome.xml")
        assert response.status_code == 200, response.content
        assert response["Content-Type"] == "application/xml"
        found = picbreeder.read(response.content).genome
        genome = codec.decode(MARKED)
        assert isinstance(genome, NeatGenome)
        assert np.array_equal(found.weights, genome.weights)
        assert np.array_equal(found.marks, genome.marks)

    def test_of_a_network_of_a_run_there_is_none(self, client: Client) -> None:
        response = client.get(f"/individuals/{machine_bred().pk}/genome.xml")
        assert response.status_code == 404
        assert "networks without markings" in response.content.decode()
