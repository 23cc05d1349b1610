"""One experiment: what it is, its parameters at every scale, and its studies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from evolution.exhibits.studies import reading, verdicts
from evolution.exhibits.studies.numbers import written
from evolution.models import Study
from evolution.studies.base import Study as Definition
from evolution.studies.settings import settings_of

MOST_STUDIES = 100


@dataclass(frozen=True)
class Value:
    """A parameter with its value in every scale, in the order of the scales."""

    label: str
    words: str
    values: Sequence[str]


def page(definition: Definition[Any]) -> dict[str, Any]:
    stored = Study.objects.filter(kind=definition.name).select_related("owner").order_by("-pk")
    known = reading.counted(stored[:MOST_STUDIES])
    best = reading.most_complete(known).get(definition.name)
    findings = best.findings if best else None
    return {
        "definition": definition,
        "scales": list(definition.scales),
        "parameters": parameters(definition),
        "known": known,
        "best": best,
        "findings": findings,
        "compared": verdicts.shown(findings.comparisons) if findings else None,
    }


def parameters(definition: Definition[Any]) -> list[Value]:
    """What can be set, and what it is at every scale."""
    return [
        Value(
            one.label,
            one.words,
            [said(getattr(scale, one.name)) for scale in definition.scales.values()],
        )
        for one in settings_of(definition.parameters)
    ]


def said(value: object) -> str:
    """A parameter as people read it."""
    if value is None or value == "" or value == ():
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value))
    return written(value) if isinstance(value, int | float) else str(value)
