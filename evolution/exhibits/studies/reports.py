"""All results so far in one page that needs nothing else: pictures and style travel inside."""

import base64
import functools
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import timezone

from evolution.exhibits.studies import drawing, heat_maps, listing, pages, sheets
from evolution.exhibits.studies.listing import Row
from evolution.exhibits.studies.reading import Counted
from evolution.models import Study, StudyPart
from evolution.studies.findings import Sheet

STYLES = ("site.css", "exhibits.css", "screens.css", "comparing.css", "studies.css")
VERSION = 1  # raise it when the same results are written differently
KEPT = 64  # sheets that a process remembers: tens of megabytes at most


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


def _sheets(best: Counted) -> list[Embedded]:
    study = best.study
    return [_sheet(_Asked(sheets.tag(study, one), study, one)) for one in best.findings.sheets]


@dataclass(frozen=True)
class _Asked:
    """A sheet of a study, known by its tag."""

    tag: str
    study: Study = field(compare=False)
    sheet: Sheet = field(compare=False)


@functools.lru_cache(maxsize=KEPT)
def _sheet(asked: _Asked) -> Embedded:
    picture = drawing.webp(drawing.drawn(asked.study, asked.sheet))
    return Embedded(asked.sheet, _inside("webp", picture), sheets.layout(asked.sheet).extent)


def _inside(kind: str, content: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"
