"""Plan, list and close judging studies: what people are asked, fixed before the first answer."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from classifiers.base import ClassifierError
from evolution.errors import ForbiddenTransition, InvalidInput
from evolution.exhibits import judging_studies
from evolution.exhibits.judging_studies import StudyRow
from evolution.judging.plans import JudgingPlan
from evolution.models import JudgingStudy
from evolution.services.judging import planning, standing

LONGEST_PLAN = 100_000  # bytes


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        plan = verbs.add_parser("plan", help="draw its pictures, ask networks about them, open it")
        plan.add_argument("name")
        plan.add_argument("--plan", type=Path, metavar="FILE", help="JSON (default: as the site)")
        plan.add_argument("--seed", type=int)
        verbs.add_parser("draft", help="print the plan that the site would make now, as JSON")
        verbs.add_parser("list", help="all studies, newest first")
        verbs.add_parser("close", help="take no more answers").add_argument("name")
        for verb in verbs.choices.values():
            verb.add_argument(
                "--json", action="store_true", help="one JSON object on the last line"
            )

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        try:
            told, sentence = getattr(self, f"_{verb}")(**options)
        except (InvalidInput, ClassifierError, ForbiddenTransition) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(json.dumps(told) if options["json"] else sentence)

    def _plan(self, name: str, plan: Path | None, seed: int | None, **_: Any) -> tuple[Any, str]:
        planned = _read(plan) if plan else _draft()
        study = planning.prepare(planning.plan_study(planned, name, seed=seed).pk)
        if study.status != JudgingStudy.Status.OPEN:
            raise CommandError(study.error)
        told = _told(_row(study))
        return told, f"{name} is open: {told['pictures']} pictures, digest {study.digest}."

    def _draft(self, **_: Any) -> tuple[Any, str]:
        document = _draft().as_json()
        return document, json.dumps(document, indent=2)

    def _list(self, **_: Any) -> tuple[Any, str]:
        told = [_told(row) for row in judging_studies.rows(JudgingStudy.objects.all())]
        lines = [
            f"{one['name']}: {one['status']}, {one['pictures']} pictures, "
            f"{one['answers']} of {one['wanted']} answers, {one['sittings']} sittings"
            for one in told
        ]
        return told, "\n".join(lines) or "No study has been planned yet."

    def _close(self, name: str, **_: Any) -> tuple[Any, str]:
        study = JudgingStudy.objects.filter(name=name).first()
        if study is None:
            raise CommandError(f"name: expected a study, got {name!r}")
        planning.close(study)
        return _told(_row(study)), f"{name} takes no more answers."


def _draft() -> JudgingPlan:
    planned = standing.plan()
    if planned is None:
        raise CommandError("expected networks to have bred pictures, found too few")
    return planned


def _read(path: Path) -> JudgingPlan:
    try:
        if path.stat().st_size > LONGEST_PLAN:
            raise CommandError(f"--plan: expected at most {LONGEST_PLAN:,} bytes in {path}")
        return JudgingPlan.from_json(json.loads(path.read_text()))
    except OSError as error:
        raise CommandError(f"--plan: {path} cannot be read: {error.strerror}") from None
    except ValueError as error:
        if isinstance(error, InvalidInput):
            raise
        raise CommandError(f"--plan: expected JSON in {path}: {error}") from None


def _row(study: JudgingStudy) -> StudyRow:
    (row,) = judging_studies.rows(JudgingStudy.objects.filter(pk=study.pk))
    return row


def _told(row: StudyRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "status": row.status,
        "digest": row.study.digest,
        "seed": row.study.seed,
        "pictures": row.pictures,
        "sittings": row.sittings,
        "left_out": row.left_out,
        "answers": row.answers,
        "wanted": row.wanted,
        "plan": row.study.plan,
    }
