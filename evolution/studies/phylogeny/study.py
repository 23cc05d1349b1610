"""The runs, and what is measured of each: its champions' likeness, its descent, runs beside runs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from classifiers.entries import JOINT
from evolution.errors import InvalidInput
from evolution.services import embedding
from evolution.studies import networks
from evolution.studies.base import Beat, Done, Evolution, Finished, Outcome, Part, Study
from evolution.studies.findings import Findings
from evolution.studies.imagenet.settings import CROPS, check_classifier, preset
from evolution.studies.phylogeny import families, likeness, runs_apart, telling
from evolution.studies.settings import setting

PICTURES = 1000  # champions of a run, at most as many different ones
SECONDS_A_TEST = 10.0  # Mantel's, of a thousand labels, a thousand shuffles


@dataclass(frozen=True)
class Parameters:
    runs: int = setting(5, "Independent runs.", least=1, most=50)
    generations: int = setting(5000, "Of children, after the random one.", least=1, most=100_000)
    crops: str = setting("ten", "What the network sees of a picture.", choices=CROPS)
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
    def preset(self) -> str:
        return preset("cppn", self.crops)

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
        "scaled": Parameters(runs=2, generations=100, crops="whole"),
        "quick": Parameters(runs=2, generations=5, crops="whole", permutations=199),
    }
    usual = "scaled"

    def check(self, parameters: Parameters) -> None:
        check_classifier(parameters.classifier)
        if parameters.observer == parameters.classifier:
            raise InvalidInput("observer", "expected another network than the one to fool, or none")
        _check_embeds("classifier", parameters.classifier)
        if parameters.observer:
            networks.named("observer", parameters.observer, channels=3)
            _check_embeds("observer", parameters.observer)

    def parts(self, parameters: Parameters) -> Sequence[Part]:
        order = Evolution(parameters.preset, parameters.classifier, 0, parameters.generations)
        runs = [
            Part(telling.run_key(seed), run=replace(order, seed=seed)) for seed in parameters.seeds
        ]
        return [*runs, *_measurements(parameters)]

    def work(self, parameters: Parameters, part: Part, finished: Finished, beat: Beat) -> Done:
        asked = part.arguments
        if asked["what"] == "apart":
            outcomes = [finished[telling.run_key(seed)] for seed in parameters.seeds]
            return Done(runs_apart.measured(outcomes, asked["network"], beat))
        outcome: Outcome = finished[telling.run_key(asked["seed"])]
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


def _check_embeds(parameter: str, name: str) -> None:
    if not embedding.embeds(name):
        raise InvalidInput(
            parameter,
            f"expected one network that tells what its last layer reads, got {name}, which is "
            f"{'the mean of several' if JOINT in name else 'a program'}",
        )
