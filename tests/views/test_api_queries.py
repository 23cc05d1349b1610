"""What answers to programs, and files of networks, ask the database, however much it holds."""

import uuid

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evolution.genomes import codec, picbreeder
from evolution.models import Rating, Tag
from tests.factories import (
    make_brood,
    make_elite,
    make_hand_bred,
    make_individual,
    make_prediction,
    make_publication,
    make_run,
    make_session,
)
from tests.genomes import picbreeder_samples

pytestmark = pytest.mark.django_db

# The name of an address, one such address, and the statements that it costs at most.
TO_PROGRAMS = {
    ("network-svg", "/individuals/{one}/network.svg"): 1,
    ("genome-xml", "/individuals/{hand_bred}/genome.xml"): 1,
    ("api-individual", "/api/1/individuals/{one}"): 7,
    ("api-individual", "/api/1/individuals/{hand_bred}"): 7,
    ("api-line", "/api/1/individuals/{one}/line"): 6,
    ("api-line", "/api/1/individuals/{hand_bred}/line"): 6,
    ("api-children", "/api/1/individuals/{one}/children"): 6,
    ("api-children", "/api/1/individuals/{first}/children"): 6,
    ("api-publications", "/api/1/publications"): 2,
    ("api-publications", "/api/1/publications?tag=moon&after={hand_bred}"): 3,
    ("api-runs", "/api/1/runs"): 1,
    ("api-run", "/api/1/runs/{run}"): 2,
    ("api-elites", "/api/1/runs/{run}/elites"): 2,
    ("api-elites", "/api/1/runs/{run}/elites?history=1&limit=100"): 2,
}
MARKED = codec.encode(picbreeder.read(picbreeder_samples.colour()).genome)


def make_line(steps: int) -> dict[str, int]:
    """Published pictures, each bred from the one before: the first, and the last but one."""
    tag, _ = Tag.objects.get_or_create(name="moon")
    brood = make_brood(make_session())
    first = published = make_publication(make_hand_bred(brood))
    for _ in range(steps):
        brood = make_brood(brood.session, brood)
        child = make_hand_bred(brood, parent=published.individual, encoding="neat", genome=MARKED)
        published = make_publication(child, branched_from=published)
        published.tags.add(tag)
        Rating.objects.create(publication=published, visitor=uuid.uuid4(), stars=3)
    assert published.branched_from is not None
    return {
        "first": first.individual_id,
        "hand_bred": published.branched_from.individual_id,
    }


def make_site(much: int) -> dict[str, int]:
    """A run whose first holder has a long line, children and predictions."""
    run = make_run(status="finished", generation=much + 5)
    parent = make_individual(run)
    for generation in range(1, much):
        parent = make_individual(run, generation=generation, parent=parent)
    one = make_individual(run, generation=much, parent=parent)
    for cell in range(10):
        make_elite(run, cell, individual=one, since_generation=much)
    for classifier in ("lenet-a", "lenet-b")[: 1 + much // 10]:
        make_prediction(one, classifier)
    for _ in range(much):
        make_individual(run, generation=much + 1, parent=one)
    return {"run": run.pk, "one": one.pk, **make_line(much)}


def statements(client: Client, address: str, much: int) -> int:
    place = address.format_map(make_site(much))
    cache.clear()
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(place)
    assert answer.status_code == 200, place
    return len(asked)


@pytest.mark.parametrize(("name", "address"), TO_PROGRAMS)
def test_is_bounded_and_does_not_grow(name: str, address: str, client: Client) -> None:
    few, many = statements(client, address, 3), statements(client, address, 60)
    assert few == many
    assert many <= TO_PROGRAMS[name, address]
