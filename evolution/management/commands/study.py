"""Re-run an experiment of the paper, in this terminal.

What was finished before is not done again: after an interruption, the same command goes on. On a site
that runs, its workers help with parts that this terminal has not begun.
"""

import contextlib
import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from tqdm import tqdm

from evolution import studies
from evolution.errors import ForbiddenTransition, InvalidInput
from evolution.exhibits.studies import listing, markdown, reports
from evolution.models import Study, StudyPart
from evolution.studies.base import Study as Definition
from evolution.studies.settings import Setting, settings_of
from evolution.studying import moving, planning, telling


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True)
        for name in studies.names():
            definition = studies.get(name)
            about = f"{definition.title} ({definition.section})"
            _add_options(kinds.add_parser(name, help=about, description=about), definition)
        listed = kinds.add_parser("list", help="all studies that were started, newest first")
        listed.add_argument("--json", action="store_true")
        told = "all results so far as one HTML page that needs nothing else"
        report = kinds.add_parser("report", help=told, description=told)
        report.add_argument(
            "--out",
            type=Path,
            required=True,
            metavar="FILE.html",
            help="or a file NAME.md: the numbers alone, in Markdown",
        )
        report.add_argument("--json", action="store_true")

    def handle(self, *args: Any, kind: str, **options: Any) -> None:
        if kind == "list":
            self._list(as_json=options["json"])
            return
        if kind == "report":
            self._report(options["out"], as_json=options["json"])
            return
        given = {
            one.name: options[one.name]
            for one in settings_of(studies.get(kind).parameters)
            if options[one.name] is not None
        }
        try:
            plan = planning.plan(kind, options["scale"] or "", given)
            if not options["json"]:
                self.stderr.write(planning.cost(plan).words)
            if options["dry_run"]:
                self._tell_cost(planning.cost(plan), as_json=options["json"])
                return
            study = self._begun(plan)
        except InvalidInput as error:
            raise CommandError(str(error)) from None
        self._work(study)
        study.refresh_from_db()
        if study.status != Study.Status.FINISHED:
            raise CommandError(f"study {study.pk} {study.status}: {study.error}".rstrip(": "))
        self._tell(study, as_json=options["json"])

    def _begun(self, plan: planning.Plan) -> Study:
        found = planning.unfinished(plan)
        if found is None:
            return planning.start(plan)
        return found if found.status == Study.Status.RUNNING else moving.resume(found.pk)

    def _work(self, study: Study) -> None:
        from evolution.studying import terminal  # torch and the kernels

        done = study.parts.filter(status=StudyPart.Status.DONE).count()
        with tqdm(total=study.parts.count(), initial=done, unit="part", disable=None) as bar:

            def note(finished: int, doing: str) -> None:
                bar.update(finished - bar.n)
                bar.set_postfix_str(doing[:40])

            try:
                terminal.work_through(study.pk, note)
            except KeyboardInterrupt:
                with contextlib.suppress(ForbiddenTransition):  # it ended in the same moment
                    moving.pause(study.pk)
                raise CommandError("stopped; the same command goes on") from None

    def _tell(self, study: Study, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(telling.as_json(study)))
        else:
            self.stdout.write(telling.as_text(study))

    def _tell_cost(self, cost: Any, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(vars(cost)))

    def _list(self, *, as_json: bool) -> None:
        found = [telling.row(study) for study in Study.objects.all()[:1000]]
        if as_json:
            self.stdout.write(json.dumps(found))
            return
        lines = [
            f"{row['study']}: {row['kind']} ({row['scale']}), {row['status']}, "
            f"{row['done']} of {row['parts']} parts"
            for row in found
        ]
        self.stdout.write("\n".join(lines) or "No study has been started yet.")

    def _report(self, out: Path, *, as_json: bool) -> None:
        listed = listing.rows()
        with tqdm(total=len(listed), unit="study", disable=None) as bar:

            def note(title: str) -> None:
                bar.update()
                bar.set_postfix_str(title[:40])

            try:
                page = markdown.page(listed) if out.suffix == ".md" else reports.page(listed, note)
                size = out.write_text(page, encoding="utf-8")
            except OSError as error:
                raise CommandError(f"{out}: {error.strerror or error}") from None
        total = listing.total(listed)
        if as_json:
            told = {"file": str(out), "characters": size, **asdict(total)}
            self.stdout.write(json.dumps(told))
        else:
            self.stdout.write(f"{out}: {total.words}")


def _add_options(parser: ArgumentParser, definition: Definition[Any]) -> None:
    parser.add_argument(
        "--scale", choices=list(definition.scales), help=f"default: {definition.usual}"
    )
    for one in settings_of(definition.parameters):
        parser.add_argument(f"--{one.name.replace('_', '-')}", dest=one.name, help=_help(one))
    parser.add_argument("--dry-run", action="store_true", help="only say what it will cost")
    parser.add_argument("--json", action="store_true", help="one JSON object on the last line")


def _help(one: Setting) -> str:
    shown = ",".join(one.default) if isinstance(one.default, tuple) else one.default
    return f"{one.words} (paper: {shown})".replace("%", "%%")
