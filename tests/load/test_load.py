"""The measurement of the web side, tiny: so that `make bench-web` works when somebody wants it."""

import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from evolution import live
from evolution.exhibits import changes
from evolution.models import Run
from tests.factories import make_archive, make_large_run, make_prediction, make_run, take_cells
from tests.load import pages, watching
from tests.load.__main__ import PAGES, VIEWERS, _say
from tests.load.filling import Filled
from tests.load.product import ask
from tests.processes import Processes
from tests.study_factories import make_study_of_runs, note_statistics

pytestmark = pytest.mark.django_db(transaction=True)


def site(processes: Processes) -> Any:
    """A running site with the two attributes that a measurement needs of the product."""
    port = int(processes.start_site().rpartition(":")[2])
    return SimpleNamespace(port=port, web=processes.running["web"].pid)


def test_every_page_is_asked_and_answers(
    processes: Processes, capsys: pytest.CaptureFixture[str]
) -> None:
    large, digits = make_large_run(120, status="finished"), make_run(status="finished")
    for elite in make_archive(digits):
        make_prediction(elite.individual)
    individuals = list(large.elites.values_list("individual", flat=True)[:3])
    note_statistics(digits, 3)
    study = make_study_of_runs([digits], status="paused")
    product = site(processes)
    names = set()
    for page in pages.pages(Filled(large, digits, study.pk, individuals), product.port):
        for row in pages.measure(page, product, requests=4, seconds=20):
            assert row["requests"] == (3 if page.is_cold else 4)
            assert set(row["statuses"]) == {"304" if "304" in page.name else "200"}, page.name
            assert 0 < row["p50_ms"] <= row["p95_ms"] <= row["p99_ms"]
            _say(PAGES, row)
            names.add(row["page"])
    assert len(names) == 21
    assert capsys.readouterr().err.count("\n") == 2 * len(names)


def test_viewers_are_told_of_commits(processes: Processes) -> None:
    run = make_large_run(120)
    version = changes.run_version(run)
    product = site(processes)
    committed: dict[int, float] = {}

    def commit() -> None:
        for generation in range(1, 12):
            take_cells(run, [generation], generation)
            committed[generation + 1] = 1000 * time.time()
            live.announce(run.pk)
            time.sleep(0.5)
        connection.close()

    worker = threading.Thread(target=commit)
    worker.start()
    order = {
        "port": product.port, "path": f"/live/runs/{run.pk}?since={version}",
        "viewers": 3, "seconds": 4.0,
    }  # fmt: skip
    seen = ask("viewers", order, 60)
    worker.join()
    row = watching.summary(seen, committed)
    assert row["commits"] >= 1
    assert (row["missed"], row["lost"]) == (0, 0)
    assert 0 < row["p50_ms"] <= row["p95_ms"] <= row["max_ms"] < 3000
    _say(VIEWERS, row | {"viewers": 3, "web_share": 0, "machine_share": 0, "web_megabytes": 0})


def test_a_commit_is_told_by_the_first_frame_that_is_as_new() -> None:
    frames = [[(3, 1010.0), (6, 1400.0)], [(5, 1200.0)]]
    seen = {
        "began_ms": 1000.0, "ended_ms": 9000.0, "frames": frames, "lost": 0, "joined_s": 0.1,
        "bytes": 1.0, "client_share": 0.0,
    }  # fmt: skip
    row = watching.summary(seen, {2: 999.0, 3: 1000.0, 5: 1100.0, 6: 1300.0, 7: 8000.0})
    assert row["commits"] == 3
    assert row["missed"] == 1  # generation 6 never came to the second viewer
    assert row["max_ms"] == 300.0
    assert Run.objects.count() == 0
