"""What studies came to: read once for a state of the study, then remembered."""

import functools
import logging
import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from evolution import studies
from evolution.errors import InvalidInput
from evolution.models import Study, StudyPart
from evolution.studies.base import Study as Definition
from evolution.studies.findings import Findings
from evolution.studying import telling

LIVE_SECONDS = 30  # that findings are shown which people's answers change
KEPT = 64  # studies whose findings a process remembers
Status = StudyPart.Status
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Counted:
    """A study and its parts counted. Those with equal findings are equal.

    evaluations: of the parts that are done, as they were estimated before. moment: of studies whose
    findings change without a new part, so that they are read again after a while; 0 of others.
    """

    study: Study = field(compare=False)
    submission: uuid.UUID
    done: int
    newest: datetime | None
    moment: int
    parts: int = field(compare=False)
    failed: int = field(compare=False)
    working: int = field(compare=False)
    evaluations: int = field(compare=False)

    @property
    def share(self) -> float:
        return self.done / self.parts if self.parts else 0.0

    @property
    def findings(self) -> Findings:
        return _findings(self)

    @property
    def completeness(self) -> tuple[bool, int, int, int]:
        """More is more complete: finished, then more work done, then newer."""
        finished = self.study.status == Study.Status.FINISHED
        return finished, self.evaluations, self.done, self.study.pk


def counted(stored: QuerySet[Study]) -> list[Counted]:
    """Studies with their parts counted, in their order, by one query."""
    done = Q(parts__status=Status.DONE)
    rows = stored.annotate(
        n_parts=Count("parts"),
        n_done=Count("parts", filter=done),
        n_failed=Count("parts", filter=Q(parts__status=Status.FAILED)),
        n_working=Count("parts", filter=Q(parts__status=Status.WORKING)),
        n_evaluations=Sum("parts__evaluations", filter=done),
        newest=Max("parts__finished_at"),
    )
    return [
        Counted(
            study=row,
            submission=row.submission,
            done=row.n_done,
            newest=row.newest,
            moment=_moment(row.kind),
            parts=row.n_parts,
            failed=row.n_failed,
            working=row.n_working,
            evaluations=row.n_evaluations or 0,
        )
        for row in rows
    ]


def _moment(kind: str) -> int:
    known = definition(kind)
    return int(time.time() // LIVE_SECONDS) if known and known.is_live else 0


def most_complete(known: Iterable[Counted]) -> Mapping[str, Counted]:
    """Of every kind the study with the most complete results, the newest among equals."""
    best: dict[str, Counted] = {}
    for one in known:
        before = best.get(one.study.kind)
        if before is None or one.completeness > before.completeness:
            best[one.study.kind] = one
    return best


def definition(kind: str) -> Definition[Any] | None:
    """The study of this name; None where a stored one is of a kind that is gone."""
    try:
        return studies.get(kind)
    except InvalidInput:
        return None


@functools.lru_cache(maxsize=KEPT)
def _findings(one: Counted) -> Findings:
    try:
        return telling.findings(one.study)
    except Exception:  # stored by a version that kept other results: the rest of the page stands
        log.exception("the results of %s cannot be read", one.study)
        return Findings(
            "What this study stored cannot be read by this version of the site.",
            "Start it again: finished runs are taken over.",
        )


forget = _findings.cache_clear
