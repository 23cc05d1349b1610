"""What the study of removed repetitions shows."""

from collections import defaultdict
from collections.abc import Sequence
from statistics import median

import numpy as np

from classifiers import catalogue
from evolution.studies.ablation.rows import DROP, Measured, Row
from evolution.studies.findings import (
    Cell,
    Comparison,
    Findings,
    Line,
    Picture,
    Plot,
    Sheet,
    Table,
    Verdict,
    verdict,
)
from evolution.templatetags.readings import percent

SHARES = [n / 10 for n in range(11)]  # of the elements, removed
FEWEST = 5  # champions of a point of a curve, and of a verdict
LARGE = 0.5  # of the confidence is no small drop
SIGNIFICANT = 0.05
BANDS = ((0.99, 1.01, "99% or more"), (0.5, 0.99, "50% to 99%"), (0.0, 0.5, "below 50%"))
MOST_SHOWN = 40  # champions on the sheet
NOTES = (
    "Elements are found by a method (docs/measures.md), not by hand. It wants one direction and "
    "distance all over the picture: what bends or spreads, rings for one, it misses, so the share "
    "of pictures with repetition is rough. Of what it finds, some a person would cut otherwise; how "
    "elements are masked decides how much is lost (docs/ablation.md).",
    "The control masks as many pixels outside all elements, the same shapes where they fit. Beside "
    "elements there is often plain ground: look at how much each changes the picture.",
    f"A drop is at least {DROP:.0%} of the confidence in the whole picture. Elements go by how much "
    "they stand out, the most first. The paper asked about some pictures by hand, in an order that "
    "it does not tell.",
)


def findings(measured: Measured, conditions: str, scale: str) -> Findings:
    """Return what can be said of the champions that were examined so far."""
    if not measured.parts:
        return Findings("No champion has been examined yet.", scale)
    if not measured.rows:
        words = f"None of {measured.champions:,} champions repeats anything that the method finds."
        return Findings(words, scale, comparisons=_comparisons(measured, conditions), notes=NOTES)
    names = catalogue.entry(measured.classifier).labels
    return Findings(
        headline=_headline(measured),
        scale=scale,
        comparisons=_comparisons(measured, conditions),
        tables=[_bands(measured), _champions(measured.rows, names)],
        plots=[_by_left(measured.rows), _by_share(measured.rows), _change(measured.rows)],
        sheets=[_sheet(measured.rows, names)],
        notes=NOTES,
    )


def share(value: float) -> str:
    """A relative confidence, which may be more than all: cut to a tenth of a per cent."""
    return f"{int(value * 1000) / 10:.1f}%"


def _headline(measured: Measured) -> str:
    n = len(measured.rows)
    return (
        f"With half of their repeated elements gone, the network is less sure of "
        f"{measured.dropped:,} of {n:,} champions; with as much masked elsewhere, of "
        f"{measured.control_dropped:,}. {n:,} of {measured.champions:,} champions repeat something."
    )


def _comparisons(measured: Measured, conditions: str) -> list[Comparison]:
    n = len(measured.rows)
    enough = n >= FEWEST
    return [
        Comparison(
            "ablation-drop",
            "§3.4, Fig. 10",
            "pictures of which the network is less sure without repeated elements",
            "“many”, no number",
            f"{measured.dropped:,} of {n:,} with half of the elements gone (control: "
            f"{measured.control_dropped:,}{_significance(measured)})"
            if n
            else "",
            conditions,
            _drops(measured) if enough else "open",
            "The paper gives no number, so this holds if half of the pictures or more drop, and by "
            f"more than the control. {_damage(measured)}"
            if enough
            else "",
        ),
        Comparison(
            "ablation-size",
            "§3.4, Fig. 10",
            "how much confidence goes with repeated elements",
            "“a small one”, no number",
            f"median {share(median(measured.removed))} of the confidence is left with half of the "
            f"elements gone (control: {share(median(measured.control))})"
            if n
            else "",
            conditions,
            verdict(median(measured.removed) > 1 - LARGE) if enough else "open",
            "The paper gives no number; a median drop below a half is called small here. Elements "
            "are masked whole, with their edges; what was masked by hand for the paper is not known."
            if enough
            else "",
        ),
    ]


def _damage(measured: Measured) -> str:
    """Whether the control is a fair one."""
    removed = median(row.changed[row.half] for row in measured.rows)
    control = median(row.control_changed[row.half] for row in measured.rows)
    words = f"Masked elements change the median picture by {removed:.3f} of the range of values"
    if removed > control:
        return f"{words}, the control only by {control:.3f}: some of the drop may be damage."
    return f"{words}, the control by {control:.3f}."


def _drops(measured: Measured) -> Verdict:
    many = 2 * measured.dropped >= len(measured.rows)
    p = measured.p
    return verdict(many and p is not None and p < SIGNIFICANT)


def _significance(measured: Measured) -> str:
    if measured.p is None:
        return ""
    words = "p < 0.0001" if measured.p < 0.0001 else f"p = {measured.p:.4f}"
    return f"; {words}, Wilcoxon, one-sided"


def _bands(measured: Measured) -> Table:
    rows: list[list[Cell]] = []
    for low, high, words in BANDS:
        inside = np.array([low <= row.removed[0] < high for row in measured.rows])
        removed, control = measured.removed[inside], measured.control[inside]
        if len(removed):
            n = int(inside.sum())
            drops = [int((values < 1 - DROP).sum()) for values in (removed, control)]
            middles = [round(float(np.median(values)), 4) for values in (removed, control)]
            rows.append([words, n, *drops, *middles])
    return Table(
        "by-confidence",
        "With half of the elements gone, by the confidence in the whole picture",
        ["confidence", "champions", "drop", "control drops", "median left", "control left"],
        rows,
    )


def _champions(rows: Sequence[Row], names: Sequence[str]) -> Table:
    return Table(
        "champions",
        "Champions with repeated elements",
        ["label", "No.", "elements", "whole", "half", "one left", "none left", "control, half"],
        [
            [
                names[row.label],
                row.individual,
                row.elements,
                row.removed[0],
                row.removed[row.half],
                row.removed[row.last],
                row.removed[-1],
                row.control[row.half],
            ]
            for row in sorted(rows, key=lambda row: -row.removed[0])
        ],
        shares=(3, 4, 5, 6, 7),
    )


def _by_left(rows: Sequence[Row]) -> Plot:
    """Champions that began with more than so many elements."""
    removed, control = defaultdict[int, list[float]](list), defaultdict[int, list[float]](list)
    for row in rows:
        pairs = zip(row.left, row.relative(row.removed), row.relative(row.control), strict=True)
        for left, one, other in list(pairs)[1:]:
            removed[left].append(one)
            control[left].append(other)
    at = sorted(left for left, values in removed.items() if len(values) >= FEWEST)
    lines = _quartiles([(left, removed[left], control[left]) for left in at])
    return Plot(
        "by-left",
        "Confidence by how many elements are left",
        "elements left",
        "share of the confidence in the whole picture",
        lines,
        f"Of champions that had more: with one element left the median is "
        f"{share(median(removed[1]))} of the confidence in the whole picture, the control’s "
        f"{share(median(control[1]))}."
        if removed[1]
        else "No champion was looked at with one element left.",
        y_is_share=False,
    )


def _by_share(rows: Sequence[Row]) -> Plot:
    values = [
        (
            gone,
            [row.at_share(row.removed, gone) for row in rows],
            [row.at_share(row.control, gone) for row in rows],
        )
        for gone in SHARES
    ]
    return Plot(
        "by-share",
        "Confidence by the share of elements that are gone",
        "share of the elements removed",
        "share of the confidence in the whole picture",
        _quartiles(values),
        f"All {len(rows):,} champions. With all elements gone the median is "
        f"{share(median(values[-1][1]))} of the confidence, the control’s "
        f"{share(median(values[-1][2]))}.",
        y_is_share=False,
    )


def _change(rows: Sequence[Row]) -> Plot:
    """How much of the picture is another, so that a reader sees what the control is worth."""
    removed = [row.changed[row.half] for row in rows]
    control = [row.control_changed[row.half] for row in rows]
    return Plot(
        "change",
        "How much the masks change the pictures, half of the elements gone",
        "mean change of a value, elements removed",
        "mean change of a value, control",
        [Line("a champion", sorted(zip(removed, control, strict=True)))],
        f"The median change is {median(removed):.3f} of the range of values with elements removed, "
        f"and {median(control):.3f} in the control.",
        style="points",
        y_is_share=False,
    )


def _quartiles(values: Sequence[tuple[float, list[float], list[float]]]) -> list[Line]:
    return [
        Line("upper quartile", [(x, float(np.quantile(y, 0.75))) for x, y, _ in values]),
        Line("median", [(x, median(y)) for x, y, _ in values]),
        Line("lower quartile", [(x, float(np.quantile(y, 0.25))) for x, y, _ in values]),
        Line("control, median", [(x, median(y)) for x, _, y in values]),
    ]


def _sheet(rows: Sequence[Row], names: Sequence[str]) -> Sheet:
    """The surest champions of each part, the surest first: whole, half, one left."""
    kept = [row for row in rows if row.picture is not None]
    kept = sorted(kept, key=lambda row: -row.removed[0])[:MOST_SHOWN]
    pictures: list[Picture] = []
    for row in kept:
        number = row.picture or 0
        left = row.left[row.half], row.left[row.last]
        pictures += [
            Picture(names[row.label], percent(row.removed[0]), individual=row.individual, side=256),
            Picture(
                f"{left[0]} of {row.elements} left",
                percent(row.removed[row.half]),
                part=row.part,
                number=number,
            ),
            Picture(
                f"{left[1]} left", percent(row.removed[row.last]), part=row.part, number=number + 1
            ),
        ]
    return Sheet("pictures", "Whole, with half of the elements, and with one", pictures, 6)
