"""What retraining for photographs came to, beside §3.8, §C.2 and Fig. 12."""

from collections.abc import Mapping, Sequence
from typing import Any

from classifiers.labels import imagenet
from evolution.measures import medians
from evolution.measures.mann_whitney import MannWhitney, mann_whitney
from evolution.measures.medians import Field
from evolution.studies.base import Finished, Outcome
from evolution.studies.findings import (
    Comparison,
    Findings,
    Link,
    Picture,
    Sheet,
    Table,
    verdict,
)
from evolution.studies.imagenet import many_classes
from evolution.studies.retraining import people_shown
from evolution.studies.retraining.photo_parameters import TRAINING, Parameters, runs_of
from evolution.templatetags.readings import percent

LABELS = 1000
SHOWN = 40  # pictures of each network on the sheet
SIDE = 256
DIFFERENT = (
    "The paper trains its second network from random weights on all of ImageNet, for 450,000 "
    "iterations. Here only the last layer of SqueezeNet is trained on, with the photographs of a "
    "folder: what the layers below look for stays as it was."
)
FEW = "A label that has no photographs in the folder is learnt by nothing, and may be forgotten."


def of(parameters: Parameters, finished: Finished) -> Findings:
    training = finished[TRAINING].result if TRAINING in finished else None
    before = runs_of(finished, 1)[: parameters.measured_runs]
    after = [
        run
        for run in runs_of(finished, 2)
        if training and run.result["version"] == training["version"]
    ]
    return Findings(
        headline=_headline(before, after, training),
        scale=_scale(parameters, training),
        comparisons=[
            *_fooled(parameters, before, after),
            *(_errors(training) if training else []),
            people_shown.compared(finished),
        ],
        tables=[_table(training)] if training else [],
        sheets=[*_champions(before, after), *people_shown.sheets(finished)],
        links=[
            Link(f"A run against network {number}", f"/runs/{runs[0].run}/")
            for number, runs in ((1, before), (2, after))
            if runs
        ],
        notes=(DIFFERENT, FEW, *people_shown.notes(finished)),
    )


def _medians(runs: Sequence[Outcome]) -> Field:
    """(1000,) of each class over the runs."""
    return medians.over_runs(many_classes.confidences(runs, LABELS))


def _headline(
    before: Sequence[Outcome], after: Sequence[Outcome], training: Mapping[str, Any] | None
) -> str:
    if not before:
        return "No run has finished yet."
    first = percent(many_classes.middle(_medians(before)))
    if after:
        second = percent(many_classes.middle(_medians(after)))
        return f"Network 1 is {first} sure (median) of what is bred against it, network 2 {second}."
    if training:
        return f"Network 2 calls {percent(training['found'])} of fooling pictures it never saw so."
    return f"Network 1 is {first} sure (median) of what is bred against it."


def _scale(parameters: Parameters, training: Mapping[str, Any] | None) -> str:
    crops = "ten crops" if parameters.crops == "ten" else "the whole picture instead of ten crops"
    words = (
        f"{DIFFERENT} The paper has runs of 5,000 generations, and 9,000 + 2,000 fooling pictures "
        f"beside 1.3 million photographs; 11,000 pictures need 6 runs of 2,000 while it tells of 5. "
        f"Here {parameters.runs} runs of {parameters.generations:,} generations with {crops} give "
        f"{parameters.fooling:,} + {parameters.fooling_validation:,} pictures; medians are of "
        f"{parameters.measured_runs} runs; {parameters.iterations:,} iterations."
    )
    if training:
        words += (
            f" There were {training['learnt']:,} photographs of {training['known_labels']:,} labels "
            f"to learn from, and {training['kept']:,} to measure errors on."
        )
    return words


def _conditions(parameters: Parameters) -> str:
    return (
        f"SqueezeNet, last layer only; {parameters.measured_runs} runs of "
        f"{parameters.generations:,} generations a network"
    )


def _fooled(
    parameters: Parameters, before: Sequence[Outcome], after: Sequence[Outcome]
) -> list[Comparison]:
    tested = _tested(before, after)
    ours = ""
    if tested:
        ours = f"{percent(tested.median_a)} → {percent(tested.median_b)}"
    elif before:
        ours = f"{percent(many_classes.middle(_medians(before)))} → not known yet"
    fell = tested is not None and tested.median_b < tested.median_a
    return [
        Comparison(
            "retraining-imagenet-medians",
            "§3.8, Fig. 12",
            "median confidence of what is bred against network 1 → against network 2",
            "88.1% → 11.7%",
            ours,
            _conditions(parameters),
            verdict(fell and tested.is_significant) if tested else "open",
            "" if fell or not tested else DIFFERENT,
        ),
        Comparison(
            "retraining-imagenet-p",
            "§3.8",
            "is network 2 less sure? (Mann–Whitney U over the classes)",
            "p < 0.0001",
            f"{tested.p_words}, U = {tested.u_words}" if tested else "",
            _conditions(parameters),
            verdict(fell and tested.p < 0.0001) if tested else "open",
        ),
    ]


def _tested(before: Sequence[Outcome], after: Sequence[Outcome]) -> MannWhitney | None:
    return mann_whitney(_medians(before), _medians(after)) if before and after else None


def _errors(training: Mapping[str, Any]) -> list[Comparison]:
    kept = f"{training['kept']:,} photographs of the folder that were kept for it"
    close = training["after"] <= training["before"] + 0.005
    return [
        Comparison(
            "retraining-imagenet-error-with-fooling",
            "§C.2",
            "error of network 2 with fooling pictures among the photographs: lower than without?",
            "41.0% < 42.6%",
            f"{percent(training['validation'])}, without {percent(training['after'])}",
            f"{kept}, and {training['fooling_kept']:,} fooling pictures",
            verdict(training["validation"] < training["after"]),
        ),
        Comparison(
            "retraining-imagenet-error",
            "§C.2",
            "error of network 1 → of network 2, photographs alone",
            "42.6% → 42.6%",
            f"{percent(training['before'])} → {percent(training['after'])}",
            kept,
            verdict(close),
            "" if close else FEW,
        ),
    ]


def _table(training: Mapping[str, Any]) -> Table:
    return Table(
        "errors",
        "Errors on pictures that were kept for it",
        ["network", "pictures", "how many", "error", "paper"],
        [
            ["1", "photographs", training["kept"], training["before"], 0.426],
            ["2", "photographs", training["kept"], training["after"], 0.426],
            [
                "2",
                "photographs and fooling",
                training["kept"] + training["fooling_kept"],
                training["validation"],
                0.41,
            ],
            ["2", "fooling", training["fooling_kept"], 1 - training["found"], None],
        ],
        shares=(3, 4),
    )


def _champions(before: Sequence[Outcome], after: Sequence[Outcome]) -> list[Sheet]:
    """Champions of the first run against each network, the same labels of both."""
    return [_sheet(number, runs[0]) for number, runs in ((1, before), (2, after)) if runs]


def _sheet(number: int, run: Outcome) -> Sheet:
    names = imagenet().names
    step = LABELS // SHOWN
    kept = list(
        zip(
            run.result["labels"],
            run.result["confidences"],
            run.result["individuals"],
            strict=True,
        )
    )
    return Sheet(
        f"champions-{number}",
        f"Bred against network {number}: every {step}th label",
        [
            Picture(names[label], percent(confidence), individual, side=SIDE)
            for label, confidence, individual in kept[::step]
        ],
    )
