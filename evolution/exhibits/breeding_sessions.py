"""A person's sessions, the newest first, each with the first picture of what it shows."""

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from evolution.models import BreedingSession

SHOWN = 24


@dataclass(frozen=True, slots=True)
class Card:
    code: str
    picture: str
    step: int
    broods: int
    branched_from: int | None
    touched_at: datetime


def newest(sessions: QuerySet[BreedingSession], count: int = SHOWN, start: int = 0) -> list[Card]:
    rows = (
        sessions.filter(current__isnull=False)
        .annotate(n_broods=Count("broods"))
        .order_by("-touched_at", "-pk")
        .values_list(
            "code",
            "current__thumbnail",
            "current__generation",
            "n_broods",
            "branched_from",
            "touched_at",
        )[start : start + count]
    )
    return [
        Card(code, _address(picture), step, n_broods, branched_from, touched_at)
        for code, picture, step, n_broods, branched_from, touched_at in rows
    ]


def _address(picture: Any) -> str:
    return f"data:image/webp;base64,{base64.b64encode(picture).decode()}"
