"""Champions of some labels, from which what they repeat is removed step by step."""

from collections.abc import Mapping
from typing import Any

from evolution import phenotypes
from evolution.genomes.base import BadGenome
from evolution.models import Individual, Run
from evolution.services import ablating, predicting
from evolution.services.ablating import Ablation
from evolution.studies.base import Beat, Done

SHOWN = 2  # champions of a part whose pictures are kept, the surest
DIGITS = 5  # of a period's likeness


def of_champions(run: Run, kept: Mapping[str, Any], asked: Mapping[str, Any], beat: Beat) -> Done:
    """Return for labels asked["first"] to asked["last"] those champions that repeat something.

    kept: what studies keep of a run. Two pictures of some are kept: with half of their elements,
    and with one. A champion whose genome is damaged is counted and left out.
    """
    held = {
        label: individual
        for label, individual in zip(kept["labels"], kept["individuals"], strict=True)
        if asked["first"] <= label <= asked["last"]
    }
    genomes = dict(
        Individual.objects.drawable().filter(pk__in=held.values()).values_list("pk", "genome")
    )
    found: dict[int, Ablation | None] = {}
    for individual in sorted(genomes):
        beat()
        try:
            picture = predicting.picture(bytes(genomes[individual] or b""), run.image_shape[0])
        except BadGenome:
            continue
        found[individual] = ablating.ablate(
            picture, asked["classifier"], run.parameters["crops"], asked["steps"], beat
        )
    rows = [
        _row(label, individual, one)
        for label, individual in held.items()
        if (one := found.get(individual)) is not None
    ]
    shown = sorted(rows, key=lambda row: -row["removed"][0])[:SHOWN]
    pictures = [png for row in shown for png in _pictures(found[row["individual"]])]
    for place, row in enumerate(shown):
        row["picture"] = 2 * place
    examined = sum(individual in found for individual in held.values())
    return Done({"champions": examined, "left_out": len(held) - examined, "rows": rows}, pictures)


def _row(label: int, individual: int, one: Ablation) -> dict[str, Any]:
    return {
        "label": label,
        "individual": individual,
        "elements": one.left[0],
        "period": list(one.repetition.period),
        "likeness": round(one.repetition.likeness, DIGITS),
        "left": one.left,
        "removed": one.removed[:, label].astype(float).tolist(),
        "control": one.control[:, label].astype(float).tolist(),
        "changed": [round(value, DIGITS) for value in one.changed],
        "control_changed": [round(value, DIGITS) for value in one.control_changed],
        "picture": None,
    }


def _pictures(one: Ablation | None) -> list[bytes]:
    if one is None:
        return []
    return [phenotypes.png(one.pictures[step]) for step in (half_of(one.left), one_of(one.left))]


def half_of(left: list[int]) -> int:
    """The first step that has at most half of the elements."""
    return next(step for step, count in enumerate(left) if 2 * count <= left[0])


def one_of(left: list[int]) -> int:
    """The last step that has an element."""
    return max(step for step, count in enumerate(left) if count > 0)
