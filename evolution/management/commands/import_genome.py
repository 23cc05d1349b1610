"""Begin breeding with a genome from a file, as the site does with one that is uploaded.

GENOME: our JSON, packed bytes, or Picbreeder's XML, as it is, in a zip or as CPPN-X saves it.
"""

import json
import uuid
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management import BaseCommand, CommandError
from django.urls import reverse

from evolution.errors import InvalidInput
from evolution.genomes.codec import AnyGenome
from evolution.genomes.direct import DirectGenome
from evolution.genomes.files import Found
from evolution.genomes.pixels import PixelGenome
from evolution.management.commands.render import convention, read
from evolution.management.commands.sign_in_link import active
from evolution.models import BreedingSession
from evolution.services import accounts, breeding
from evolution.services.breeding import Beginning
from evolution.services.visitors import Visitor


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("genome", type=Path, metavar="GENOME")
        parser.add_argument("--title", help="what the session calls it (default: the file's name)")
        parser.add_argument("--user", help="whose session it is (default: the operator's)")
        parser.add_argument(
            "--check", action="store_true", help="tell what is in the file, and begin nothing"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object on the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["genome"]
        found = read(file)
        told = facts(found)
        if not options["check"]:
            user = active(options["user"]) if options["user"] else accounts.operator()
            session = _begun(found, options["title"] or file.name, user)
            told |= {
                "session": reverse("breeding-session", args=[session.code]),
                "user": user.get_username(),
            }
        self.stdout.write(json.dumps(told) if options["json"] else _sentence(told))


def facts(found: Found) -> dict[str, Any]:
    """What is in the file, for programs."""
    genome = found.genome
    return {
        "encoding": genome.encoding,
        "convention": convention(genome),
        **_size(genome),
        "age": found.age,
        "notes": list(found.notes),
    }


def _size(genome: AnyGenome) -> dict[str, int]:
    if isinstance(genome, DirectGenome):
        return {"genes": genome.genes.size}
    if isinstance(genome, PixelGenome):
        return {"pixels": len(genome.pixels) ** 2}
    return {"nodes": genome.n_nodes, "links": len(genome.weights)}


def _begun(found: Found, title: str, user: User) -> BreedingSession:
    try:
        return breeding.begin_from_file(Visitor(uuid.uuid4(), user), found, title, Beginning())
    except InvalidInput as error:
        raise CommandError(str(error)) from None


def _sentence(told: dict[str, Any]) -> str:
    measures = ("genes", "pixels", "nodes", "links")
    size = ", ".join(f"{told[what]:,} {what}" for what in measures if what in told)
    age = "" if told["age"] is None else f", {told['age']:,} generations old"
    lines = [f"{told['encoding']}, {size}{age}.", *(f"Note: {note}." for note in told["notes"])]
    if "session" in told:
        lines.append(f"{told['user']} breeds from it at {told['session']}")
    return "\n".join(lines)
