"""Who holds the cells of a group's runs now: the surest of each label, run by run."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evolution.exhibits.comparing.groups import Group
from evolution.measures import medians
from evolution.models import Elite

ROW = np.dtype(
    [("run", "i8"), ("label", "i8"), ("individual", "i8"), ("since", "i8"), ("confidence", "f8")]
)
NOBODY = -1


@dataclass(frozen=True)
class Champions:
    """confidences: (n_runs, n_labels), NaN where nobody holds a cell of the label.

    individuals, since: (n_runs, n_labels) int64, NOBODY where there is a hole.
    """

    confidences: medians.Field
    individuals: NDArray[np.int64]
    since: NDArray[np.int64]

    @property
    def class_medians(self) -> medians.Field:
        """(n_labels,) the median over the runs, class by class: the sample of the U test."""
        return medians.over_runs(self.confidences)

    @property
    def surest(self) -> NDArray[np.int64]:
        """(n_labels,) the run, by its place in the group, whose champion is surest."""
        places: NDArray[np.int64] = np.argmax(np.nan_to_num(self.confidences, nan=-1.0), axis=0)
        return places


def of(group: Group, *, drawable: bool = False) -> Champions:
    """Read a group's champions by one query; drawable: those alone whose genome was kept."""
    n_labels = len(group.labels)
    holders = Elite.objects.holders().filter(run__in=group.ids, label__lt=n_labels)
    if drawable:
        holders = holders.filter(individual__genome__isnull=False)
    # Of the slots that share a label the surest is written last, of equals the oldest.
    ordered = holders.order_by("confidence", "-id").values_list(
        "run", "label", "individual", "since_generation", "confidence"
    )
    rows = np.fromiter(ordered, ROW)
    places = np.searchsorted(group.ids, rows["run"]), rows["label"]
    found = Champions(
        np.full((len(group.runs), n_labels), np.nan),
        np.full((len(group.runs), n_labels), NOBODY, dtype=np.int64),
        np.full((len(group.runs), n_labels), NOBODY, dtype=np.int64),
    )
    found.confidences[places] = rows["confidence"]
    found.individuals[places] = rows["individual"]
    found.since[places] = rows["since"]
    return found
