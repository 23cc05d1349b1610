"""From a worker's commit to the changed page in Chromium. A measurement, not a test: `make latency`.

The commit is seen by polling the database every few milliseconds, the change by an observer inside
the page; both read this machine's clock.
"""

import json
import statistics
import time
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from evolution.models import Run
from evolution.services import runs
from evolution.services.runs import Order
from tests.processes import Processes, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SECONDS = 40
FAST = Order("mnist-direct-paper", "lenet-a", seed=2, generations=20_000)
OBSERVER = """
window.seen = [];
new MutationObserver(() => {
  const version = document.querySelector("#version")?.getAttribute("hx-get") ?? "";
  const generation = /%3A(\\d+)/.exec(version.split("%3D").pop())?.[1];
  if (generation && generation !== window.seen.at(-1)?.[0]) window.seen.push([generation, Date.now()]);
}).observe(document, { subtree: true, childList: true, attributes: true });
"""


@pytest.mark.parametrize("pace", [None, 5.0])
def test_measure(
    pace: float | None,
    page: Page,
    site: str,
    processes: Processes,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (run,) = runs.start(replace(FAST, pace=pace))
    processes.environment["SLICE_SECONDS"] = "20"
    processes.start_worker()
    processes.start_scheduler()
    wait_for(lambda: Run.objects.filter(pk=run.pk, generation__gt=1).exists(), 60, "the run")
    page.add_init_script(OBSERVER)
    page.goto(f"{site}/runs/{run.pk}/")
    expect(page.locator("[data-live]").first).to_have_text("live")
    committed: dict[str, float] = {}
    deadline = time.time() + SECONDS
    while time.time() < deadline:
        generation = Run.objects.values_list("generation", flat=True).get(pk=run.pk)
        committed.setdefault(str(generation), time.time() * 1000)
        time.sleep(0.003)
    page.wait_for_timeout(1000)
    seen = page.evaluate("window.seen")
    late = sorted(at - committed[generation] for generation, at in seen if generation in committed)
    p95 = late[int(0.95 * len(late))]
    result = {
        "pace": pace,
        "updates": len(late),
        "p50_ms": round(statistics.median(late)),
        "p95_ms": round(p95),
        "max_ms": round(late[-1]),
    }
    with capsys.disabled():
        print(json.dumps(result))  # noqa: T201
