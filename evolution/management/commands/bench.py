"""Measure the parts and the whole of a run on this machine (make bench)."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", type=Path, metavar="FILE", help="write everything there too")
        parser.add_argument("--markdown", action="store_true", help="the table as in the docs")
        parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="some parts")
        parser.add_argument("--quick", action="store_true", help="fewer repeats: rough figures")

    def handle(self, *args: Any, **options: Any) -> None:
        # torch and the kernels are imported when they are measured, not for a look at --help.
        from evolution.benchmarks import interleaved, peers, suite, tables
        from evolution.benchmarks.machine import machine, sentence

        wanted = options["only"] or list(suite.PARTS)
        if unknown := [name for name in wanted if name not in suite.PARTS]:
            raise CommandError(
                f"--only: expected some of {', '.join(suite.PARTS)}; got {', '.join(unknown)}"
            )
        if options["json"]:
            _expect_writable(options["json"])
        found, figures = machine(), []
        for name in wanted:
            self.stderr.write(f"{name} ...")
            scope = interleaved.QUICK if options["quick"] else interleaved.FULL
            figures += list(suite.PARTS[name](scope))
        if options["json"]:
            result = {"machine": found, "figures": [figure.as_json() for figure in figures]}
            options["json"].write_text(json.dumps(result, indent=1) + "\n")
        draw = tables.markdown if options["markdown"] else tables.text
        self.stdout.write(sentence(found))
        if missing := peers.missing():
            self.stdout.write(f"Not installed, so not compared: {', '.join(missing)}.")
        self.stdout.write(f"\n{draw(figures)}")


def _expect_writable(file: Path) -> None:
    """Refuse now what would otherwise be found out after minutes of measuring."""
    try:
        file.open("a").close()
    except OSError as error:
        raise CommandError(f"--json: expected a file that can be written, got {error}") from None
