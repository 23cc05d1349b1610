"""All judgments as one table: a row an answer, joined with its trial, picture, claim and sitting."""

import csv
import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import Any, TypeAlias

from django.db.models import Case, F, Min, QuerySet, Value, When

from evolution.errors import InvalidInput
from evolution.judging.columns import COLUMNS
from evolution.judging.forms import Form, chance
from evolution.models import JudgingStudy, Judgment, Sitting, Stimulus
from evolution.services import spreadsheets

AT_ONCE = 2000  # answers that are read together
# Where each column lies that is stored as it is told.
STORED = {
    "study": "trial__sitting__study__name",
    "study_digest": "trial__sitting__study__digest",
    "sitting": "trial__sitting__number",
    "sitting_left_out": "trial__sitting__is_left_out",
    "position": "trial__position",
    "form": "form",
    "foil": "trial__foil",
    "framing": "trial__framing",
    "shown": "trial__shown",
    "options": "trial__options",
    "offered": "trial__offered",
    "expected": "trial__expected",
    "revealed": "trial__is_revealed",
    "repeat_of_position": "trial__repeat_of__position",
    "answer": "answer",
    "matched": "matched",
    "agrees": "agrees",
    "right": "is_right",
    "reaction_ms": "reaction_ms",
    "elapsed_ms": "elapsed_ms",
    "flag": "flag",
    "counted": "is_counted",
    "answered_at": "answered_at",
    "stimulus": "stimulus__number",
    "kind": "stimulus__kind",
    "encoding": "stimulus__encoding",
    "individual": "stimulus__individual",
    "truth": "stimulus__truth",
    "network": "trial__claim__classifier",
    "network_version": "trial__claim__version",
    "label": "trial__claim__label",
    "second_label": "trial__claim__second",
    "confidence": "trial__claim__confidence",
    "band": "trial__claim__band",
    "machine_answer": "trial__machine_answer",
}
# A title that staff hid is told nowhere.
NAME = Case(
    When(stimulus__individual__publication__hidden_at__isnull=False, then=Value("")),
    default=F("stimulus__name"),
)
TEXTS = frozenset(column.name for column in COLUMNS if column.type == "text")
NAMES = tuple(column.name for column in COLUMNS)
PERSON = ("trial__sitting__study", "trial__sitting__visitor")
Row = dict[str, Any]
Person: TypeAlias = tuple[int, uuid.UUID]


def study(name: str) -> JudgingStudy | None:
    """The study of a name; None for no name. Raises InvalidInput where there is none."""
    if not name:
        return None
    found = JudgingStudy.objects.filter(name=name).first()
    if found is None:
        raise InvalidInput("study", f"expected the name of a study, got “{name[:80]}”")
    return found


def judgments(chosen: JudgingStudy | None) -> QuerySet[Judgment]:
    """What is exported: every answer but those of practice."""
    found = Judgment.objects.exclude(stimulus__kind=Stimulus.Kind.PRACTICE)
    return found.filter(stimulus__study=chosen) if chosen else found


def pages(chosen: JudgingStudy | None = None) -> Iterator[list[Row]]:
    """Rows in the order of the answers, a bounded number at a time."""
    last = 0
    while keys := _next_keys(chosen, last):
        found = Judgment.objects.filter(pk__in=keys).annotate(told_name=NAME).order_by("pk")
        yield _rows(list(found.values(*PERSON, "told_name", *STORED.values())))
        last = keys[-1]


def csv_text(chosen: JudgingStudy | None = None) -> Iterator[str]:
    """The table as CSV, piece by piece."""
    yield _written([NAMES])
    for page in pages(chosen):
        yield _written([_cell(row[name]) for name in NAMES] for row in page)


def _next_keys(chosen: JudgingStudy | None, after: int) -> list[int]:
    """Alone first: a database that sorts wide rows of a study reads all of them for every page."""
    found = judgments(chosen).filter(pk__gt=after).order_by("pk")
    return list(found.values_list("pk", flat=True)[:AT_ONCE])


def _rows(page: Sequence[Row]) -> list[Row]:
    people, numbers = _people(page), _numbers_of_pictures(page)
    return [_row(found) | _numbered(found, people, numbers) for found in page]


def _row(found: Row) -> Row:
    row = {name: found[path] for name, path in STORED.items()}
    row |= {name: row[name] or "" for name in TEXTS & row.keys()}
    return row | {
        "truth": [str(label) for label in row["truth"]],
        "chance": chance(Form(row["form"]), row["offered"]) if row["offered"] else None,
        "cannot_tell": row["answer"] == "",
        "answered_at": row["answered_at"].replace(second=0, microsecond=0),
        "name": found["told_name"],
    }


def _numbered(found: Row, people: dict[Person, int], numbers: dict[int, int]) -> Row:
    """What is told as a number of the study instead of a key of the database."""
    options = found["trial__options"]
    if found["form"] == Form.PICK:
        options = [numbers.get(picture, "") for picture in options]
    return {
        "participant": people.get(_person(found)),  # none: just deleted
        "options": [str(option) for option in options],
    }


def _person(found: Row) -> Person:
    study_id, visitor = (found[path] for path in PERSON)
    return study_id, visitor


def _people(page: Sequence[Row]) -> dict[Person, int]:
    """The number of the first sitting of everybody who answered."""
    studies, visitors = ({found[path] for found in page} for path in PERSON)
    sittings = Sitting.objects.filter(study__in=studies, visitor__in=visitors).order_by()
    first = sittings.values("study", "visitor").annotate(first=Min("number"))
    return {(row["study"], row["visitor"]): row["first"] for row in first}


def _numbers_of_pictures(page: Sequence[Row]) -> dict[int, int]:
    """The pictures that were offered, by their keys, as the study numbers them."""
    offered = {
        picture
        for found in page
        if found["form"] == Form.PICK
        for picture in found["trial__options"]
    }
    return dict(Stimulus.objects.filter(pk__in=offered).values_list("pk", "number"))


def _written(rows: Iterable[Iterable[object]]) -> str:
    file = StringIO()
    csv.writer(file, lineterminator="\r\n").writerows(rows)
    return file.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return (
        value.strftime("%Y-%m-%dT%H:%MZ")
        if hasattr(value, "strftime")
        else spreadsheets.cell(value)
    )
