"""All experiments of the paper, in its order, each with its most complete study."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from evolution import studies
from evolution.exhibits.studies import reading, sheets, verdicts
from evolution.exhibits.studies.reading import Counted
from evolution.models import Study
from evolution.studies.base import Study as Definition
from evolution.studies.findings import Findings, Picture

THUMBNAILS = 4
NEWEST = 500  # studies that are looked through


@dataclass(frozen=True)
class Row:
    """best, findings and tally are None before anybody began a study of this kind."""

    definition: Definition[Any]
    studies: int
    best: Counted | None
    findings: Findings | None
    tally: verdicts.Tally | None
    tiles: Sequence[sheets.Tile]

    @property
    def is_done(self) -> bool:
        return self.best is not None and self.best.study.status == Study.Status.FINISHED


def rows() -> list[Row]:
    known = reading.counted(Study.objects.order_by("-pk")[:NEWEST])
    best = {
        kind: one
        for kind, one in reading.most_complete(known).items()
        if reading.definition(kind) is not None
    }
    thumbs = {kind: _thumbs(one.findings) for kind, one in best.items()}
    stored = sheets.places(
        [(best[kind].study, picture) for kind, found in thumbs.items() for picture in found]
    )
    found = []
    for name in studies.names():
        one = best.get(name)
        findings = one.findings if one else None
        found.append(
            Row(
                definition=studies.get(name),
                studies=sum(other.study.kind == name for other in known),
                best=one,
                findings=findings,
                tally=verdicts.tally(findings.comparisons) if findings else None,
                tiles=[
                    sheets.tile(one.study, picture, stored, is_many=False)
                    for picture in thumbs.get(name, ())
                    if one
                ],
            )
        )
    return found


def total(listed: Sequence[Row]) -> verdicts.Tally:
    """All numbers of all experiments that were begun."""
    return verdicts.tally(one for row in listed if row.findings for one in row.findings.comparisons)


def _thumbs(findings: Findings) -> list[Picture]:
    """A few pictures of the first sheet, from its whole first row."""
    for sheet in findings.sheets:
        row = sheet.pictures[: max(sheet.columns, THUMBNAILS)]
        if row:
            step = max(1, len(row) // THUMBNAILS)
            return list(row[::step][:THUMBNAILS])
    return []
