"""Many cells change hands at once: their pictures first, how the run stands with the last of them."""

from collections.abc import Callable

import pytest

from evolution.exhibits import changes
from evolution.exhibits.changes import Changes
from evolution.models import Run
from tests.factories import make_large_run, take_cells

pytestmark = pytest.mark.django_db


def told(look: Callable[[str], Changes], since: str) -> list[Changes]:
    """All that a page is told until it knows everything."""
    parts = [look(since)]
    while parts[-1].more:
        parts.append(look(parts[-1].version))
    return parts


def has_figures(part: Changes) -> bool:
    return 'id="facts"' in part.html and 'id="plot"' in part.html


def is_full(part: Changes) -> bool:
    return part.html.count('class="cell') == changes.MOST_TILES


@pytest.fixture
def run() -> Run:
    return make_large_run(60)


def advance(run: Run, generations: int = 1) -> None:
    Run.objects.filter(pk=run.pk).update(generation=run.generation + generations)
    run.refresh_from_db()


class TestARunsPage:
    def test_hears_of_figures_once_a_burst(self, run: Run) -> None:
        since = changes.run_version(run)
        take_cells(run, range(45), generation=1)
        advance(run)
        parts = told(lambda version: changes.run_changes(run.pk, version), since)
        assert [has_figures(part) for part in parts] == [False, False, True]
        assert [is_full(part) for part in parts] == [True, True, False]
        assert parts[-1].version == changes.run_version(run)

    def test_is_not_kept_waiting_by_a_run_that_never_rests(self, run: Run) -> None:
        since = changes.run_version(run)
        take_cells(run, range(45), generation=1)
        advance(run, changes.FAR_BEHIND)
        first = changes.run_changes(run.pk, since)
        assert first.more
        assert has_figures(first)

    def test_hears_that_the_run_ended_with_the_last_cells(self, run: Run) -> None:
        since = changes.run_version(run)
        take_cells(run, range(30), generation=1)
        Run.objects.filter(pk=run.pk).update(status=Run.Status.PAUSED, generation=2)
        first, last = told(lambda version: changes.run_changes(run.pk, version), since)
        assert "paused" not in first.html
        assert "paused" in last.html


class TestTheGallery:
    def test_hears_of_figures_once_a_burst(self, run: Run) -> None:
        since = changes.gallery_version()
        take_cells(run, range(45), generation=1)
        advance(run)
        parts = told(changes.gallery_changes, since)
        assert [has_figures(part) for part in parts] == [False, False, True]
        assert sum(part.html.count('<figure class="tile') for part in parts) == 45
        assert parts[-1].version == changes.gallery_version()
        strips = [part.html.count('id="takeovers"') for part in parts]
        assert strips == [0, 0, 1]
