"""One individual for programs: where it came from, what observers and people made of it."""

from collections.abc import Sequence
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.urls import reverse

from evolution import lineages
from evolution.exhibits import naming
from evolution.exhibits.api import people, publications
from evolution.exhibits.api.pages import Part
from evolution.genomes.base import MAX_SIDE
from evolution.lineages import Ancestor
from evolution.models import Elite, Individual, Prediction
from evolution.querysets import IndividualQuerySet

MOST_REIGNS = 1000  # an individual may hold every cell of an archive, and lose it again
MOST_PREDICTIONS = 100  # versions of classifiers that were asked
THUMBNAIL = (64, "webp")


def individuals() -> IndividualQuerySet:
    """Without their genomes, which may have most of a megabyte each."""
    kept = ExpressionWrapper(Q(genome__isnull=False), output_field=BooleanField())
    small = ExpressionWrapper(Q(thumbnail__isnull=False), output_field=BooleanField())
    found: IndividualQuerySet = Individual.objects.defer("genome", "thumbnail").annotate(
        is_kept=kept, has_thumbnail=small
    )
    return found


def individual(individual_id: int) -> dict[str, Any] | None:
    """None for one that is not stored, or whose publication is hidden."""
    rows = individuals().select_related("run", "brood__session").filter(pk=individual_id)
    found = rows.first()
    if found is None or publications.hidden([individual_id]):
        return None
    return {
        **_row(found),
        "origin": _origin(found),
        "genome": reverse("genome", args=[found.pk]) if _is_kept(found) else None,
        "network": _network(found),
        "picture": _pictures(found),
        "reigns": _reigns(found),
        "predictions": _predictions(found),
        "people": people.of(found.pk),
        "publication": publications.of([found.pk]).get(found.pk),
        "line": reverse("api-line", args=[found.pk]),
        "children": reverse("api-children", args=[found.pk]),
    }


def line(individual_id: int, part: Part) -> dict[str, Any] | None:
    """The individual, its parent, the parent's parent ...; part.after: steps already told."""
    first = 0 if part.after is None else part.after + 1
    told = lineages.parent_line(individual_id, longest=first + part.limit)
    if not told or publications.hidden([individual_id]):
        return None
    return part.told(told[first : first + part.reach], _ancestors, lambda ancestor: ancestor.steps)


def children(individual_id: int, part: Part) -> dict[str, Any] | None:
    """Those to whom it is parent or mate, in the order of their numbers; part.after: such a number."""
    if not Individual.objects.filter(pk=individual_id).exists():
        return None
    if publications.hidden([individual_id]):
        return None
    rows = (
        individuals()
        .not_hidden()
        .filter(Q(parent=individual_id) | Q(mate=individual_id))
        .order_by("pk")
    )
    if part.after is not None:
        rows = rows.filter(pk__gt=part.after)
    return part.told(list(rows[: part.reach]), _briefs, lambda row: row.pk)


def _ancestors(line: Sequence[Ancestor]) -> list[dict[str, Any]]:
    steps = {ancestor.individual_id: ancestor.steps for ancestor in line}
    briefs = _briefs(list(individuals().filter(pk__in=steps)))
    for brief in briefs:
        brief["steps"] = steps[brief["individual"]]
    return sorted(briefs, key=lambda brief: steps[brief["individual"]])


def _briefs(rows: Sequence[Individual]) -> list[dict[str, Any]]:
    ids = [row.pk for row in rows]
    published, hidden = publications.of(ids), publications.hidden(ids)
    return [
        {
            **_row(row),
            "run": row.run_id,
            "address": None if row.pk in hidden else reverse("api-individual", args=[row.pk]),
            "picture": None if row.pk in hidden else _small_picture(row),
            "publication": published.get(row.pk),
        }
        for row in rows
    ]


def _row(row: Individual) -> dict[str, Any]:
    return {
        "individual": row.pk,
        "generation": row.generation,
        "encoding": row.encoding,
        "selected_by": row.selected_by,
        "parent": row.parent_id,
        "mate": row.mate_id,
    }


def _origin(row: Individual) -> dict[str, Any]:
    if row.run_id is None:
        return {"kind": "hand-bred", "run": None, "address": None}
    return {"kind": "run", "run": row.run_id, "address": reverse("api-run", args=[row.run_id])}


def _network(row: Individual) -> dict[str, str] | None:
    """Files of the network; None where the genome is none, or was not kept."""
    if not _is_kept(row) or row.encoding in naming.OF_PIXELS:
        return None
    found = {"svg": reverse("network-svg", args=[row.pk])}
    if row.encoding == "neat":
        found["picbreeder"] = reverse("genome-xml", args=[row.pk])
    return found


def _pictures(row: Individual) -> dict[str, Any]:
    """seen: the side, in pixels, of what networks are shown; any other up to the largest is drawn."""
    side = row.image_shape[0]
    if not _is_kept(row):
        return {"seen": side, "largest": None, "png": None, "small": _small_picture(row)}
    return {
        "seen": side,
        "largest": MAX_SIDE,
        "png": reverse("picture", args=[row.pk, side, "png"]),
        "small": _small_picture(row),
    }


def _small_picture(row: Individual) -> str | None:
    if not _is_kept(row) and not row.has_thumbnail:  # type: ignore[attr-defined]
        return None
    return reverse("picture", args=[row.pk, *THUMBNAIL])


def _is_kept(row: Individual) -> bool:
    return bool(row.is_kept)  # type: ignore[attr-defined]


def _reigns(row: Individual) -> list[dict[str, Any]]:
    run = row.run
    if run is None:
        return []
    reigns = row.reigns.order_by("since_generation", "cell")[:MOST_REIGNS]
    return [reign(found, run.classifier) for found in reigns]


def reign(row: Elite, classifier: str) -> dict[str, Any]:
    return {
        "cell": row.cell,
        "label": row.label,
        "label_name": naming.label(classifier, row.label),
        "confidence": row.confidence,
        "since_generation": row.since_generation,
        "until_generation": row.until_generation,
        "taken_at": row.taken_at.isoformat(),
    }


def _predictions(row: Individual) -> list[dict[str, Any]]:
    rows = row.predictions.order_by("classifier", "version")[:MOST_PREDICTIONS]
    return [_prediction(found) for found in rows]


def _prediction(row: Prediction) -> dict[str, Any]:
    return {
        "classifier": row.classifier,
        "version": row.version,
        "answered_at": row.created_at.isoformat(),
        "top": [
            {
                "label": label,
                "label_name": naming.label(row.classifier, label),
                "confidence": confidence,
            }
            for label, confidence in row.top
        ],
    }
