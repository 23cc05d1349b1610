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

PRESETS = (
    "mnist-direct-paper",
    "mnist-cppn-paper",
    "mnist-direct-published",
    "mnist-cppn-published",
)


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--classifier", default="lenet-a")
        parser.add_argument("--generations", type=int, default=100)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        from evolution import benchmarks

        figures = list(benchmarks.parts())
        for name in PRESETS:
            *bare, _ = found = list(
                benchmarks.loop(name, options["classifier"], options["generations"])
            )
            figures += found
            stored = _as_the_product_runs_it(name, options["classifier"], options["generations"])
            figures.append(
                benchmarks.Figure(
                    "stored run against bare loop", 100 * stored / bare[0].value, "%", name
                )
            )
        if options["json"]:
            self.stdout.write(json.dumps([asdict(figure) for figure in figures]))
            return
        for figure in figures:
            self.stdout.write(
                f"{figure.value:12,.1f} {figure.unit:4} {figure.name}  ({figure.conditions})"
            )


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
