"""Write a whole run into a folder: genomes, pictures, tables, where everything came from."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from tqdm import tqdm

from evolution.errors import InvalidInput
from evolution.services import exporting, run_archives
from evolution.services.export_tables import Wish


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", type=int)
        parser.add_argument(
            "--out",
            type=Path,
            required=True,
            metavar="DIR",
            help="a new or an empty folder, or a new file NAME.zip",
        )
        parser.add_argument(
            "--size",
            type=int,
            help="side of the pictures in pixels (default: as networks saw them)",
        )
        parser.add_argument(
            "--history",
            action="store_true",
            help="pictures of all who ever held a cell, not of the champions alone",
        )
        parser.add_argument(
            "--champions",
            action="store_true",
            help="champions and their ancestors alone, without the reigns that ended",
        )
        parser.add_argument(
            "--lean", action="store_true", help="with --champions: ancestors without their genomes"
        )
        parser.add_argument(
            "--no-pictures", action="store_true", help="genomes alone, from which they can be drawn"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object on the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        try:
            wish = Wish(
                side=options["size"],
                history=options["history"],
                champions=options["champions"],
                lean=options["lean"],
                pictures=not options["no_pictures"],
            )
            with tqdm(unit="row", disable=None) as bar:

                def progress(done: int, total: int) -> None:
                    bar.total = total
                    bar.update(done - bar.n)

                packed = out.suffix == run_archives.ENDING and not out.is_dir()
                export = exporting.export_as_archive if packed else exporting.export
                counts = export(options["run"], out, wish, progress)
        except InvalidInput as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}") from None
        except KeyboardInterrupt:
            raise CommandError("stopped; nothing was left behind") from None
        told = {"run": options["run"], "folder": str(out), **counts}
        self.stdout.write(json.dumps(told) if options["json"] else _sentence(told))


def _sentence(told: dict[str, Any]) -> str:
    return (
        f"Run {told['run']} is in {told['folder']}: {told['individuals']:,} individuals, "
        f"{told['elites']:,} reigns, {told['predictions']:,} predictions, {told['pictures']:,} pictures."
    )
