"""The runs that breed what is needed, and the judging study that is opened with their pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from evolution.errors import InvalidInput
from evolution.judging.plans import JudgingPlan
from evolution.studies import networks
from evolution.studies.base import Beat, Done, Evolution, Finished, Part, Study
from evolution.studies.findings import Findings
from evolution.studies.human_vs_dnn import asking, kinds, telling
from evolution.studies.human_vs_dnn.kinds import Kind
from evolution.studies.imagenet.settings import CROPS, check_classifier, preset
from evolution.studies.settings import setting

JUDGING = telling.JUDGING


@dataclass(frozen=True)
class Parameters:
    digits: str = setting("lenet-a", "The network that digits are bred against.")
    digit_runs: int = setting(5, "Runs of digits, of each encoding.", least=1, most=50)
    digit_generations: int = setting(200, "Of children, of digits.", least=1, most=100_000)
    colours: str = setting("squeezenet", "The network that colour pictures are bred against.")
    colour_runs: int = setting(
        5, "Runs of colour pictures, of each encoding; 0: take what is there.", least=0, most=50
    )
    direct_generations: int = setting(20_000, "Of colour, direct.", least=1, most=100_000)
    cppn_generations: int = setting(5000, "Of colour, CPPN.", least=1, most=100_000)
    crops: str = setting("ten", "What the colour network sees of a picture.", choices=CROPS)
    pictures: int = setting(12, "Pictures of each kind.", least=8, most=36)
    answers: int = setting(20, "Answers wanted of each picture.", least=1, most=1000)
    least: float = setting(
        0.99, "How sure a network must be of a bred picture, 0 to 1.", least=0.1, most=0.9999
    )
    seed: int = setting(0, "Draws the pictures; another one asks anew.", least=0, most=2**31)

    @property
    def kinds(self) -> list[Kind]:
        return kinds.wanted(self.digits, self.colours)


class HumanVsDnn(Study[Parameters]):
    name = "human-vs-dnn"
    title = "What people see"
    section = "§1, Fig. 1"
    question = "Do people see nothing in pictures that networks are sure of?"
    parameters = Parameters
    scales: ClassVar = {
        "paper": Parameters(),
        "scaled": Parameters(
            digit_runs=2,
            colour_runs=2,
            direct_generations=400,
            cppn_generations=100,
            crops="whole",
            least=0.5,
        ),
        "quick": Parameters(digit_runs=1, colour_runs=0, crops="whole", least=0.5),
    }
    usual = "scaled"
    is_live = True

    def check(self, parameters: Parameters) -> None:
        networks.named("digits", parameters.digits, channels=1)
        check_classifier(parameters.colours, "colours")

    def parts(self, parameters: Parameters) -> Sequence[Part]:
        own = _own(parameters)
        found = kinds.there([k for k in parameters.kinds if k not in own], parameters.least)
        asked = {
            # What other studies and people made is taken as it is when this one starts.
            "there": {key: min(count, parameters.pictures) for key, count in found.items()},
            "versions": networks.versions(parameters.digits, parameters.colours),
            "pictures": parameters.pictures,
            "answers": parameters.answers,
            "least": parameters.least,
            "seed": parameters.seed,
        }
        return [*_runs(parameters), Part(JUDGING, stage=1, arguments=asked, seconds=20.0)]

    def work(self, parameters: Parameters, part: Part, finished: Finished, beat: Beat) -> Done:
        beat()
        bred = _own(parameters)
        counts = dict(part.arguments["there"]) | kinds.there(bred, parameters.least)
        found, missing = kinds.groups(
            parameters.kinds, counts, parameters.pictures, parameters.least
        )
        if not any(group.kind == "bred" for group in found):
            raise InvalidInput("pictures", "; ".join(missing))
        plan = JudgingPlan(
            asking.TITLE,
            tuple(found),
            trials=asking.TRIALS,
            answers=parameters.answers,
            least=parameters.least,
        )
        name = asking.named(plan, parameters.seed, [outcome.run for outcome in finished])
        study = asking.opened(plan, name, parameters.seed)
        beat()
        facts, files = asking.examples(study)
        return Done({"study": study.name, "missing": missing, "examples": facts}, files)

    def findings(self, parameters: Parameters, finished: Finished) -> Findings:
        return telling.findings(parameters, finished)


def _own(parameters: Parameters) -> list[Kind]:
    """The kinds that this study's own runs breed."""
    networks_of = [parameters.digits, *([parameters.colours] if parameters.colour_runs else [])]
    return [Kind("bred", one, name) for name in networks_of for one in ("direct", "cppn")]


def _runs(parameters: Parameters) -> list[Part]:
    asked, crops = parameters, parameters.crops
    digits = [("mnist-direct-paper", asked.digit_generations)]
    digits += [("mnist-cppn-paper", asked.digit_generations)]
    colours = [(preset("direct", crops), asked.direct_generations)]
    colours += [(preset("cppn", crops), asked.cppn_generations)]
    return [
        Part(f"{name}, seed {seed}", run=Evolution(name, classifier, seed, generations))
        for classifier, runs, orders in (
            (asked.digits, asked.digit_runs, digits),
            (asked.colours, asked.colour_runs, colours),
        )
        for name, generations in orders
        for seed in range(runs)
    ]
