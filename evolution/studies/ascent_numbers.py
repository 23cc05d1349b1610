"""The paper's numbers of gradient ascent beside ours. All are about ImageNet."""

from collections.abc import Sequence

from classifiers import catalogue
from classifiers.labels import imagenet
from evolution.studies.ascent_pictures import Climbed
from evolution.studies.findings import Comparison, verdict
from evolution.templatetags.readings import percent

PUBLISHED = {"none": 500, "l2": 1500, "blur": 1500, "strong": 1000}  # iterations
SURE, VERY_SURE = 0.99, 0.9999
MEAN_WITH_DECAY, NEAR = 0.98591, 0.02
MANY = 0.25  # share of the pictures from which on we speak of many
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
        verdict=verdict(sure == count),
        why="" if sure == count else _why(found),
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
        verdict=verdict(near),
        why="" if near else _why(found),
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
        verdict=verdict(many),
        why="" if many else _why(found),
    )


def _conditions(found: Climbed) -> str:
    labels, starts = len(found.labels), len(found.seeds)
    return (
        f"{found.classifier}, {labels} class{'es' if labels > 1 else ''}, "
        f"{starts} start{'s' if starts > 1 else ''}, {found.iterations:,} iterations"
    )


def _why(found: Climbed) -> str:
    if found.iterations < PUBLISHED[found.style]:
        published = PUBLISHED[found.style]
        return f"The published code has {published:,} iterations, not {found.iterations:,}."
    return OTHER_NETWORK
