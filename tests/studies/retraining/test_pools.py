"""The archives of a run as they were, drawn as the network saw them."""

import numpy as np
import pytest

from evolution import phenotypes
from evolution.errors import InvalidInput
from evolution.genomes import codec
from evolution.models import Individual, Run
from evolution.services import runs
from evolution.studies.retraining import pools
from tests.services.test_evolving import evolve

pytestmark = pytest.mark.django_db(transaction=True)


def finished(generations: int) -> Run:
    (run,) = runs.start(runs.Order("mnist-cppn-paper", "lenet-a", seed=3, generations=generations))
    evolve(run)
    return run


def genomes(individuals: list[int]) -> list[bytes]:
    return [bytes(Individual.objects.get(pk=number).genome or b"") for number in individuals]


def test_the_first_archive_is_the_final_one_of_a_run_of_one_generation() -> None:
    short, long = finished(1), finished(6)
    assert genomes(pools.holders(long.pk, pools.FIRST)) == genomes(pools.holders(short.pk))
    assert pools.holders(long.pk, pools.FIRST) != pools.holders(long.pk)
    first, final = pools.of_runs([short.pk, long.pk], lambda: None)
    assert (len(first), len(final)) == (20, 20)


def test_pictures_are_those_that_the_site_shows() -> None:
    holders = pools.holders(finished(2).pk)
    drawn = pools.pictures([*holders, holders[0]], 28, lambda: None)
    shown = [phenotypes.express(codec.decode(genome), 28) for genome in genomes(holders)]
    np.testing.assert_array_equal(drawn, np.stack([*shown, shown[0]]))


def test_a_genome_that_is_gone_is_named() -> None:
    holders = pools.holders(finished(1).pk)
    Individual.objects.filter(pk=holders[0]).update(genome=None)
    with pytest.raises(InvalidInput, match=f"expected a kept genome of No. {holders[0]}"):
        pools.pictures(holders, 28, lambda: None)
