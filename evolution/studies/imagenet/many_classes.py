"""What a thousand classes came to over several runs (Fig. 6, 7 and 8)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from evolution import reigns
from evolution.measures import medians
from evolution.measures.medians import Field
from evolution.models import Run
from evolution.studies.base import Outcome
from evolution.studies.findings import HeatMap, Picture
from evolution.templatetags.readings import percent

SAMPLES: Final = 20  # generations of a heat map
HOLE: Final = -1
THOUSAND: Final = 1000


class Champion(NamedTuple):
    """The surest picture of a class among several runs."""

    label: int
    individual: int
    confidence: float


def confidences(runs: Sequence[Outcome], n_labels: int) -> Field:
    """Of the champions, (n_runs, n_labels) 0 to 1; NaN where nobody holds a cell of the label."""
    found = np.full((len(runs), n_labels), np.nan)
    for row, run in zip(found, runs, strict=True):
        row[run.result["labels"]] = run.result["confidences"]
    return found


def class_medians(runs: Sequence[Outcome], n_labels: int) -> Field:
    """(n_labels,) the median over the runs, class by class: what the paper's figures show."""
    return medians.over_runs(confidences(runs, n_labels))


def history(run: Run, n_labels: int) -> Mapping[str, Any]:
    """The archive at some generations, small enough to be kept.

    generations: (n_samples,). thousandths: n_labels rows of confidences in thousandths, cut; HOLE
    where a cell was empty.
    """
    at = reigns.sampled(run.generation - 1, SAMPLES)
    rows = reigns.of_runs([run.pk], [run.generation], n_labels)
    (held,) = reigns.held(rows, at, 1, n_labels)
    cut = np.nan_to_num(np.floor(held * THOUSAND), nan=HOLE).astype(int)
    return {"generations": at.tolist(), "thousandths": cut.tolist()}


def heat_map(runs: Sequence[Outcome], labels: Sequence[str], title: str) -> HeatMap:
    """A row a class, a column a generation: the median over the runs that came equally far."""
    at = runs[0].result["history"]["generations"]
    alike = [run for run in runs if run.result["history"]["generations"] == at]
    kept = np.array([run.result["history"]["thousandths"] for run in alike], dtype=float)
    kept[kept == HOLE] = np.nan
    field = medians.over_runs(kept / THOUSAND)
    values = [[None if cell != cell else cell for cell in row] for row in field.tolist()]
    last = field[:, -1]
    return HeatMap(
        "classes",
        title,
        labels,
        [f"{generation:,}" for generation in at],
        values,
        f"From generation {at[0]:,} to {at[-1]:,} the median class goes from "
        f"{percent(middle(field[:, 0]))} to {percent(middle(last))}.",
    )


def surest(runs: Sequence[Outcome], most: int) -> list[Champion]:
    """The classes with the surest picture of any run, each picture once, surest first."""
    best: dict[int, Champion] = {}
    for run in runs:
        columns = (run.result[key] for key in ("labels", "individuals", "confidences"))
        for champion in map(Champion._make, zip(*columns, strict=True)):
            known = best.get(champion.label)
            if known is None or champion.confidence > known.confidence:
                best[champion.label] = champion
    ordered = sorted(best.values(), key=lambda one: (-one.confidence, one.label))
    once: dict[int, Champion] = {}
    for champion in ordered:
        once.setdefault(champion.individual, champion)
    return list(once.values())[:most]


def pictures(champions: Sequence[Champion], labels: Sequence[str], side: int) -> list[Picture]:
    return [
        Picture(labels[one.label], percent(one.confidence), individual=one.individual, side=side)
        for one in champions
    ]


def at_least(values: Field, least: float) -> int:
    """How many are at least so sure; holes are not."""
    return int(np.sum(np.nan_to_num(values, nan=-1.0) >= least))


def middle(values: Field) -> float:
    """The median of what is known; 0 if nothing is."""
    known = medians.without_holes(values)
    return float(np.median(known)) if len(known) else 0.0
