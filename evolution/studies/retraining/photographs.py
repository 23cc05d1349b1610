"""§3.8, §C.2 and Fig. 12: a network of ImageNet that learns what fooled it, as far as two cores go."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, ClassVar, Final

from classifiers import folders
from classifiers.base import BadDataset
from classifiers.labels import imagenet
from evolution.errors import InvalidInput
from evolution.models import Run
from evolution.studies import champions, networks
from evolution.studies.base import Beat, Done, Evolution, Finished, Part, Study
from evolution.studies.findings import Findings
from evolution.studies.imagenet.settings import preset
from evolution.studies.retraining import made, people, photo_findings, pools, refits
from evolution.studies.retraining.photo_parameters import (
    NETWORK,
    SCALED,
    TRAINING,
    Parameters,
    folder_of,
    name_of,
)

LABELS: Final = 1000
KEPT = ("labels", "confidences", "individuals", "generation", "evaluations", "seconds")
LOOKED_AT = 60  # pictures a second, whose maps are computed
SECONDS_AN_ITERATION = 0.4


class RetrainingImagenet(Study[Parameters]):
    name = "retraining-imagenet"
    title = "Photographs, with a label for what fools"
    section = "§3.8, §C.2 and Fig. 12"
    question = "Is a network of ImageNet harder to fool, once it has learnt what fooling is?"
    parameters = Parameters
    scales: ClassVar = {"paper": Parameters(), "scaled": SCALED}
    usual = "scaled"

    def check(self, parameters: Parameters) -> None:
        networks.named("classifier", NETWORK)
        wanted = sum(
            count - count // 2 for count in (parameters.fooling, parameters.fooling_validation)
        )
        if wanted > parameters.runs * LABELS:
            raise InvalidInput(
                "runs",
                f"expected {-(-wanted // LABELS)} or more, since each gives "
                f"{LABELS * pools.ARCHIVES:,} pictures, half of them of its first archive; got "
                f"{parameters.runs}",
            )
        try:
            folders.check_has_labels(folder_of(parameters), imagenet())
        except BadDataset as error:
            raise InvalidInput("data", str(error)) from None

    def parts(self, parameters: Parameters) -> Sequence[Part]:
        return list(_parts(parameters))

    def of_run(self, parameters: Parameters, part: Part, run: Run) -> dict[str, Any]:
        summary = champions.summary(run)
        return {key: summary[key] for key in KEPT} | {"version": run.classifier_version}

    def stands(self, result: Mapping[str, Any]) -> bool:
        return made.stands(result)

    def work(self, parameters: Parameters, part: Part, finished: Finished, beat: Beat) -> Done:
        if part.key == people.KEY:
            return Done(people.shown(part, beat))
        return Done(refits.trained(parameters, part.arguments["network"], finished, beat))

    def findings(self, parameters: Parameters, finished: Finished) -> Findings:
        return photo_findings.of(parameters, finished)


def _parts(parameters: Parameters) -> Iterator[Part]:
    photographs = folders.state(folder_of(parameters))
    name = name_of(parameters, photographs)
    yield from _runs(parameters, 1, NETWORK, 0)
    told = asdict(parameters)
    del told["data"], told["measured_runs"]
    looked_at = parameters.pictures + parameters.fooling + parameters.fooling_validation
    yield Part(
        TRAINING,
        1,
        arguments=told
        | {
            "network": name,
            "photographs": photographs,
            "versions": networks.versions(NETWORK),
        },
        evaluations=looked_at,
        seconds=looked_at / LOOKED_AT + parameters.iterations * SECONDS_AN_ITERATION,
    )
    yield people.part(name, 2)
    yield from _runs(parameters, 2, name, 2)


def _runs(parameters: Parameters, number: int, network: str, stage: int) -> Iterator[Part]:
    for seed in parameters.seeds(number):
        order = Evolution(preset("cppn", parameters.crops), network, seed, parameters.generations)
        yield Part(f"run against network {number}, seed {seed}", stage, order)
