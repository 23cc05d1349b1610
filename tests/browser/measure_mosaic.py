"""A thousand cells of which fifty change each second, in Chromium. A measurement: `make latency`.

Takeovers are committed and announced by a thread here; an observer inside the page notes when each
new holder is in the document. Both read this machine's clock. Long tasks are the browser's own count
of everything that kept its main thread busy for 50 ms or more.
"""

import json
import threading
import time
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page, expect

from evolution import live
from evolution.models import Run
from tests.factories import make_large_run, take_cells

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SECONDS, A_SECOND, AT_ONCE = 8, 50, 50  # a run commits once a second at most
OBSERVER = """
window.seen = {}; window.long = []; window.frames = [];
new MutationObserver((changes) => {
  for (const { addedNodes } of changes) for (const node of addedNodes) {
    if (node.dataset?.of) window.seen[node.dataset.of] ??= Date.now();
  }
}).observe(document, { subtree: true, childList: true });
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.long.push([entry.startTime, entry.duration]);
}).observe({ type: "longtask", buffered: true });
"""
FRAMES = """() => {
  window.long = []; window.frames = []; let last = performance.now();
  const tick = (now) => { window.frames.push(now - last); last = now; requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
}"""


def take_over(run: Run, published: dict[str, float]) -> None:
    """A_SECOND takeovers a second, AT_ONCE in a generation, all over the archive."""
    began, generation = time.monotonic(), 1
    while time.monotonic() - began < SECONDS:
        cells = [(generation * AT_ONCE + n) * 7919 % 1000 for n in range(AT_ONCE)]
        take_cells(run, cells, generation)
        Run.objects.filter(pk=run.pk).update(generation=generation + 1)
        holders = run.elites.filter(since_generation=generation).values_list("individual_id")
        published |= {str(number): time.time() * 1000 for (number,) in holders}
        live.announce(run.pk)
        generation += 1
        time.sleep(max(0.0, began + generation * AT_ONCE / A_SECOND - time.monotonic()))
    connection.close()


def share(values: list[float], at: float) -> int:
    return round(sorted(values)[int(at * (len(values) - 1))]) if values else -1


@pytest.mark.parametrize("address", ["runs/{}/", "runs/{}/?order=confidence", ""])
@pytest.mark.parametrize("window", [(1280, 900, 1), (1280, 900, 4), (390, 844, 4)])
def test_measure(
    window: tuple[int, int, int],
    address: str,
    browser: Browser,
    site: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """window: width, height, and how many times slower its processor is made."""
    width, height, slower = window
    run = make_large_run(planned=5000)
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.add_init_script(OBSERVER)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.goto(f"{site}/{address.format(run.pk)}")
    page.locator("#mosaic").scroll_into_view_if_needed()
    expect(page.locator("[data-live]").first).to_have_text("live", timeout=20_000)
    page.wait_for_timeout(1000)
    result = {"page": address, "width": width, "slower": slower}
    result["opening_longest_ms"] = page.evaluate("Math.max(0, ...window.long.map((t) => t[1]))")
    page.evaluate(FRAMES)
    published: dict[str, float] = {}
    worker = threading.Thread(target=take_over, args=(run, published))
    worker.start()
    page.wait_for_timeout((SECONDS + 2) * 1000)
    worker.join()
    result |= figures(page, published)
    context.close()
    with capsys.disabled():
        print(json.dumps(result))  # noqa: T201


def figures(page: Page, published: dict[str, float]) -> dict[str, Any]:
    seen = page.evaluate("window.seen")
    long = [duration for _, duration in page.evaluate("window.long")]
    frames = page.evaluate("window.frames")
    late = [seen[number] - at for number, at in published.items() if number in seen]
    return {
        "takeovers": len(published),
        "shown": len(late),
        "p50_ms": share(late, 0.5),
        "p95_ms": share(late, 0.95),
        "long_tasks": len(long),
        "longest_ms": round(max(long, default=0)),
        "frame_p95_ms": share(frames, 0.95),
        "frame_max_ms": round(max(frames)),
    }
