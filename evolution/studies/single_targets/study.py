"""§2.2: aiming at one class at a time instead of all, for as many pictures shown to the network."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from classifiers import catalogue
from evolution.errors import InvalidInput
from evolution.studies import networks
from evolution.studies.base import Evolution, Finished, Part, Study
from evolution.studies.findings import Findings
from evolution.studies.imagenet.settings import check_classifier
from evolution.studies.settings import setting
from evolution.studies.single_targets import shown
from evolution.studies.single_targets.cases import Case, aimed_key, whole_key


@dataclass(frozen=True)
class Parameters:
    runs: int = setting(10, "Of MAP-Elites, and of every target, for digits.", least=1, most=100)
    generations: int = setting(200, "Of MAP-Elites, for digits.", least=10, most=100_000)
    classifier: str = setting("lenet-a", "The network that reads digits.")
    photo_runs: int = setting(1, "The same for photographs; 0: none.", least=0, most=20)
    photo_generations: int = setting(
        5000, "Of MAP-Elites, for photographs.", least=10, most=100_000
    )
    photo_classifier: str = setting("squeezenet", "The network that knows photographs.")
    photo_targets: tuple[str, ...] = setting(
        ("207", "445", "782", "805"), "Their classes to aim at, 0 to 999."
    )
    first_seed: int = setting(0, "Of the first run; the others follow.", least=0, most=2**31)


DIGITS: Final = tuple(range(10))


class SingleTargets(Study[Parameters]):
    name = "map-elites-vs-single"
    title = "All classes at once, or one at a time"
    section = "§2.2"
    question = "Does it matter that MAP-Elites aims at all classes at once?"
    parameters = Parameters
    scales: ClassVar = {
        "paper": Parameters(),
        "scaled": Parameters(runs=5, photo_generations=100),
        "digits": Parameters(photo_runs=0),
        "quick": Parameters(runs=2, generations=50, photo_runs=0),
    }
    usual = "scaled"

    def check(self, parameters: Parameters) -> None:
        digits = networks.named("classifier", parameters.classifier, channels=1)
        if len(digits.targets) != len(DIGITS):
            raise InvalidInput("classifier", f"expected one of ten digits, got {digits.name}")
        if parameters.photo_runs:
            check_classifier(parameters.photo_classifier, "photo_classifier")
            _targets(parameters)

    def parts(self, parameters: Parameters) -> Sequence[Part]:
        first = parameters.first_seed
        return [
            part
            for case in cases(parameters)
            for seed in range(first, first + case.runs)
            for part in _parts(case, seed)
        ]

    def findings(self, parameters: Parameters, finished: Finished) -> Findings:
        return shown.findings(cases(parameters), parameters.first_seed, finished)


def cases(parameters: Parameters) -> list[Case]:
    """Both encodings of digits; photographs by CPPNs if they are wanted."""
    found = [
        Case(
            encoding,
            title,
            f"mnist-{encoding}-paper",
            f"mnist-{encoding}-single",
            parameters.classifier,
            parameters.runs,
            parameters.generations,
            DIGITS,
        )
        for encoding, title in (("direct", "digits, direct"), ("cppn", "digits, CPPN"))
    ]
    if not parameters.photo_runs:
        return found
    photographs = Case(
        "photographs",
        "photographs, CPPN",
        "imagenet-cppn-fast",
        "imagenet-cppn-single",
        parameters.photo_classifier,
        parameters.photo_runs,
        parameters.photo_generations,
        _targets(parameters),
    )
    return [*found, photographs]


def _parts(case: Case, seed: int) -> list[Part]:
    whole = Evolution(case.whole, case.classifier, seed, case.generations)
    return [Part(whole_key(case, seed), run=whole)] + [
        Part(
            aimed_key(case, reading, target, seed),
            run=Evolution(
                case.single, case.classifier, seed, case.aimed_generations(reading), target
            ),
        )
        for reading in case.readings
        for target in case.targets
    ]


def _targets(parameters: Parameters) -> tuple[int, ...]:
    """Raises InvalidInput."""
    words = parameters.photo_targets
    most = len(catalogue.entry(parameters.photo_classifier).targets)
    numbers = [int(word) if word.isascii() and word.isdigit() else -1 for word in words]
    if not words or len(set(numbers)) != len(numbers) or not all(0 <= n < most for n in numbers):
        raise InvalidInput(
            "photo_targets",
            f"expected different numbers, 0 to {most - 1}, got {', '.join(words) or 'none'}",
        )
    return tuple(numbers)
