"""The first start of a site."""

from pathlib import Path

import pytest

from evolution.models import Individual, Run
from evolution.services import exporting, runs, starter
from evolution.services.export_tables import Wish
from tests.services.test_evolving import evolve, start

pytestmark = pytest.mark.django_db(transaction=True)

LARGEST = 3_000_000  # bytes of the whole collection


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """A collection of one run, which is not here."""
    run = start()
    evolve(run)
    wish = Wish(champions=True, pictures=False)
    exporting.export_as_archive(run.pk, tmp_path / "digits.zip", wish)
    runs.delete([run.pk])
    return tmp_path


def test_a_new_site_begins_with_the_collection_and_two_runs_to_watch(collection: Path) -> None:
    digits, colour = starter.furnish(collection)
    assert (digits.status, colour.status) == (Run.Status.QUEUED, Run.Status.QUEUED)
    imported = Run.objects.exclude(pk__in=[digits.pk, colour.pk]).get()
    assert imported.status == Run.Status.FINISHED
    assert imported.elites.holders().count() == 10


def test_it_happens_once(collection: Path) -> None:
    starter.furnish(collection)
    assert starter.furnish(collection) == []
    assert Run.objects.count() == 3
    Run.objects.update(status=Run.Status.CANCELLED, finished_at="2026-01-01T00:00:00Z")
    runs.delete([Run.objects.order_by("pk").last().pk])  # type: ignore[union-attr]
    assert starter.furnish(collection) == []


def test_a_collection_that_is_damaged_leaves_nothing_behind(collection: Path) -> None:
    (collection / "z.zip").write_bytes(b"nothing")
    with pytest.raises(Exception, match="expected a ZIP file"):
        starter.furnish(collection)
    assert not Run.objects.exists()
    assert not Individual.objects.exists()


def test_the_collection_of_the_project_is_small_and_whole() -> None:
    found = starter.archives()
    assert sum(path.stat().st_size for path in found) < LARGEST
    demonstration = starter.furnish()
    assert len(demonstration) == 2
    imported = Run.objects.exclude(pk__in=[run.pk for run in demonstration])
    assert imported.count() == len(found)
    assert not imported.exclude(status=Run.Status.FINISHED).exists()
    assert not imported.filter(notice__contains="Imported: it was judged").exists()
