"""Starting a study: its parameters are checked, its parts stored, its cost told before."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from classifiers.base import ClassifierError
from evolution import studies
from evolution.errors import InvalidInput
from evolution.models import Study, StudyPart
from evolution.studies import settings
from evolution.studies.base import Part
from evolution.studying import pricing

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

MOST_PARTS = 20_000
LONGEST_KEY = 120


@dataclass(frozen=True)
class Plan:
    """A study as somebody asks for it, checked: nothing is stored yet."""

    kind: str
    scale: str
    parameters: Any
    parts: Sequence[Part]


def plan(kind: str, scale: str = "", given: Mapping[str, Any] | None = None) -> Plan:
    """Read what somebody asks for. given: values that differ from the scale's.

    Raises InvalidInput, ClassifierError for a network that is not there.
    """
    study = studies.get(kind)
    scale = scale or study.usual
    if scale not in study.scales:
        raise InvalidInput("scale", f"expected {' or '.join(study.scales)}, got {scale[:80]!r}")
    parameters = settings.read(study.parameters, given or {}, study.scales[scale])
    try:
        study.check(parameters)
        parts = study.parts(parameters)
    except ClassifierError as error:
        raise InvalidInput("classifier", str(error)) from None
    if not 0 < len(parts) <= MOST_PARTS:
        raise InvalidInput("parameters", f"expected 1 to {MOST_PARTS:,} parts, got {len(parts):,}")
    return Plan(kind, scale, parameters, parts)


def cost(plan: Plan) -> pricing.Cost:
    """What a planned study will cost, that left out which is there already."""
    return pricing.cost(plan.kind, plan.parts)


def start(
    plan: Plan, owner: "AbstractBaseUser | None" = None, submission: uuid.UUID | None = None
) -> Study:
    """Store a study with all its parts, once per submission. The caller advances it."""
    submission, speeds = submission or uuid.uuid4(), pricing.Speeds()
    try:
        with transaction.atomic():
            stored = Study.objects.create(
                kind=plan.kind,
                scale=plan.scale,
                parameters=settings.as_json(plan.parameters),
                owner_id=owner.pk if owner else None,
                submission=submission,
            )
            StudyPart.objects.bulk_create(
                [_row(stored, place, part, speeds) for place, part in enumerate(plan.parts)],
                batch_size=500,
            )
    except IntegrityError:
        return Study.objects.get(submission=submission)
    return stored


def unfinished(plan: Plan) -> Study | None:
    """The newest study with the same parameters that can go on."""
    status = Study.Status
    candidates = Study.objects.filter(
        kind=plan.kind, status__in=[status.RUNNING, status.PAUSED, status.FAILED]
    )
    wanted = settings.as_json(plan.parameters)
    return next((study for study in candidates[:100] if study.parameters == wanted), None)


def _row(study: Study, position: int, part: Part, speeds: pricing.Speeds) -> StudyPart:
    return StudyPart(
        study=study,
        position=position,
        key=part.key,
        stage=part.stage,
        order=asdict(part.run) if part.run else None,
        arguments=dict(part.arguments),
        evaluations=pricing.evaluations(part),
        estimate=speeds.seconds(part),
    )
