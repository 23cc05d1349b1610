"""Confidence of every class in every generation, the median over a group's runs (paper, Fig. 6, 7)."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image

from evolution import reigns
from evolution.exhibits import naming
from evolution.exhibits.comparing import colour_maps
from evolution.exhibits.comparing.groups import Group
from evolution.measures import medians
from evolution.reigns import Indices

MOST_SAMPLES = 200
KEPT = 16  # grids that a process remembers: 1.6 MB each for 1000 classes
HOLE = 255
ORDERS = {"class": "As the network lists them", "confidence": "Most certain first"}


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


def grid(group: Group) -> Grid:
    """The heat map as numbers. Read once for a state of the group, then remembered."""
    return _grid(group.state, len(group.labels))


@functools.lru_cache(maxsize=KEPT)
def _grid(state: tuple[tuple[int, int], ...], n_labels: int) -> Grid:
    ids, reached = np.array(state, dtype=np.int64).T
    generations = reigns.sampled(int(reached.max()) - 1, MOST_SAMPLES)
    history = reigns.of_runs(ids.tolist(), reached.tolist(), n_labels)
    confidences = reigns.held(history, generations, len(ids), n_labels)
    return Grid(generations, medians.over_runs(confidences))


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
