"""Confidence of every class in every generation, the median over a group's runs (paper, Fig. 6, 7).

At a generation, what counts in a run is the elite that held the cell then. A reign without an end
goes on: a run that stopped early keeps its last champions.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from numpy.typing import NDArray
from PIL import Image

from evolution.exhibits import naming
from evolution.exhibits.comparing import colour_maps, medians
from evolution.exhibits.comparing.groups import Group
from evolution.models import Elite

MOST_SAMPLES = 200
KEPT = 16  # grids that a process remembers: 1.6 MB each for 1000 classes
NEVER = 2**31 - 1  # the end of a reign that goes on
REIGN = np.dtype(
    [("run", "i8"), ("label", "i8"), ("since", "i8"), ("until", "i8"), ("confidence", "f8")]
)
HOLE = 255
ORDERS = {"class": "As the network lists them", "confidence": "Most certain first"}

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Grid:
    """generations: (n_samples,) ascending; confidences: (n_labels, n_samples), holes are NaN."""

    generations: Indices
    confidences: medians.Field


def refusal(group: Group) -> str:
    """Why there is no heat map of this group; empty if there is one."""
    if run := group.single:
        aim = naming.target(run.parameters)
        label = naming.label(run.classifier, aim or 0)
        return (
            f"Run {run.pk} aims at “{label}” alone, so it has no classes to show side by side: "
            "a heat map needs runs with one cell a label."
        )
    return "" if group.last_generation >= 0 else "The heat map begins with the first generation."


def sampled(last: int, most: int = MOST_SAMPLES) -> Indices:
    """Generations 0 to last, evenly spaced, both ends among them, at most `most`."""
    return np.linspace(0, last, min(last + 1, most)).round().astype(np.int64)


def held(
    reigns: NDArray[np.void], generations: Indices, n_runs: int, n_labels: int
) -> medians.Field:
    """Who held each cell when. Returns confidences (n_runs, n_labels, n_samples), holes are NaN.

    reigns: (n_reigns,) REIGN with runs numbered from 0; a reign lasts from `since` until before
        `until`. generations: (n_samples,) ascending.
    """
    first = np.searchsorted(generations, reigns["since"])
    lengths = np.maximum(np.searchsorted(generations, reigns["until"]) - first, 0)
    # Places in the flat result: for every reign a stretch of `lengths` samples from `first` on.
    begins = (reigns["run"] * n_labels + reigns["label"]) * len(generations) + first
    skipped = np.cumsum(lengths) - lengths
    places = np.repeat(begins - skipped, lengths) + np.arange(lengths.sum())
    confidences = np.full(n_runs * n_labels * len(generations), np.nan)
    confidences[places] = np.repeat(reigns["confidence"], lengths)
    return confidences.reshape(n_runs, n_labels, len(generations))


def grid(group: Group) -> Grid:
    """The heat map as numbers. Read once for a state of the group, then remembered."""
    return _grid(group.state, len(group.labels))


@functools.lru_cache(maxsize=KEPT)
def _grid(state: tuple[tuple[int, int], ...], n_labels: int) -> Grid:
    ids, reached = np.array(state, dtype=np.int64).T
    generations = sampled(int(reached.max()) - 1)
    reigns = _reigns(ids, reached, n_labels)
    confidences = held(reigns, generations, len(ids), n_labels)
    return Grid(generations, medians.over_runs(confidences))


def _reigns(ids: Indices, reached: Indices, n_labels: int) -> NDArray[np.void]:
    """The history as it was when the runs had reached these generations, by one query."""
    rows = Elite.objects.filter(run__in=ids.tolist(), label__lt=n_labels).values_list(
        "run_id",
        "label",
        "since_generation",
        Coalesce(F("until_generation"), Value(NEVER)),
        "confidence",
    )
    reigns = np.fromiter(rows.iterator(chunk_size=10_000), REIGN)
    reigns["run"] = np.searchsorted(ids, reigns["run"])
    ends = reached[reigns["run"]]
    reigns["until"][reigns["until"] >= ends] = NEVER
    kept: NDArray[np.void] = reigns[reigns["since"] < ends]
    return kept


def order(class_medians: medians.Field, by: str) -> Indices:
    """The classes from the top row down. class_medians: (n_labels,); classes with holes last."""
    if by == "class":
        return np.arange(len(class_medians))
    return np.argsort(-np.nan_to_num(class_medians, nan=-1.0), kind="stable")


def png(confidences: medians.Field) -> bytes:
    """One pixel a class and sample. confidences: (n_labels, n_samples); holes are transparent."""
    known = np.nan_to_num(confidences, nan=0.0)
    steps = np.clip(known * colour_maps.STEPS, 0, colour_maps.STEPS - 1).astype(np.uint8)
    steps[np.isnan(confidences)] = HOLE
    image = Image.fromarray(steps)
    image.putpalette([*colour_maps.palette().tobytes(), 0, 0, 0])
    file = BytesIO()
    image.save(file, "PNG", transparency=HOLE)
    return file.getvalue()


def rows_named(n_rows: int, most: int = 40, few: int = 11) -> Sequence[int]:
    """The rows that have their label beside them: all, or some at equal distances."""
    if n_rows <= most:
        return range(n_rows)
    return [int(row) for row in np.linspace(0, n_rows - 1, few).round()]
