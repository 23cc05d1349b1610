"""The paper's numbers of gradient ascent beside ours. All are about ImageNet."""

from collections.abc import Sequence
from typing import TypedDict

from classifiers import catalogue
from classifiers.labels import imagenet
from evolution.studies.ascent.pictures import Climbed
from evolution.studies.findings import Comparison, Verdict, verdict
from evolution.templatetags.readings import percent

PUBLISHED = {"none": 500, "l2": 1500, "blur": 1500, "strong": 1000}  # iterations
SURE, VERY_SURE = 0.99, 0.9999
MEAN_WITH_DECAY, NEAR = 0.98591, 0.02
MANY = 0.25  # share of the pictures from which on we speak of many
ENOUGH = 20  # classes, as the paper has them
WAITING = "no network with the labels of ImageNet has climbed in this style yet"
OTHER_NETWORK = (
    "The paper’s ascent used a CaffeNet of its authors’ own training; this is another network."
)


def comparisons(found: Sequence[Climbed]) -> list[Comparison]:
    """Of the first network with the labels of ImageNet."""
    mine: dict[str, Climbed] = {}
    for one in found:
        if catalogue.entry(one.classifier).targets == imagenet().names:
            mine.setdefault(one.style, one)
    return [_none(mine.get("none")), _decay(mine.get("l2")), _strong(mine.get("strong"))]


def _none(found: Climbed | None) -> Comparison:
    told = (
        "ascent-none",
        "§3.9, Fig. 13",
        "confidence without regularisation",
        "99.99%, 20 classes",
    )
    if found is None:
        return Comparison(*told, ours="", conditions=WAITING)
    sure, count = found.at_least(VERY_SURE), len(found.pictures)
    return Comparison(
        *told,
        ours=f"{sure} of {count} at 99.99% or more; lowest {percent(min(found.confidences))}",
        conditions=_conditions(found),
        **_judged(found, holds=sure == count),
    )


def _decay(found: Climbed | None) -> Comparison:
    told = ("ascent-l2", "§E, Fig. S5", "mean confidence with L2 decay", "98.591%, 20 classes")
    if found is None:
        return Comparison(*told, ours="", conditions=WAITING)
    near = abs(found.mean - MEAN_WITH_DECAY) <= NEAR
    return Comparison(
        *told,
        ours=percent(found.mean),
        conditions=f"{_conditions(found)}; it holds within two percentage points",
        **_judged(found, holds=near),
    )


def _strong(found: Climbed | None) -> Comparison:
    told = ("ascent-strong", "§E, Fig. S7", "classes that never reach 99%, stronger blur", "“many”")
    if found is None:
        return Comparison(*told, ours="", conditions=WAITING)
    never, count = found.never_above(0), len(found.pictures)
    many = never >= MANY * count
    return Comparison(
        *told,
        ours=f"{never} of {count} pictures",
        conditions=f"{_conditions(found)}; a quarter or more are many",
        **_judged(found, holds=many),
    )


class _Judged(TypedDict, total=False):
    verdict: Verdict
    why: str


def _judged(found: Climbed, *, holds: bool) -> _Judged:
    """Of fewer classes than the paper's nothing is said."""
    if len(found.labels) < ENOUGH:
        return {}
    return {"verdict": verdict(holds), "why": "" if holds else _why(found)}


def _conditions(found: Climbed) -> str:
    labels, starts = len(found.labels), len(found.seeds)
    few = f": too few to compare, the paper has {ENOUGH}" if labels < ENOUGH else ""
    return (
        f"{found.classifier}, {labels} class{'es' if labels > 1 else ''}, "
        f"{starts} start{'s' if starts > 1 else ''}, {found.iterations:,} iterations{few}"
    )


def _why(found: Climbed) -> str:
    if found.iterations < PUBLISHED[found.style]:
        published = PUBLISHED[found.style]
        return f"The published code has {published:,} iterations, not {found.iterations:,}."
    return OTHER_NETWORK
