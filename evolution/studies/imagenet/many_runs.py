"""Runs of one encoding against a thousand classes, with what a reader must know about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from classifiers import catalogue
from evolution.measures import medians
from evolution.measures.medians import Field
from evolution.studies.base import Outcome
from evolution.studies.imagenet import many_classes
from evolution.studies.imagenet.settings import Cppn, Direct, Encoding, preset
from evolution.studies.likeness import counted

PAPER_GENERATIONS = {"direct": 20_000, "cppn": 5000}
PAPER_RUNS = 5
TITLES = {"direct": "direct", "cppn": "CPPN"}


@dataclass(frozen=True)
class Measured:
    """Finished runs, at least one."""

    encoding: Encoding
    runs: Sequence[Outcome]
    parameters: Direct

    @cached_property
    def confidences(self) -> Field:
        """(n_runs, n_labels), holes are NaN."""
        return many_classes.confidences(self.runs, self.parameters.n_labels)

    @cached_property
    def class_medians(self) -> Field:
        """(n_labels,) over the runs."""
        return medians.over_runs(self.confidences)

    @cached_property
    def highest(self) -> Field:
        """(n_labels,) of any run; -1 where no run has the class."""
        found: Field = np.nan_to_num(self.confidences, nan=-1.0).max(axis=0)
        return found

    @property
    def median(self) -> float:
        """Of the class medians: 88.11% in the paper for CPPNs, 21.59% for the direct encoding."""
        return many_classes.middle(self.class_medians)

    @property
    def generations(self) -> int:
        """Of children, planned."""
        if self.encoding == "direct" and isinstance(self.parameters, Cppn):
            return self.parameters.direct_generations
        return self.parameters.generations

    @property
    def conditions(self) -> str:
        return (
            f"{counted(len(self.runs), 'run')} of {self.generations:,} generations against "
            f"{self.parameters.classifier}, preset {preset(self.encoding, self.parameters.crops)}"
        )

    @property
    def differences(self) -> str:
        """How these runs differ from the paper's, as a sentence."""
        paper = PAPER_GENERATIONS[self.encoding]
        title = catalogue.entry(self.parameters.classifier).title
        known = [f"{title} instead of the paper’s network"]
        if self.generations != paper:
            known.append(f"{self.generations:,} generations instead of {paper:,}")
        if self.parameters.crops != "ten":
            known.append("one view of a picture instead of the mean of ten crops")
        if len(self.runs) != PAPER_RUNS:
            known.append(f"{counted(len(self.runs), 'run')} instead of {PAPER_RUNS}")
        return f"Not as in the paper: {'; '.join(known)}."
