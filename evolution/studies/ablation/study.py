"""§3.4, Fig. 10: are networks less sure of a picture from which repeated elements were removed?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from classifiers import catalogue
from evolution.algorithms import presets
from evolution.algorithms.settings import CppnSettings, MapElitesSettings
from evolution.errors import InvalidInput
from evolution.models import Run
from evolution.studies import champions, networks
from evolution.studies.ablation import shown, work
from evolution.studies.ablation.rows import read
from evolution.studies.base import Beat, Done, Evolution, Finished, Part, Study
from evolution.studies.findings import Findings
from evolution.studies.settings import setting

SECONDS = {"ten": 5.0, "whole": 0.5}  # of a champion of 256 pixels, on two cores
SMALL, SMALL_SECONDS = 64, 0.1  # pixels a side, and of one that is no larger
AT_ONCE = {"ten": 10, "whole": 50}  # labels of a part


@dataclass(frozen=True)
class Parameters:
    preset: str = setting("imagenet-cppn-paper", "What the pictures are bred with: CPPNs.")
    classifier: str = setting("squeezenet", "The network that they fool.")
    runs: int = setting(5, "Independent runs.", least=1, most=50)
    generations: int = setting(5000, "Of children, after the random one.", least=1, most=100_000)
    first_seed: int = setting(0, "Of the first run; the others follow.", least=0, most=2**31)
    run: int = setting(0, "A finished run, instead of those above; 0: none.", least=0, most=2**62)
    steps: int = setting(12, "In which the elements are removed, at most.", least=2, most=32)


class Ablation(Study[Parameters]):
    name = "ablation"
    title = "Without the repetitions"
    section = "§3.4, Fig. 10"
    question = "Does a network believe less in a picture from which repeated elements were removed?"
    parameters = Parameters
    scales: ClassVar = {
        "paper": Parameters(),
        "scaled": Parameters(preset="imagenet-cppn-fast", runs=2, generations=100),
        "digits": Parameters(
            preset="mnist-cppn-paper", classifier="lenet-a", runs=50, generations=200
        ),
        "quick": Parameters(preset="imagenet-cppn-fast", runs=1, generations=5),
    }
    usual = "scaled"

    def check(self, parameters: Parameters) -> None:
        if parameters.run:
            _check_run(parameters.run)
        else:
            entry = networks.named("classifier", parameters.classifier)
            _check_preset(parameters.preset, entry.channels)

    def parts(self, parameters: Parameters) -> Sequence[Part]:
        sources, classifier, crops, side = _sources(parameters)
        cost = SECONDS[crops] if side > SMALL else SMALL_SECONDS
        n_labels, at_once = len(catalogue.entry(classifier).targets), AT_ONCE[crops]
        chunks = [(n, min(n + at_once, n_labels) - 1) for n in range(0, n_labels, at_once)]
        return [
            *sources,
            *(
                Part(
                    f"{source.key}, labels {first}–{last}",
                    stage=1,
                    arguments={
                        "source": source.key,
                        "first": first,
                        "last": last,
                        "steps": parameters.steps,
                        "classifier": classifier,
                        "versions": networks.versions(classifier),
                    },
                    evaluations=2 * parameters.steps * (last + 1 - first),
                    seconds=cost * (last + 1 - first),
                )
                for source in sources
                for first, last in chunks
            ),
        ]

    def work(self, parameters: Parameters, part: Part, finished: Finished, beat: Beat) -> Done:
        if part.stage == 0:
            return Done(champions.summary(_stored(part.arguments["run"])))
        outcome = finished[part.arguments["source"]]
        run = _stored(outcome.run or outcome.arguments["run"])
        return work.of_champions(run, outcome.result, part.arguments, beat)

    def findings(self, parameters: Parameters, finished: Finished) -> Findings:
        measured = read(finished)
        return shown.findings(measured, _conditions(parameters), _scale(parameters))


def _sources(parameters: Parameters) -> tuple[list[Part], str, str, int]:
    """Parts that leave champions; the network that they fool, what it sees, pixels a side."""
    if parameters.run:
        run = _stored(parameters.run)
        arguments = {"run": run.pk, "generation": run.generation, "evaluations": run.evaluations}
        part = Part(f"champions of run {run.pk}", arguments=arguments, seconds=0.1)
        return [part], run.classifier, run.parameters["crops"], run.image_shape[0]
    seeds = range(parameters.first_seed, parameters.first_seed + parameters.runs)
    preset = presets.get(parameters.preset)
    parts = [
        Part(
            f"run with seed {seed}",
            run=Evolution(preset.name, parameters.classifier, seed, parameters.generations),
        )
        for seed in seeds
    ]
    return parts, parameters.classifier, preset.crops, preset.encoding.image_size


def _check_run(number: int) -> None:
    run = _stored(number)
    if run.status != Run.Status.FINISHED:
        raise InvalidInput("run", f"expected a finished one, run {number} is {run.status}")
    if run.encoding == "direct":
        raise InvalidInput("run", f"expected one of CPPNs, run {number} has a gene a pixel")
    entry = networks.named("run", run.classifier)
    if entry.version != run.classifier_version:
        raise InvalidInput(
            "run", f"expected its network as it was, {entry.name} has other weights now"
        )


def _check_preset(name: str, channels: int) -> None:
    try:
        preset = presets.get(name)
    except presets.UnknownPreset as error:
        raise InvalidInput("preset", str(error)) from None
    encoding = preset.encoding
    if not isinstance(encoding, CppnSettings) or not isinstance(
        preset.algorithm, MapElitesSettings
    ):
        raise InvalidInput("preset", f"expected one of CPPNs for all labels at once, got {name}")
    if (1 if encoding.colour == "grey" else 3) != channels:
        raise InvalidInput("classifier", f"expected one that sees the pictures of {name}")


def _stored(number: int) -> Run:
    run = Run.objects.filter(pk=number).first()
    if run is None:
        raise InvalidInput("run", f"expected the number of a stored run, got {number}")
    return run


def _conditions(parameters: Parameters) -> str:
    if parameters.run:
        return f"run {parameters.run}"
    return (
        f"{parameters.runs} runs of {parameters.generations:,} generations against "
        f"{parameters.classifier}, preset {parameters.preset}"
    )


def _scale(parameters: Parameters) -> str:
    return (
        "The paper removed elements by hand, from pictures that it does not count, of a run of "
        f"5,000 generations against AlexNet. Here a method finds and removes them in all champions "
        f"of {_conditions(parameters)}."
    )
