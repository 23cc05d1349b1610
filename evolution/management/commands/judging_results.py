"""`manage.py judging_results`: the results of a judging study, for reading or as JSON."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from evolution.exhibits.results import choices, pages, reports


class Command(BaseCommand):
    help = "Tell what people answered in a judging study, beside what networks claim."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--study", default="", help="its name; without one, the study shown first"
        )
        parser.add_argument("--form", default="two", choices=[form.value for form in choices.FORMS])
        parser.add_argument("--json", action="store_true", help="everything, as one object of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = {"study": options["study"], "form": options["form"]}
        choice, offered, notes = choices.read({name: text for name, text in wanted.items() if text})
        if notes:
            known = ", ".join(offered.studies) or "none"
            raise CommandError(f"{notes[0]} Studies that were opened: {known}.")
        if choice.study is None:
            raise CommandError("No judging study was opened yet.")
        found = pages.figures(choice)
        if options["json"]:
            document = json.dumps(found.as_json(), cls=DjangoJSONEncoder, ensure_ascii=False)
            self.stdout.write(document)
        else:
            self.stdout.write(reports.text(choice, found))
