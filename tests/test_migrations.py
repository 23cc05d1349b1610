"""Rows of before keep what they knew."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE, AFTER = ("evolution", "0002_large_pictures"), ("evolution", "0003_stages_engine_screening")


def test_seconds_inside_the_network_become_a_stage_and_come_back() -> None:
    executor = MigrationExecutor(connection)
    latest = executor.loader.graph.leaf_nodes()
    old = executor.migrate([BEFORE]).apps.get_model("evolution", "Run")
    fields = {
        "preset": "mnist-cppn-paper", "parameters": {}, "encoding": "cppn", "algorithm": "map-elites",
        "classifier": "lenet-a", "classifier_version": "0" * 12, "status": "finished", "planned": 1,
        "finished_at": timezone.now(),
    }  # fmt: skip
    worked = old.objects.create(seed=1, elapsed=4.0, forward_seconds=3.25, **fields)
    idle = old.objects.create(seed=2, **fields)
    try:
        executor = MigrationExecutor(connection)
        new = executor.migrate([AFTER]).apps.get_model("evolution", "Run")
        assert new.objects.get(pk=worked.pk).stages == {"forward": 3.25}
        assert new.objects.get(pk=idle.pk).stages == {}
        executor = MigrationExecutor(connection)
        old = executor.migrate([BEFORE]).apps.get_model("evolution", "Run")
        assert old.objects.get(pk=worked.pk).forward_seconds == 3.25
    finally:
        old.objects.all().delete()
        MigrationExecutor(connection).migrate(latest)
