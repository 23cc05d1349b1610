"""What the page of the study of natural images shows."""

from collections.abc import Sequence

from evolution.studies.base import Outcome
from evolution.studies.findings import Cell, Findings, Line, Link, Picture, Plot, Sheet, Table
from evolution.studies.natural_images.numbers import Natural, comparisons, gathered, middle
from evolution.templatetags.readings import percent

SURE = 0.99
STEPS = 50  # of the axis of confidences
IN_A_ROW = 10
SCALE = "The paper has the 50,000 validation photographs of ImageNet, against CaffeNet"


def findings(classifiers: Sequence[str], parts: Sequence[Outcome]) -> Findings:
    found = gathered(classifiers, parts)
    if not found:
        return Findings(
            "No network was asked yet.", f"{SCALE}; here nothing yet.", comparisons(found)
        )
    here = "; ".join(f"{one.words}, against {one.classifier}" for one in found)
    return Findings(
        headline=" ".join(_headline(one) for one in found),
        scale=f"{SCALE}; here {here}.",
        comparisons=comparisons(found),
        tables=[_medians(found)],
        plots=[_plot(one) for one in found],
        sheets=[_sheet(one) for one in found if one.shown],
        links=[
            Link(f"What fools {one.classifier}: run {one.run}", f"/runs/{one.run}/")
            for one in found
            if one.run
        ],
        notes=_notes(found),
    )


def _headline(one: Natural) -> str:
    told = (
        f"{one.classifier} is {percent(middle(one.all) or 0.0)} sure of the median natural picture"
    )
    if not one.fooling:
        return f"{told}."
    return f"{told} and {percent(middle(one.fooling) or 0.0)} of the median picture that fools it."


def _medians(found: Sequence[Natural]) -> Table:
    rows: list[list[Cell]] = [
        [
            one.classifier,
            one.words,
            one.error,
            middle(one.all),
            middle(one.right),
            middle(one.wrong),
            _sure(one.all),
            middle(one.fooling),
            _sure(one.fooling),
            len(one.fooling) or None,
        ]
        for one in found
    ]
    columns = [
        "network", "pictures", "error", "median", "rightly named", "wrongly named", "at 99%",
        "fooling: median", "fooling: at 99%", "fooling pictures",
    ]  # fmt: skip
    title = "Confidence in the first answer, beside that in fooling pictures"
    return Table("medians", title, columns, rows, (2, 3, 4, 5, 6, 7, 8), counted=(2, 6, 8))


def _sure(values: Sequence[float]) -> float | None:
    return sum(value >= SURE for value in values) / len(values) if values else None


def _plot(one: Natural) -> Plot:
    """Which share of each kind of pictures the network is at least so sure of."""
    kinds = {
        "rightly named": one.right,
        "wrongly named": one.wrong,
        "pictures that fool it": one.fooling,
    }
    lines = [Line(name, _survival(values)) for name, values in kinds.items() if values]
    told = ", ".join(
        f"{name} {percent(middle(values) or 0.0)}" for name, values in kinds.items() if values
    )
    return Plot(
        f"confidences-{one.classifier}".replace("+", "-"),
        f"{one.classifier}: how many pictures it is so sure of",
        "confidence of at least, in per cent",
        "share of the pictures",
        lines,
        f"Median confidences: {told}.",
        counted=True,
    )


def _survival(values: Sequence[float]) -> list[tuple[float, float]]:
    ordered = sorted(values)
    points = []
    at = 0
    for step in range(STEPS + 1):
        while at < len(ordered) and ordered[at] < step / STEPS:
            at += 1
        points.append((100.0 * step / STEPS, (len(ordered) - at) / len(ordered)))
    return points


def _sheet(one: Natural) -> Sheet:
    pictures = [
        Picture(
            caption=guess if guess == truth else f"{guess} (is {truth})",
            note=percent(confidence),
            part=one.part,
            number=number,
            side=28 if one.kind == "digits" else 256,
        )
        for number, (truth, guess, confidence) in enumerate(one.shown)
    ]
    name = f"natural-{one.classifier}".replace("+", "-")
    return Sheet(
        name, f"What {one.classifier} calls the project’s own pictures", pictures, IN_A_ROW
    )


def _notes(found: Sequence[Natural]) -> list[str]:
    notes = [
        f"{one.classifier}: {one.words} alone, which tells of no population. A folder of your own "
        "says more."
        for one in found
        if not one.is_enough
    ]
    damaged = [
        f"{one.damaged:,} pictures could not be read and are left out ({one.classifier})."
        for one in found
        if one.damaged
    ]
    own = (
        "Confidences are those of the first answer; of a fooling picture, of the label of its cell."
    )
    return [*notes, *damaged, *([own] if any(one.fooling for one in found) else [])]
