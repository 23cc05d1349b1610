"""Try a classifier out: whether it keeps what a run needs. Without a name, list all of them."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from classifiers import catalogue, contract
from evolution.services.places import place


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", help='of a classifier, or "a+b" for an ensemble')
        parser.add_argument("--json", action="store_true", help="one JSON list on the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["name"] is None:
            self._list(as_json=options["json"])
        else:
            self._check(options["name"], as_json=options["json"])

    def _list(self, *, as_json: bool) -> None:
        rows = [
            (entry.name, catalogue.what_is_missing(entry, settings.WEIGHTS_DIR) or "installed")
            for entry in catalogue.known()
        ]
        rows += [(name, f"broken: {reason}") for name, reason in catalogue.broken()]
        if as_json:
            told = [{"classifier": name, "state": state} for name, state in rows]
            self.stdout.write(json.dumps(told))
            return
        for name, state in rows:
            self.stdout.write(f"{name:<20} {state}")
        self.stdout.write(f"\nYour own networks belong into {settings.NETWORKS_DIR}.")

    def _check(self, name: str, *, as_json: bool) -> None:
        found = []
        for finding in contract.findings(name, place()):
            found.append(finding)
            if not as_json:
                self.stdout.write(_line(finding))
        if as_json:
            self.stdout.write(json.dumps([vars(finding) for finding in found]))
        wrong = sum(not finding.kept for finding in found)
        if wrong:
            raise CommandError(f"{name}: {wrong} of {len(found)} checks failed")
        if not as_json:
            self.stdout.write(f"\n{name} can be fooled: evolve PRESET --classifier {name}")


def _line(finding: contract.Finding) -> str:
    line = f"{'ok' if finding.kept else 'WRONG':<6} {finding.promise}: {finding.seen}"
    return line if finding.kept else f"{line}\n       {finding.advice}"
