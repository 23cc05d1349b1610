"""What a study came to, for programs and for a terminal."""

from dataclasses import asdict
from typing import Any

from evolution import studies
from evolution.models import Study, StudyPart
from evolution.studies.findings import Findings
from evolution.studies.settings import from_json
from evolution.studying import keeping


def findings(study: Study) -> Findings:
    """What can be said of a study so far."""
    definition = studies.get(study.kind)
    parameters = from_json(definition.parameters, study.parameters)
    return definition.findings(parameters, keeping.finished(study))


def row(study: Study) -> dict[str, Any]:
    parts = study.parts
    return {
        "study": study.pk,
        "kind": study.kind,
        "scale": study.scale,
        "status": study.status,
        "parts": parts.count(),
        "done": parts.filter(status=StudyPart.Status.DONE).count(),
        "error": study.error,
    }


def as_json(study: Study) -> dict[str, Any]:
    found = findings(study)
    return {
        **row(study),
        "parameters": study.parameters,
        "seconds": sum(study.parts.values_list("seconds", flat=True)),
        "headline": found.headline,
        "comparisons": [asdict(one) for one in found.comparisons],
        "tables": [asdict(one) for one in found.tables],
        "notes": list(found.notes),
    }


def as_text(study: Study) -> str:
    found = findings(study)
    lines = [found.headline, found.scale]
    for one in found.comparisons:
        lines += [
            f"{one.source}  {one.quantity}",
            f"    paper: {one.paper}    ours: {one.ours or 'not known yet'}    ({one.verdict})",
        ]
    return "\n".join([*lines, *found.notes])
