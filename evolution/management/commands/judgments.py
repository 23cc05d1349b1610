"""Write all judgments into a file: one row an answer. What the columns mean: docs/judging-data.md."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from tqdm import tqdm

from evolution.errors import InvalidInput
from evolution.services.judging import exporting, parquet


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=("csv", "parquet"), required=True)
        parser.add_argument("--out", type=Path, required=True, metavar="FILE")
        parser.add_argument("--study", default="", metavar="NAME", help="of one study alone")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        try:
            chosen = exporting.study(options["study"])
            pieces = (
                parquet.pieces(chosen)
                if options["format"] == "parquet"
                else (text.encode() for text in exporting.csv_text(chosen))
            )
            _write(out, pieces)
        except InvalidInput as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}") from None
        self.stdout.write(f"{exporting.judgments(chosen).count():,} judgments are in {out}.")


def _write(out: Path, pieces: Iterator[bytes]) -> None:
    """The whole file or none: it gets its name when all is written."""
    unfinished = out.with_name(f".{out.name}.unfinished")
    try:
        with unfinished.open("wb") as file, tqdm(unit="B", unit_scale=True, disable=None) as bar:
            for piece in pieces:
                bar.update(file.write(piece))
        unfinished.replace(out)
    finally:
        unfinished.unlink(missing_ok=True)
