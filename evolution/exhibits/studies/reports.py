"""All results so far in one page that needs nothing else: pictures and style travel inside."""

import base64
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import timezone

from evolution.exhibits import kept
from evolution.exhibits.studies import drawing, heat_maps, listing, pages, sheets
from evolution.exhibits.studies.listing import Row
from evolution.exhibits.studies.reading import Counted
from evolution.models import Study, StudyPart
from evolution.studies.findings import Sheet

STYLES = ("site.css", "exhibits.css", "screens.css", "comparing.css", "studies.css")
VERSION = 1  # raise it when the same results are written differently
KEPT_FOR = 86_400  # seconds


@dataclass(frozen=True)
class Embedded:
    """A sheet as one picture inside the page."""

    sheet: Sheet
    picture: str
    size: tuple[int, int]


def page(listed: Sequence[Row], note: Callable[[str], object] = lambda _: None) -> str:
    """Write the report. note: called with the title of each experiment before it is drawn."""
    chapters = []
    for row in listed:
        note(row.definition.title)
        chapters.append(_chapter(row))
    context = {
        "rows": listed,
        "chapters": chapters,
        "total": listing.total(listed),
        "style": style(),
        "now": timezone.now(),
        "is_report": True,
    }
    return render_to_string("studies/report.html", context)


def tag(listed: Sequence[Row]) -> str:
    """Names the report: of the same results it has the same tag."""
    found = [(row.definition.name, row.best, row.best and row.best.study.status) for row in listed]
    return hashlib.sha256(repr((found, VERSION)).encode()).hexdigest()[:24]


def runs_shown(listed: Sequence[Row]) -> set[int]:
    """Runs whose pictures the report shows."""
    shown = [row.best.study.pk for row in listed if row.best]
    runs = StudyPart.objects.filter(study__in=shown, run__isnull=False)
    return {number for number in runs.values_list("run", flat=True) if number is not None}


def style() -> str:
    """Every style sheet that the report needs, without comments; none names another file."""
    found = []
    for name in STYLES:
        path = finders.find(name)
        if not isinstance(path, str):
            raise FileNotFoundError(f"static/{name} is missing")
        written = Path(path).read_text(encoding="utf-8")
        found.append(re.sub(r"/\*.*?\*/", "", written, flags=re.DOTALL))
    return re.sub(r"\n\s*\n", "\n", "\n".join(found))


def _chapter(row: Row) -> dict[str, Any]:
    """What the template of the results needs, with pictures inside."""
    chapter: dict[str, Any] = {"row": row, "definition": row.definition}
    if row.best is None or row.findings is None:
        return chapter
    return chapter | {
        "study": row.best.study,
        "best": row.best,
        **pages.drawn(row.findings, lambda one: _inside("png", heat_maps.png(one))),
        "sheets": _sheets(row.best),
    }


def missing(listed: Sequence[Row]) -> list[int]:
    """Studies with sheets that would have to be drawn first, which takes seconds."""
    return [
        row.best.study.pk
        for row in listed
        if row.best and any(_kept(row.best.study, one) is None for one in row.best.findings.sheets)
    ]


def prepare(best: Counted) -> None:
    """Draw the sheets of a study that are not drawn yet."""
    _sheets(best)


def _sheets(best: Counted) -> list[Embedded]:
    return [
        Embedded(sheet, _inside("webp", _picture(best.study, sheet)), sheets.layout(sheet).extent)
        for sheet in best.findings.sheets
    ]


def _picture(study: Study, sheet: Sheet) -> bytes:
    known = _kept(study, sheet)
    if known is None:
        known = drawing.webp(drawing.drawn(study, sheet))
        kept.keep(_key(study, sheet), known, KEPT_FOR)
    return known


def _kept(study: Study, sheet: Sheet) -> bytes | None:
    found = kept.get(_key(study, sheet))
    return found if isinstance(found, bytes) else None


def _key(study: Study, sheet: Sheet) -> str:
    return f"study-sheet-{sheets.tag(study, sheet)}"


def _inside(kind: str, content: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"
