"""Small pictures that were stored: they serve walls, and what is left of a pruned genome."""

import base64
from io import BytesIO

import pytest
from django.test import Client
from PIL import Image

from evolution.exhibits.tiles import tiles
from evolution.models import Elite, Individual
from tests.factories import make_elite, make_individual, make_run

pytestmark = pytest.mark.django_db


def webp(colour: str) -> bytes:
    file = BytesIO()
    Image.new("RGB", (64, 64), colour).save(file, "WEBP")
    return file.getvalue()


@pytest.fixture
def individual() -> Individual:
    run = make_run("imagenet-cppn-fast", classifier="squeezenet", generation=1)
    found = make_individual(run, thumbnail=webp("red"))
    make_elite(run, 3, individual=found)
    return found


def test_a_tile_carries_the_stored_picture(individual: Individual) -> None:
    (tile,) = tiles(Elite.objects.all())
    address = base64.b64encode(webp("red")).decode()
    assert tile.picture == f"data:image/webp;base64,{address}"


def test_a_tile_does_not_read_the_genome(individual: Individual) -> None:
    Individual.objects.update(genome=b"damaged")
    (tile,) = tiles(Elite.objects.all())
    assert tile.picture


def test_a_pruned_one_is_still_served(client: Client, individual: Individual) -> None:
    Individual.objects.update(genome=None)
    answer = client.get(f"/pictures/{individual.pk}/64.webp")
    assert answer.content == webp("red")
    assert answer["Content-Type"] == "image/webp"
    assert "immutable" in answer["Cache-Control"]
    assert client.get(f"/pictures/{individual.pk}/256.png").status_code == 410


def test_the_page_of_a_pruned_one_shows_it(client: Client, individual: Individual) -> None:
    Individual.objects.update(genome=None)
    page = client.get(f"/individuals/{individual.pk}/").content.decode()
    assert f'src="/pictures/{individual.pk}/64.webp"' in page
    assert "Only this small picture was kept" in page
