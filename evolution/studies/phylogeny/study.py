"""The runs, and what is measured of each: its champions' likeness, its descent, runs beside runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from evolution.errors import InvalidInput
from evolution.services import embedding
from evolution.studies import networks
from evolution.studies.base import Beat, Done, Evolution, Finished, Outcome, Part, Study
from evolution.studies.findings import Findings
from evolution.studies.phylogeny import families, likeness, runs_apart, telling
from evolution.studies.settings import setting

PICTURES = 1000  # champions of a run, at most as many different ones
SECONDS_A_TEST = 10.0  # Mantel's, of a thousand labels, a thousand shuffles


@dataclass(frozen=True)
class Parameters:
    preset: str = setting(
        "imagenet-cppn-paper",
        "What is bred, and how.",
        choices=("imagenet-cppn-paper", "imagenet-cppn-published", "imagenet-cppn-fast"),
    )
    runs: int = setting(5, "Independent runs.", least=1, most=50)
    generations: int = setting(5000, "Of children, after the random one.", least=1, most=100_000)
    classifier: str = setting("squeezenet", "The network to fool; its embedding measures likeness.")
    observer: str = setting(
        "efficientnet-lite0", "A network that bred nothing, to measure likeness once more; or none."
    )
    permutations: int = setting(999, "Shuffles of each test.", least=99, most=9999)
    first_seed: int = setting(0, "Of the first run; the others follow.", least=0, most=2**31)

    @property
    def seeds(self) -> range:
        return range(self.first_seed, self.first_seed + self.runs)

    @property
    def looking(self) -> tuple[str, ...]:
        """The networks whose embedding measures likeness, the run's own first."""
        return tuple(dict.fromkeys(name for name in (self.classifier, self.observer) if name))


class Phylogeny(Study[Parameters]):
    name = "phylogeny"
    title = "Related classes, related pictures"
    section = "§3.4, Fig. 9"
    question = "Do classes that are related hold pictures that are related?"
    parameters = Parameters
    scales: ClassVar = {
        "paper": Parameters(),
        "scaled": Parameters(preset="imagenet-cppn-fast", runs=3, generations=100),
        "quick": Parameters(preset="imagenet-cppn-fast", runs=2, generations=20, permutations=199),
    }
    usual = "scaled"

    def check(self, parameters: Parameters) -> None:
        for name in ("classifier", "observer"):
            if getattr(parameters, name) or name == "classifier":
                _check_network(name, getattr(parameters, name))
        if parameters.observer == parameters.classifier:
            raise InvalidInput("observer", "expected another network than the one to fool, or none")

    def parts(self, parameters: Parameters) -> Sequence[Part]:
        runs = [
            Part(
                _run(seed),
                run=Evolution(
                    parameters.preset, parameters.classifier, seed, parameters.generations
                ),
            )
            for seed in parameters.seeds
        ]
        return [*runs, *_measurements(parameters)]

    def work(self, parameters: Parameters, part: Part, finished: Finished, beat: Beat) -> Done:
        asked = part.arguments
        if asked["what"] == "apart":
            outcomes = [finished[_run(seed)] for seed in parameters.seeds]
            return Done(runs_apart.measured(outcomes, asked["network"], beat))
        outcome: Outcome = finished[_run(asked["seed"])]
        settings = {"seed": asked["seed"], "permutations": asked["permutations"]}
        if asked["what"] == "descent":
            return Done(families.measured(outcome, settings, beat))
        return Done(likeness.measured(outcome, asked["network"], settings, beat))

    def findings(self, parameters: Parameters, finished: Finished) -> Findings:
        return telling.findings(parameters, finished)


def _measurements(parameters: Parameters) -> list[Part]:
    parts = []
    for seed in parameters.seeds:
        shared = {"seed": seed, "permutations": parameters.permutations}
        for name in parameters.looking:
            asked = {**shared, "what": "likeness", **_network(name)}
            parts.append(_part(telling.likeness_key(name, seed), asked, PICTURES))
        parts.append(_part(telling.descent_key(seed), {**shared, "what": "descent"}, 0))
    if parameters.runs > 1:
        parts += [
            _part(
                telling.apart_key(name), {"what": "apart", **_network(name)}, 19 * parameters.runs
            )
            for name in parameters.looking
        ]
    return parts


def _part(key: str, arguments: dict[str, Any], pictures: int) -> Part:
    seconds = pictures * 0.04 + 4 * SECONDS_A_TEST * arguments.get("permutations", 0) / 999
    return Part(key, stage=1, arguments=arguments, evaluations=pictures, seconds=seconds)


def _network(name: str) -> dict[str, Any]:
    return {"network": name, "versions": networks.versions(name)}


def _run(seed: int) -> str:
    return telling.run_key(seed)


def _check_network(parameter: str, name: str) -> None:
    found = networks.named(parameter, name, channels=3)
    if found.label_set.wordnet_ids is None and parameter == "classifier":
        raise InvalidInput(
            parameter,
            f"expected a network whose labels WordNet files, as ImageNet's are; got {name}",
        )
    if not embedding.embeds(name):
        raise InvalidInput(
            parameter,
            f"expected one network that tells what its last layer reads, got {name}, which is "
            f"{'the mean of several' if '+' in name else 'a program'}",
        )
