"""Store a run from a folder that export_run wrote. What does not fit together is refused."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from tqdm import tqdm

from evolution.errors import InvalidInput
from evolution.models import Run
from evolution.services import importing


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="or a ZIP file of one")
        parser.add_argument(
            "--again", action="store_true", help="import a copy though the run is here already"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object on the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        try:
            with tqdm(unit="row", disable=None) as bar:

                def progress(done: int, total: int) -> None:
                    bar.total = total
                    bar.update(done - bar.n)

                read = importing.read_archive if folder.is_file() else importing.read
                run = read(folder, again=options["again"], progress=progress)
        except InvalidInput as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{folder} cannot be read: {error.strerror}") from None
        except KeyboardInterrupt:
            raise CommandError("stopped; nothing was imported") from None
        told = summary(run)
        self.stdout.write(json.dumps(told) if options["json"] else _sentence(told))


def summary(run: Run) -> dict[str, Any]:
    return {
        "run": run.pk,
        "preset": run.preset,
        "classifier": run.classifier,
        "seed": run.seed,
        "status": run.status,
        "generation": run.generation,
        "individuals": run.individuals.count(),
        "elites": run.elites.count(),
    }


def _sentence(told: dict[str, Any]) -> str:
    paused = ": evolve --resume goes on with it" if told["status"] == Run.Status.PAUSED else ""
    return (
        f"Run {told['run']}: {told['preset']} against {told['classifier']}, {told['individuals']:,} "
        f"individuals, {told['status']}{paused}."
    )
