"""Measure the parts and the whole of a run on this machine (make bench)."""

import json
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand

from evolution.services.runs import usual_classifier

DIGITS = (
    "mnist-direct-paper",
    "mnist-cppn-paper",
    "mnist-direct-published",
    "mnist-cppn-published",
)
COLOUR = ("imagenet-cppn-fast", "imagenet-direct-fast")
A_FEW = 4  # generations of these: a thousand pictures judged take ten seconds


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--generations", type=int, default=100, help="of the runs on digits")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        from evolution import benchmarks

        figures = list(benchmarks.parts())
        for device in benchmarks.devices():
            figures += benchmarks.renders(device)
            figures += benchmarks.evaluations(device)
        for name in (*DIGITS, *COLOUR):
            generations = options["generations"] if name in DIGITS else A_FEW
            figures += _runs(name, generations)
        if options["json"]:
            self.stdout.write(json.dumps([asdict(figure) for figure in figures]))
            return
        for figure in figures:
            self.stdout.write(
                f"{figure.value:12,.1f} {figure.unit:4} {figure.name}  ({figure.conditions})"
            )


def _runs(preset: str, generations: int) -> list[Any]:
    """The bare loop of a preset, and the same as a stored run against it."""
    from evolution import benchmarks

    classifier = usual_classifier(preset)
    *bare, _ = found = list(benchmarks.loop(preset, classifier, generations))
    stored = _as_the_product_runs_it(preset, classifier, generations)
    share = 100 * stored / bare[0].value
    return [*found, benchmarks.Figure("stored run against bare loop", share, "%", preset)]


def _as_the_product_runs_it(preset: str, classifier: str, generations: int) -> float:
    """Evaluations a second of a run in a database of its own, commits included."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "FOOLBREEDER_DATA": folder, "DATABASE_URL": ""}

        def manage(*arguments: str) -> str:
            return subprocess.run(
                [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments],
                env=environment,
                check=True,
                capture_output=True,
                text=True,
            ).stdout

        manage("migrate", "--verbosity", "0")
        order = ["evolve", preset, "--classifier", classifier, "--generations", str(generations)]
        result = json.loads(manage(*order, "--json").splitlines()[-1])
        return float(result["evaluations"] / result["seconds"])
