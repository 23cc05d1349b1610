"""Fragments that are kept: the same as new ones, never older than their version, never needed."""

from typing import Any

import pytest
from django.core.cache import cache

from evolution.exhibits import changes, mosaics
from evolution.exhibits.mosaics import View
from evolution.models import Run
from tests.factories import make_large_run, take_cells

pytestmark = pytest.mark.django_db


def wall(run: Run, **view: str) -> str:
    found = Run.objects.get(pk=run.pk)
    return str(mosaics.archive(found, changes.run_version, View(**view))["mosaic"].wall)


def test_a_version_is_put_together_once(monkeypatch: pytest.MonkeyPatch) -> None:
    run = make_large_run(120)
    first = wall(run)
    monkeypatch.setattr(mosaics, "mosaic", None)
    assert wall(run) == first


def test_another_version_is_put_together_anew() -> None:
    run = make_large_run(120)
    first = wall(run)
    take_cells(run, [5], 1)
    holder = run.elites.holders().get(cell=5).individual_id
    assert f'data-of="{holder}"' not in first
    assert f'data-of="{holder}"' in wall(run)


def test_a_view_of_ones_own_is_not_taken_from_others() -> None:
    run = make_large_run(120)
    assert wall(run) != wall(run, order="confidence")


def test_without_a_cache_it_is_made_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    run = make_large_run(120)
    first = wall(run)

    def away(*asked: Any, **named: Any) -> Any:
        raise ConnectionError

    monkeypatch.setattr(cache, "get", away)
    monkeypatch.setattr(cache, "set", away)
    assert wall(run) == first
