"""A genome that was damaged in the database costs its own picture and nothing else."""

import pytest
from django.test import Client

from evolution.models import Individual, Run
from tests.factories import cppn_bytes, make_archive, make_run

pytestmark = pytest.mark.django_db

DAMAGED = {
    "altered": cppn_bytes()[:-1] + bytes([cppn_bytes()[-1] ^ 0xFF]),
    "truncated": cppn_bytes()[:20],
    "rubbish": b"\x80\x04rubbish",
    "pruned": None,
}


@pytest.fixture(params=list(DAMAGED))
def damaged(request: pytest.FixtureRequest) -> Individual:
    run = make_run(status=Run.Status.RUNNING, generation=1)
    individual = make_archive(run)[4].individual
    Individual.objects.filter(pk=individual.pk).update(genome=DAMAGED[request.param])
    return individual


class TestADamagedGenome:
    def test_every_page_answers_all_the_same(self, client: Client, damaged: Individual) -> None:
        for path in ("/", "/runs/", f"/runs/{damaged.run_id}/", f"/individuals/{damaged.pk}/"):
            assert client.get(path).status_code == 200, path

    def test_its_picture_and_genome_are_gone_in_words(
        self, client: Client, damaged: Individual
    ) -> None:
        for path in (f"/pictures/{damaged.pk}/28.png", f"/individuals/{damaged.pk}/genome.json"):
            response = client.get(path)
            assert response.status_code == 410, path
            assert "genome" in response.content.decode()

    def test_other_pictures_are_still_drawn(self, client: Client, damaged: Individual) -> None:
        other = Individual.objects.exclude(pk=damaged.pk)[0]
        assert client.get(f"/pictures/{other.pk}/28.png").status_code == 200
