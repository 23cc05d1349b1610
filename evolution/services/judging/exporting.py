"""All judgments as one table: a row an answer, joined with its trial, picture, claim and sitting."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import Any

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When

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
Row = dict[str, Any]


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
    first = Sitting.objects.filter(
        study=OuterRef("trial__sitting__study"), visitor=OuterRef("trial__sitting__visitor")
    ).order_by("number")
    found = (
        judgments(chosen)
        .annotate(participant=Subquery(first.values("number")[:1]), told_name=NAME)
        .order_by("pk")
        .values("pk", "participant", "told_name", *STORED.values())
    )
    last = 0
    while page := list(found.filter(pk__gt=last)[:AT_ONCE]):
        yield _rows(page)
        last = page[-1]["pk"]


def csv_text(chosen: JudgingStudy | None = None) -> Iterator[str]:
    """The table as CSV, piece by piece."""
    yield _written([NAMES])
    for page in pages(chosen):
        yield _written([_cell(row[name]) for name in NAMES] for row in page)


def _rows(page: Sequence[Row]) -> list[Row]:
    numbers = _numbers_of_pictures(page)
    return [_row(found, numbers) for found in page]


def _row(found: Row, numbers: dict[int, int]) -> Row:
    form = Form(found["form"])
    row = {name: found[path] for name, path in STORED.items()}
    if form == Form.PICK:
        row["options"] = [numbers.get(picture, "") for picture in row["options"]]
    row |= {name: row[name] or "" for name in TEXTS & row.keys()}
    return row | {
        "participant": found["participant"],
        "options": [str(option) for option in row["options"]],
        "truth": [str(label) for label in row["truth"]],
        "chance": chance(form, row["offered"]) if row["offered"] else None,
        "cannot_tell": row["answer"] == "",
        "answered_at": row["answered_at"].replace(second=0, microsecond=0),
        "name": found["told_name"],
    }


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
