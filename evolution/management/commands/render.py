"""Draw a genome as a PNG file.

GENOME: our JSON, packed bytes, or Picbreeder's XML, as it is, in a zip or as CPPN-X saves it.
"""

import json
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from evolution import phenotypes
from evolution.genomes import files
from evolution.genomes.base import MAX_SIDE, BadGenome
from evolution.genomes.codec import AnyGenome
from evolution.genomes.neat import NeatGenome

CONVENTIONS = ("site", "fer")


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("genome", type=Path, metavar="GENOME")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="a PNG file")
        parser.add_argument("--size", type=int, default=256, help="pixels a side")
        parser.add_argument(
            "--convention",
            choices=CONVENTIONS,
            help="how a genome of Picbreeder is drawn; as it is stored unless given, "
            "and files of Picbreeder as on the site",
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        size, out = options["size"], options["out"]
        if not 1 <= size <= MAX_SIDE:
            raise CommandError(f"--size: expected 1 to {MAX_SIDE} pixels, got {size}")
        found = read(options["genome"])
        genome = conventional(found.genome, options["convention"])
        try:
            out.write_bytes(phenotypes.png(phenotypes.express(genome, size)))
        except OSError as error:
            raise CommandError(f"--out: {out} cannot be written: {error.strerror}") from None
        told = {
            "out": str(out),
            "size": size,
            "encoding": genome.encoding,
            "convention": convention(genome),
            "notes": list(found.notes),
        }
        self.stdout.write(json.dumps(told) if options["json"] else _sentence(told))


def read(path: Path) -> files.Found:
    """Read a genome's file; links that close a cycle are left out. Raises CommandError."""
    try:
        with path.open("rb") as file:
            content = file.read(files.MAX_FILE + 1)
        return files.read(content, cycles="cut")
    except OSError as error:
        raise CommandError(f"GENOME: {path} cannot be read: {error.strerror}") from None
    except BadGenome as error:
        raise CommandError(f"GENOME: {path}: {error}") from None


def convention(genome: AnyGenome) -> str | None:
    """How a genome of Picbreeder is drawn; None for another one."""
    if isinstance(genome, NeatGenome) and genome.expression.coordinates in CONVENTIONS:
        return genome.expression.coordinates
    return None


def conventional(genome: AnyGenome, wanted: Any) -> AnyGenome:
    """Return the genome as it is drawn by this convention, or as it is. Raises CommandError."""
    if wanted is None:
        return genome
    if not isinstance(genome, NeatGenome) or convention(genome) is None:
        raise CommandError("--convention: expected a genome of Picbreeder, got one of a run")
    return replace(genome, expression=replace(genome.expression, coordinates=wanted))


def _sentence(told: dict[str, Any]) -> str:
    drawn = f", drawn as {told['convention']}" if told["convention"] else ""
    first = f"{told['out']}: {told['size']} x {told['size']} pixels, {told['encoding']}{drawn}"
    return "\n".join([first, *(f"Note: {note}." for note in told["notes"])])
