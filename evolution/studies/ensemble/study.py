"""§B: pictures that fool the mean of three networks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from classifiers import catalogue
from classifiers.base import ClassifierError
from classifiers.entries import JOINT, Ensemble
from classifiers.labels import imagenet
from evolution.errors import InvalidInput
from evolution.studies import asking, networks
from evolution.studies.base import Beat, Done, Evolution, Finished, Part, Study
from evolution.studies.ensemble import shown
from evolution.studies.findings import Findings
from evolution.studies.imagenet.settings import CROPS, preset
from evolution.studies.settings import setting

VIEWS_A_SECOND = 50.0


@dataclass(frozen=True)
class Parameters:
    members: tuple[str, ...] = setting(
        ("squeezenet", "alexnet", "googlenet"), "The networks whose mean is to be fooled."
    )
    runs: int = setting(1, "Independent runs.", least=1, most=50)
    generations: int = setting(4000, "Of children, after the random one.", least=1, most=100_000)
    crops: str = setting("ten", "What the networks see of a picture.", choices=CROPS)
    first_seed: int = setting(0, "Of the first run; the others follow.", least=0, most=2**31)

    @property
    def joint(self) -> str:
        return JOINT.join(self.members)


SHIPPED = ("squeezenet", "efficientnet-lite0", "efficientnet-lite1")


class EnsembleStudy(Study[Parameters]):
    name = "ensemble"
    title = "Three networks at once"
    section = "§B"
    question = "Is the mean of three networks fooled as one network is?"
    parameters = Parameters
    scales: ClassVar = {
        "paper": Parameters(),
        "scaled": Parameters(members=SHIPPED, generations=80, crops="whole"),
        "quick": Parameters(members=SHIPPED, generations=4, crops="whole"),
    }
    usual = "scaled"

    def check(self, parameters: Parameters) -> None:
        try:
            entry = networks.named("members", parameters.joint, channels=3)
        except ClassifierError as error:
            raise InvalidInput("members", str(error)) from None
        if not isinstance(entry, Ensemble) or entry.targets != imagenet().names:
            raise InvalidInput(
                "members",
                "expected two or more networks with the 1,000 labels of ImageNet, got "
                f"{', '.join(parameters.members) or 'none'}",
            )

    def parts(self, parameters: Parameters) -> Sequence[Part]:
        seeds = range(parameters.first_seed, parameters.first_seed + parameters.runs)
        name = preset("cppn", parameters.crops)
        runs = [
            Part(
                _run_key(seed),
                run=Evolution(name, parameters.joint, seed, parameters.generations),
            )
            for seed in seeds
        ]
        return runs + [
            _question(parameters, seed, member) for seed in seeds for member in parameters.members
        ]

    def work(self, parameters: Parameters, part: Part, finished: Finished, beat: Beat) -> Done:
        run = finished[part.arguments["run"]]
        return Done(asking.champions(run, parameters.joint, part.arguments["member"], beat))

    def findings(self, parameters: Parameters, finished: Finished) -> Findings:
        runs = [one for one in finished if one.stage == 0]
        answers = [one for one in finished if one.stage == 1]
        return shown.findings(parameters, runs, answers)


def _run_key(seed: int) -> str:
    return f"run with seed {seed}"


def _question(parameters: Parameters, seed: int, member: str) -> Part:
    views = len(catalogue.entry(member).targets) * (10 if parameters.crops == "ten" else 1)
    return Part(
        f"{_run_key(seed)}, shown to {member}",
        stage=1,
        arguments={
            "run": _run_key(seed),
            "member": member,
            "versions": networks.versions(parameters.joint, member),
        },
        evaluations=views,
        seconds=views / VIEWS_A_SECOND,
    )
