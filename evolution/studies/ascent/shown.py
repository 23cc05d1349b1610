"""What the page of the study of gradient ascent shows beside the paper's numbers."""

from collections.abc import Sequence
from statistics import fmean, median
from typing import Final

from evolution.studies.ascent.numbers import SURE, VERY_SURE, comparisons
from evolution.studies.ascent.pictures import Climbed, gathered
from evolution.studies.base import Outcome
from evolution.studies.findings import Cell, Findings, Line, Link, Picture, Plot, Sheet, Table
from evolution.templatetags.readings import percent

TITLES: Final = {
    "none": "no regularisation",
    "l2": "L2 decay",
    "blur": "L2 decay, blur, pseudo-L1",
    "strong": "L2 decay, stronger blur",
}
FIGURES: Final = {"none": "Fig. 13", "l2": "Fig. S5", "blur": "Fig. S6", "strong": "Fig. S7"}
IN_A_ROW = 5
DIGITS = 10
NOTES = (
    "Confidences are those of the pictures rounded to bytes, as the ordinary network sees them; the "
    "curves are of the pictures on their way.",
    "The settings are the published code’s. Where the paper’s text says otherwise, see the chapter "
    "on gradient ascent in the documentation.",
)


def findings(
    classifiers: Sequence[str], styles: Sequence[str], parts: Sequence[Outcome]
) -> Findings:
    found = gathered(classifiers, styles, parts)
    if not found:
        return Findings("No picture has been found yet.", _scale(found), comparisons(found))
    networks = list(dict.fromkeys(one.classifier for one in found))
    of = {name: [one for one in found if one.classifier == name] for name in networks}
    return Findings(
        headline=" ".join(_headline(name, own) for name, own in of.items()),
        scale=_scale(found),
        comparisons=comparisons(found),
        tables=[
            table for name, own in of.items() for table in (_styles(name, own), _labels(name, own))
        ],
        plots=[_plot(name, own) for name, own in of.items()],
        sheets=[_sheet(one) for one in found],
        links=[
            Link(f"{one.classifier}, {one.style}, start {seed}: run {run}", f"/runs/{run}/")
            for one in found
            for seed, run in one.runs
        ],
        notes=NOTES,
    )


def _headline(name: str, own: Sequence[Climbed]) -> str:
    best = max(own, key=lambda one: one.mean)
    sure = best.at_least(SURE)
    return (
        f"{name} is at least 99% sure of {sure:,} of {len(best.pictures):,} pictures that follow its "
        f"gradient ({TITLES[best.style]})."
    )


def _scale(found: Sequence[Climbed]) -> str:
    paper = "The paper has 20 classes of ImageNet and up to five starts, against its own CaffeNet"
    if not found:
        return f"{paper}; here nothing yet."
    pictures = sum(len(one.pictures) for one in found)
    names = " and ".join(dict.fromkeys(one.classifier for one in found))
    iterations = sorted({one.iterations for one in found})
    spread = (
        f"{iterations[0]:,}" if len(iterations) == 1 else f"{iterations[0]:,} to {iterations[-1]:,}"
    )
    return f"{paper}; here {pictures:,} pictures of {spread} iterations, against {names}."


def _styles(name: str, own: Sequence[Climbed]) -> Table:
    rows: list[list[Cell]] = []
    for one in own:
        values = one.confidences
        count = len(values)
        tops = [at for picture in one.pictures if (at := picture["first_top"]) is not None]
        rows.append(
            [
                TITLES[one.style],
                one.iterations,
                count,
                fmean(values),
                median(values),
                min(values),
                one.at_least(SURE) / count,
                one.at_least(VERY_SURE) / count,
                sum(picture["is_top"] for picture in one.pictures) / count,
                median(tops) if tops else None,
                sum(picture["lost"] for picture in one.pictures),
            ]
        )
    columns = [
        "style", "iterations", "pictures", "mean", "median", "lowest", "at 99%", "at 99.99%",
        "first answer", "iterations until then (median)", "gradient lost",
    ]  # fmt: skip
    title = f"{name}, by style"
    return Table(_slug("styles", name), title, columns, rows, (3, 4, 5, 6, 7, 8), counted=(6, 7, 8))


def _labels(name: str, own: Sequence[Climbed]) -> Table:
    """The mean confidence of each label, over its starts."""
    labels = list(dict.fromkeys(label for one in own for label in one.labels))
    rows: list[list[Cell]] = [
        [own[0].named(label), *(_mean_of(one, label) for one in own)] for label in labels
    ]
    columns = ["label", *(TITLES[one.style] for one in own)]
    shares = range(1, len(columns))
    title = f"{name}: mean confidence by label"
    return Table(_slug("labels", name), title, columns, rows, tuple(shares))


def _mean_of(one: Climbed, label: int) -> float | None:
    values = [picture["confidence"] for picture in one.pictures if picture["label"] == label]
    return fmean(values) if values else None


def _plot(name: str, own: Sequence[Climbed]) -> Plot:
    lines = [Line(TITLES[one.style], one.curve()) for one in own]
    ends = ", ".join(f"{line.name} {percent(line.points[-1][1])}" for line in lines)
    return Plot(
        _slug("curves", name),
        f"{name}: confidence on the way",
        "iteration",
        "median confidence",
        lines,
        f"The median picture ends at: {ends}.",
    )


def _sheet(one: Climbed) -> Sheet:
    """Digits a row a start; of other labels a row a label where there are several starts."""
    pictures = sorted(one.pictures, key=lambda picture: (picture["label"], picture["seed"]))
    starts, labels = len(one.seeds), len(one.labels)
    columns = starts if starts > 1 else IN_A_ROW
    if labels <= DIGITS:
        pictures.sort(key=lambda picture: (picture["seed"], picture["label"]))
        columns = labels
    shown = [
        Picture(
            caption=one.named(picture["label"]),
            note=percent(picture["confidence"]),
            individual=picture["individual"],
            side=one.side,
        )
        for picture in pictures
    ]
    title = f"{one.classifier}, {TITLES[one.style]} (as {FIGURES[one.style]})"
    return Sheet(f"pictures-{one.key}", title, shown, columns)


def _slug(what: str, name: str) -> str:
    return f"{what}-{name}".replace("+", "-")
