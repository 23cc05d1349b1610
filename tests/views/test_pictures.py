"""Pictures at any size: right, cached for ever, refused in words."""

import time
from io import BytesIO

import numpy as np
import pytest
from django.test import Client
from PIL import Image

from evolution import phenotypes
from evolution.genomes import codec
from evolution.models import Individual
from evolution.views import pictures
from evolution.views.bounds import Turns
from tests.factories import cppn_bytes, make_individual, make_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def individual() -> Individual:
    return make_individual(make_run())


def address(individual: Individual, size: object = 28, extension: str = "png") -> str:
    return f"/pictures/{individual.pk}/{size}.{extension}"


def pixels(content: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.asarray(Image.open(BytesIO(content)).convert("L"))


class TestPicture:
    @pytest.mark.parametrize("extension", ["png", "webp"])
    @pytest.mark.parametrize("size", [1, 28, 256, 700])
    def test_is_what_the_genome_expresses(
        self, client: Client, individual: Individual, size: int, extension: str
    ) -> None:
        answer = client.get(address(individual, size, extension))
        assert answer.status_code == 200
        assert answer["Content-Type"] == f"image/{extension}"
        expected = phenotypes.express(codec.decode(cppn_bytes(individual.position)), size)
        off = np.abs(pixels(answer.content).astype(int) - expected[:, :, 0])
        # A large WebP is for looking at; everything else is exact.
        assert off.mean() < 3 if extension == "webp" and size > 64 else not off.any()

    def test_of_a_direct_genome_is_enlarged(self, client: Client) -> None:
        individual = make_individual(make_run("mnist-direct-paper"))
        small = pixels(client.get(address(individual, 28)).content)
        large = pixels(client.get(address(individual, 56)).content)
        assert np.array_equal(large[::2, ::2], small)

    def test_small_ones_take_milliseconds(self, client: Client, individual: Individual) -> None:
        client.get(address(individual))  # the first request loads what all share
        taken = []
        for size in (28, 64, 256):
            started = time.perf_counter()
            client.get(address(individual, size))
            taken.append(time.perf_counter() - started)
        assert min(taken) < 0.1

    def test_can_be_downloaded(self, client: Client, individual: Individual) -> None:
        assert "Content-Disposition" not in client.get(address(individual))
        answer = client.get(address(individual) + "?download=1")
        name = f"foolbreeder-{individual.pk}-28.png"
        assert answer["Content-Disposition"] == f'attachment; filename="{name}"'


class TestCaching:
    def test_lasts_a_year_for_everybody(self, client: Client, individual: Individual) -> None:
        answer = client.get(address(individual))
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Cookie" not in answer.get("Vary", "")
        assert not answer.cookies

    def test_answers_304_to_who_has_it(self, client: Client, individual: Individual) -> None:
        etag = client.get(address(individual))["ETag"]
        again = client.get(address(individual), headers={"if-none-match": etag})
        assert (again.status_code, again.content) == (304, b"")
        assert again["Cache-Control"] == "public, max-age=31536000, immutable"

    def test_tells_sizes_formats_and_genomes_apart(
        self, client: Client, individual: Individual
    ) -> None:
        assert individual.run
        other = make_individual(individual.run)
        shown = [(individual, 28, "png"), (individual, 29, "png"), (individual, 28, "webp")]
        etags = {client.get(address(*one))["ETag"] for one in [*shown, (other, 28, "png")]}
        assert len(etags) == 4


class TestRefusal:
    @pytest.mark.parametrize("size", [0, 4097, 100_000, 10**30])
    def test_of_a_size_names_what_was_expected(
        self, client: Client, individual: Individual, size: int
    ) -> None:
        answer = client.get(address(individual, size))
        assert answer.status_code == 400
        assert answer.content.decode().startswith(
            "size: expected a whole number from 1 to 4096, got "
        )

    @pytest.mark.parametrize("size", ["abc", "-1", "1.5", "²"])
    def test_of_what_is_no_number(self, client: Client, individual: Individual, size: str) -> None:
        answer = client.get(address(individual, size))
        assert answer.status_code in (400, 404)

    def test_of_an_unknown_format(self, client: Client, individual: Individual) -> None:
        answer = client.get(address(individual, extension="gif"))
        assert answer.status_code == 404
        assert "expected png or webp, got gif" in answer.content.decode()

    @pytest.mark.parametrize("number", [404, 10**30])
    def test_of_an_unknown_individual(self, client: Client, number: int) -> None:
        answer = client.get(f"/pictures/{number}/28.png")
        assert answer.status_code == 404
        assert str(number) in answer.content.decode()

    def test_of_a_pruned_genome(self, client: Client) -> None:
        answer = client.get(address(make_individual(make_run(), genome=None)))
        assert answer.status_code == 410
        assert "was not kept" in answer.content.decode()
        assert answer["Cache-Control"] == "no-store"

    @pytest.mark.parametrize("genome", [b"", b"\xff" * 40, cppn_bytes()[:-3]])
    def test_of_a_damaged_genome(self, client: Client, genome: bytes) -> None:
        answer = client.get(address(make_individual(make_run(), genome=genome)))
        assert answer.status_code == 410
        assert "damaged" in answer.content.decode()

    def test_of_other_methods(self, client: Client, individual: Individual) -> None:
        assert client.post(address(individual)).status_code == 405


class TestLargePictures:
    def test_are_limited_for_each_visitor(
        self, client: Client, individual: Individual, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pictures, "LARGE_RATE", "2/m")
        assert [client.get(address(individual, 513)).status_code for _ in range(2)] == [200, 200]
        refused = client.get(address(individual, 513))
        assert refused.status_code == 429
        assert "2 pictures above 512 pixels a minute" in refused.content.decode()
        assert client.get(address(individual, 512)).status_code == 200

    def test_are_limited_further_where_they_take_seconds(
        self, client: Client, individual: Individual, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pictures, "HUGE", 600)  # the same limit, without the seconds
        monkeypatch.setattr(pictures, "HUGE_RATE", "1/m")
        assert client.get(f"/pictures/{individual.pk}/601.png").status_code == 200
        refused = client.get(f"/pictures/{individual.pk}/602.png")
        assert refused.status_code == 429
        assert "1 pictures above 600 pixels a minute" in refused.content.decode()
        assert client.get(f"/pictures/{individual.pk}/599.png").status_code == 200

    def test_are_drawn_two_at_a_time(
        self, client: Client, individual: Individual, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pictures, "_large_turns", Turns(at_once=2, seconds=0.01))
        with pictures._large_turns.one(), pictures._large_turns.one():
            busy = client.get(address(individual, 600))
        assert busy.status_code == 503
        assert "Try again" in busy.content.decode()
        assert client.get(address(individual, 600)).status_code == 200
