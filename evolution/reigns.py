"""Who held which cell of a run when, sampled at some generations.

At a generation, what counts in a run is the elite that held the cell then. A reign without an end
goes on: a run that stopped early keeps its last champions.
"""

from collections.abc import Sequence

import numpy as np
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from evolution.measures.medians import Field
from evolution.models import Elite

NEVER = 2**31 - 1  # the end of a reign that goes on
REIGN = np.dtype(
    [("run", "i8"), ("label", "i8"), ("since", "i8"), ("until", "i8"), ("confidence", "f8")]
)

Indices = NDArray[np.int64]


def sampled(last: int, most: int) -> Indices:
    """Generations 0 to last, evenly spaced, both ends among them, at most `most`."""
    return np.linspace(0, last, min(last + 1, most)).round().astype(np.int64)


def held(reigns: NDArray[np.void], generations: Indices, n_runs: int, n_labels: int) -> Field:
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


def of_runs(ids: Sequence[int], reached: Sequence[int], n_labels: int) -> NDArray[np.void]:
    """The history as it was when the runs had reached these generations, by one query.

    ids: ascending. Returns (n_reigns,) REIGN, the runs numbered by their place among `ids`.
    """
    rows = Elite.objects.filter(run__in=list(ids), label__lt=n_labels).values_list(
        "run_id",
        "label",
        "since_generation",
        Coalesce(F("until_generation"), Value(NEVER)),
        "confidence",
    )
    reigns = np.fromiter(rows.iterator(chunk_size=10_000), REIGN)
    reigns["run"] = np.searchsorted(ids, reigns["run"])
    ends = np.asarray(reached)[reigns["run"]]
    reigns["until"][reigns["until"] >= ends] = NEVER
    kept: NDArray[np.void] = reigns[reigns["since"] < ends]
    return kept
