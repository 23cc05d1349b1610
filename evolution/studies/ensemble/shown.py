"""What the ensemble study's page shows: the paper's numbers, and whether each member believes too."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from classifiers import catalogue
from evolution.measures.medians import Field
from evolution.studies import progress
from evolution.studies.base import Outcome
from evolution.studies.findings import (
    Cell,
    Comparison,
    Findings,
    Sheet,
    Table,
    Verdict,
    verdict,
)
from evolution.studies.imagenet import many_classes
from evolution.studies.likeness import counted, near, similar_count
from evolution.templatetags.readings import percent

if TYPE_CHECKING:
    from evolution.studies.ensemble.study import Parameters

PAPER_SURE, PAPER_MEDIAN, PAPER_GENERATIONS = 231, 0.652, 4000
SURE, VERY_SURE, HIGHEST = 0.9, 0.99, 0.9999
SHOWN, SIDE = 40, 256


@dataclass(frozen=True)
class Believed:
    """Of one member: how many of the ensemble's champions it calls by their class, and how surely.

    shown: all; sure: those that the ensemble believes at 90%.
    """

    member: str
    shown: int
    called: int
    sure: int
    sure_called: int
    sure_as_well: int
    sure_classes: frozenset[tuple[str, int]]


@dataclass(frozen=True)
class Found:
    """Finished runs, at least one, and what members answered so far."""

    parameters: "Parameters"
    runs: Sequence[Outcome]
    answers: Sequence[Outcome]

    @cached_property
    def labels(self) -> Sequence[str]:
        return catalogue.entry(self.parameters.joint).targets

    @cached_property
    def class_medians(self) -> Field:
        return many_classes.class_medians(self.runs, len(self.labels))

    @cached_property
    def members(self) -> list[Believed]:
        return [
            _believed(member, answers, {run.key: run for run in self.runs})
            for member in self.parameters.members
            if (answers := [one for one in self.answers if one.arguments["member"] == member])
        ]

    @property
    def sure(self) -> int:
        return many_classes.at_least(self.class_medians, SURE)

    @property
    def all_believe(self) -> int | None:
        """Pictures at 90% that every member calls by their class; None before all were asked."""
        if len(self.members) < len(self.parameters.members):
            return None
        return len(frozenset.intersection(*(one.sure_classes for one in self.members)))


def findings(
    parameters: "Parameters", runs: Sequence[Outcome], answers: Sequence[Outcome]
) -> Findings:
    if not runs:
        return Findings("No run has finished yet.", _scale(parameters, 0))
    found = Found(parameters, runs, answers)
    champions = many_classes.surest(runs, SHOWN)
    shown = many_classes.pictures(champions, found.labels, SIDE)
    return Findings(
        headline=_headline(found),
        scale=_scale(parameters, len(runs)),
        comparisons=_comparisons(found),
        tables=[_table(found)] if found.members else [],
        plots=[progress.medians(runs)],
        sheets=[Sheet("surest", "What the mean of the networks is surest of", shown, 8)],
    )


def _believed(member: str, answers: Sequence[Outcome], runs: dict[str, Outcome]) -> Believed:
    shown = called = sure = sure_called = sure_as_well = 0
    classes = set()
    for answer in answers:
        run = runs[answer.arguments["run"]]
        confidences = dict(zip(run.result["labels"], run.result["confidences"], strict=True))
        for label, (top, confidence) in zip(
            answer.result["labels"], answer.result["other"], strict=True
        ):
            shown += 1
            called += top == label
            if confidences[label] < SURE:
                continue
            sure += 1
            if top == label:
                sure_called += 1
                sure_as_well += confidence >= SURE
                classes.add((run.key, label))
    return Believed(member, shown, called, sure, sure_called, sure_as_well, frozenset(classes))


def _headline(found: Found) -> str:
    whole = len(found.labels)
    words = (
        f"After {found.parameters.generations:,} generations the mean of "
        f"{len(found.parameters.members)} networks is at least 90% sure of {found.sure:,} of "
        f"{whole:,} classes"
    )
    if found.all_believe is None:
        return f"{words}."
    pictures = counted(found.members[0].sure, "such picture")
    return f"{words}; of {pictures} every network by itself names {found.all_believe:,} so."


def _comparisons(found: Found) -> list[Comparison]:
    highest = float(np.nanmax(found.class_medians))
    middle = many_classes.middle(found.class_medians)
    return [
        _compared(
            found,
            ("ensemble-sure", "classes at 90% or more"),
            f"{PAPER_SURE} of 1,000",
            f"{found.sure:,} of {len(found.labels):,}",
            similar_count(found.sure, PAPER_SURE),
        ),
        _compared(
            found,
            ("ensemble-median", "median confidence of the classes"),
            percent(PAPER_MEDIAN),
            percent(middle),
            near(middle, PAPER_MEDIAN),
        ),
        _compared(
            found,
            ("ensemble-max", "highest confidence"),
            "100%",
            percent(highest),
            verdict(highest >= HIGHEST),
        ),
    ]


def _compared(
    found: Found, known: tuple[str, str], paper: str, ours: str, result: Verdict
) -> Comparison:
    """known: number and quantity."""
    parameters = found.parameters
    conditions = (
        f"{counted(len(found.runs), 'run')} of {parameters.generations:,} generations against the "
        f"mean of {', '.join(parameters.members)}, "
        f"{'ten crops' if parameters.crops == 'ten' else 'one view'} of a picture; the median over "
        "the runs, class by class"
    )
    why = _differences(parameters) if result == "differs" else ""
    return Comparison(known[0], "§B", known[1], paper, ours, conditions, result, why)


def _differences(parameters: "Parameters") -> str:
    known = ["other networks than CaffeNet, AlexNet and GoogLeNet"]
    if parameters.generations != PAPER_GENERATIONS:
        known.append(f"{parameters.generations:,} generations instead of {PAPER_GENERATIONS:,}")
    if parameters.crops != "ten":
        known.append("one view of a picture; the paper averages ten crops elsewhere")
    return f"Not as in the paper: {'; '.join(known)}."


def _scale(parameters: "Parameters", done: int) -> str:
    return (
        f"The paper has {PAPER_GENERATIONS:,} generations against CaffeNet, AlexNet and GoogLeNet; "
        f"here {done} of {counted(parameters.runs, 'run')} of {parameters.generations:,} generations "
        f"against {', '.join(parameters.members)}, "
        f"{'ten crops' if parameters.crops == 'ten' else 'one view'} of a picture."
    )


def _table(found: Found) -> Table:
    rows: list[list[Cell]] = [
        [
            one.member,
            one.shown,
            one.called / one.shown if one.shown else None,
            one.sure,
            one.sure_called,
            one.sure_as_well,
        ]
        for one in found.members
    ]
    return Table(
        "members",
        "Does each network believe it by itself?",
        [
            "network",
            "champions",
            "called by their class",
            "believed by the mean at 90%",
            "of these, called by their class",
            "of these, at 90% or more",
        ],
        rows,
        shares=(2,),
    )
