"""Showing a published picture to the classifier of a run, against the holders of its cells."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from classifiers import catalogue
from classifiers.base import ClassifierError, FloatArray
from classifiers.entries import AnyEntry
from evolution.errors import InvalidInput, NotAllowed
from evolution.genomes.base import BadGenome
from evolution.models import Challenge, Conquest, Elite, Individual, Publication, Run
from evolution.services import predicting
from evolution.services.visitors import Visitor, check_not_blocked

BEST = 10  # cells that a challenge remembers
MOST_OFFERED = 50  # runs in the list, the newest
MOST_LOOKED_AT = 200
ALGORITHMS = ("map-elites", "single-target")


@dataclass(frozen=True, slots=True)
class _Cell:
    cell: int
    label: int
    confidence: float
    held: float


def challengeable(individual: Individual) -> list[Run]:
    """Runs that a picture can challenge, newest first: their classifier can be shown it."""
    filled = Elite.objects.holders().filter(run=OuterRef("pk"))
    runs = Run.objects.filter(Exists(filled), algorithm__in=ALGORITHMS).order_by("-id")
    depth = individual.image_shape[2]
    able: dict[tuple[str, str, int], bool] = {}  # a classifier is looked up once
    found = []
    for run in runs[:MOST_LOOKED_AT]:
        kind = run.classifier, run.classifier_version, run.image_shape[2]
        if kind not in able:
            able[kind] = not _trouble(run, depth)
        if able[kind]:
            found.append(run)
    return found[:MOST_OFFERED]


def challenge(visitor: Visitor, individual: Individual, run_id: int) -> Challenge:
    """Write a challenge down, for a worker to judge. Asked twice it is the same one.

    One that failed is asked anew. Raises NotAllowed, InvalidInput.
    """
    check_not_blocked(visitor)
    if not Publication.objects.public().filter(individual=individual).exists():
        raise NotAllowed("Only published pictures challenge an archive.")
    run = Run.objects.filter(pk=run_id).first()
    if run is None:
        raise InvalidInput("run", f"expected one that there is, got {run_id}")
    if trouble := _trouble(run, individual.image_shape[2]):
        raise InvalidInput("run", trouble)
    asked, _ = Challenge.objects.get_or_create(individual=individual, run=run)
    if asked.error:
        Challenge.objects.filter(pk=asked.pk, judged_at=None).update(error="")
        asked.refresh_from_db()
    return asked


def judge(challenge_id: int) -> Challenge:
    """Ask the run's own classifier, and note the cells in which the picture is surer.

    Judged twice it is judged once. What goes wrong is written into the challenge.
    Raises Challenge.DoesNotExist.
    """
    asked = Challenge.objects.select_related("run", "individual__brood__session").get(
        pk=challenge_id
    )
    if asked.judged_at:
        return asked
    try:
        confidences = _confidences(asked.individual, asked.run)
    except (ClassifierError, BadGenome, InvalidInput) as error:
        Challenge.objects.filter(pk=asked.pk, judged_at=None).update(error=str(error)[:300])
        asked.refresh_from_db()
        return asked
    return _settle(asked, confidences)


def may_judge(challenge_id: int) -> bool:
    """True for the first caller in a minute: whoever waits for an answer asks again then."""
    return predicting.first_in_a_while(f"challenge:{challenge_id}")


def _trouble(run: Run, depth: int) -> str:
    """Why a picture of so many channels cannot challenge a run; empty if it can."""
    try:
        entry = catalogue.entry(run.classifier)
    except ClassifierError as error:
        return str(error)
    if missing := catalogue.what_is_missing(entry):
        return missing
    if entry.version != run.classifier_version:
        return f"expected the network that bred run {run.pk}, {entry.name} has other weights now"
    if not _can_be_shown(entry, run, depth):
        return f"expected a run of {'grey' if depth == 1 else 'colour'} pictures, got run {run.pk}"
    return ""


def _can_be_shown(entry: AnyEntry, run: Run, depth: int) -> bool:
    shape = run.image_shape[:2]
    return entry.accepts((*shape, depth)) or (depth == 1 and entry.accepts((*shape, 3)))


def _confidences(individual: Individual, run: Run) -> FloatArray:
    """(n_labels,): what the run's classifier says, shown the picture as it is shown the run's own."""
    if individual.genome is None:
        raise InvalidInput("individual", f"expected a kept genome, got No. {individual.pk}")
    if trouble := _trouble(run, individual.image_shape[2]):
        raise InvalidInput("run", trouble)
    images = predicting.picture(bytes(individual.genome), run.image_shape[0])[np.newaxis]
    entry = catalogue.entry(run.classifier)
    seen = predicting.as_seen_by(entry, images)
    answers = predicting.answers(entry, seen, run.parameters["crops"])
    one: FloatArray = answers[0]
    return one


def _settle(asked: Challenge, confidences: FloatArray) -> Challenge:
    """Compare with the holders of this moment. One challenge of a run at a time."""
    with transaction.atomic():
        Run.objects.select_for_update(no_key=True).get(pk=asked.run_id)
        asked = Challenge.objects.select_for_update(no_key=True).get(pk=asked.pk)
        if asked.judged_at:
            return asked
        cells = _cells(asked.run_id, confidences)
        _conquer(asked, cells)
        best = sorted(cells, key=lambda one: -one.confidence)[:BEST]
        asked.best = [[one.cell, one.label, one.confidence, one.held] for one in best]
        asked.judged_at, asked.error = timezone.now(), ""
        asked.save(update_fields=["best", "judged_at", "error"])
    return asked


def _cells(run_id: int, confidences: FloatArray) -> list[_Cell]:
    """Every label that is held in a run; of slots that share one, the surest."""
    held = Elite.objects.champions().filter(run=run_id)
    return [
        # A float32 sum may end a hair above 1.
        _Cell(cell, label, min(float(confidences[label]), 1.0), share)
        for cell, label, share in held.values_list("cell", "label", "confidence")
        if label < len(confidences)
    ]


def _conquer(asked: Challenge, cells: Sequence[_Cell]) -> None:
    """Take every cell in which the run's holder and the conquest before are both less sure."""
    standing = Conquest.objects.filter(run=asked.run_id, lost_at=None)
    shares: dict[int, float] = {}
    # A hidden picture keeps nobody from a cell; shown again, it has lost what was taken meanwhile.
    shown = standing.filter(individual__publication__hidden_at__isnull=True)
    for label, share in shown.values_list("label", "confidence"):
        shares[label] = max(share, shares.get(label, 0.0))
    won = [one for one in cells if one.confidence > max(one.held, shares.get(one.label, 0.0))]
    now = timezone.now()
    standing.filter(label__in=[one.label for one in won]).update(lost_at=now)
    Conquest.objects.bulk_create(
        Conquest(
            challenge=asked,
            run_id=asked.run_id,
            individual_id=asked.individual_id,
            cell=one.cell,
            label=one.label,
            confidence=one.confidence,
            beaten=max(one.held, shares.get(one.label, 0.0)),
            taken_at=now,
        )
        for one in won
    )
