"""From a click on Evolve to a whole new brood, in a real browser, idle and beside a run.

Networks of a given number of nodes are bred, since that is what takes the time.
"""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, sync_playwright

from evolution.genomes import codec
from evolution.genomes.base import Expression
from evolution.genomes.markings import Link, Node
from evolution.genomes.neat import IDENTITY, NEAT_ACTIVATIONS, NeatGenome
from tests.load.product import Product
from tests.load.visitors import share

NODES = 40
LINKS = 110
STEPS = 100
PAUSE = 0.3  # seconds between steps: nobody picks faster
FUNCTIONS = ("identity", "sine", "cosine", "bipolar gaussian", "sigmoid")
CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")

# Done when every picture of another step is decoded and a frame was painted.
EVOLVE = """(slots) => new Promise((done) => {
  for (const slot of slots) document.querySelector(`#pick-${slot}`).click();
  const step = document.querySelector("#breed").dataset.step;
  const began = performance.now();
  const look = async () => {
    const form = document.querySelector("#breed");
    if (form.dataset.step === step) return setTimeout(look, 2);
    const pictures = [...form.querySelectorAll(".pick img")];
    await Promise.all(pictures.map((picture) => picture.decode()));
    requestAnimationFrame(() => done([performance.now() - began, pictures.length]));
  };
  document.querySelector("#evolve").click();
  setTimeout(look, 2);
})"""


def measure(product: Product, steps: int = STEPS) -> Iterator[dict[str, Any]]:
    """One row idle, one beside an evolution that goes on."""
    # Playwright's loop runs in this thread, where Django would otherwise refuse its ORM.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        path = next(path for path in CHROMIUM if Path(path).exists())
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        _begin(page, f"http://127.0.0.1:{product.port}")
        yield _row("idle", page, steps)
        run = _start_run()
        yield _row("a run goes on", page, steps)
        browser.close()
    _cancel(run)


def network(seed: int = 0) -> NeatGenome:
    """A random network in colour of NODES nodes."""
    rng = np.random.default_rng(seed)
    nodes = [Node((1, number), IDENTITY, 0.0, 0) for number in range(4)]
    for number in range(4, NODES):
        function = NEAT_ACTIVATIONS.index(str(rng.choice(FUNCTIONS)))
        nodes.append(Node((1, number), function, 0.0, 0))
    ends: set[tuple[int, int]] = set()
    while len(ends) < LINKS:
        source, target = sorted(rng.integers(0, NODES, 2).tolist())
        if target >= 4 and source != target:
            ends.add((source, target))
    links = [
        Link((2, number), (1, source), (1, target), float(rng.uniform(-3, 3)))
        for number, (source, target) in enumerate(sorted(ends))
    ]
    outputs = [(1, NODES - 3), (1, NODES - 2), (1, NODES - 1)]
    return NeatGenome.assembled(Expression("site", 256, "hsb"), nodes, links, outputs)


def _begin(page: Page, site: str) -> None:
    page.goto(f"{site}/breed/")
    page.get_by_text("Begin with a file").click()
    content = json.dumps(codec.to_json(network())).encode()
    page.set_input_files(
        'input[type="file"]',
        {"name": "network.json", "mimeType": "application/json", "buffer": content},
    )
    page.get_by_role("button", name="Open").click()
    page.wait_for_selector("#breed")
    page.evaluate(EVOLVE, [])  # the only picture is picked already


def _row(beside: str, page: Page, steps: int) -> dict[str, Any]:
    rng = np.random.default_rng(1)
    seen, n_pictures = [], 0
    for _ in range(steps):
        slots = rng.choice(15, 2, replace=False).tolist()
        milliseconds, n_pictures = page.evaluate(EVOLVE, slots)
        seen.append(milliseconds)
        time.sleep(PAUSE)
    return {
        "beside": beside,
        "steps": steps,
        "pictures": n_pictures,
        "nodes": NODES,
        **{f"p{at}_ms": share(seen, at / 100) for at in (50, 95, 99)},
        "max_ms": max(seen),
    }


def _start_run() -> int:
    from evolution import tasks
    from evolution.services import runs
    from evolution.services.runs import Order

    (run,) = runs.start(Order("imagenet-cppn-fast", "squeezenet", seed=int(time.time())))
    tasks.evolve_slice.delay(run.pk, 0)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        run.refresh_from_db()
        if run.generation > 1:
            return run.pk
        time.sleep(0.2)
    raise RuntimeError("the run did not begin")


def _cancel(run_id: int) -> None:
    from evolution.services import runs

    runs.cancel(run_id)
