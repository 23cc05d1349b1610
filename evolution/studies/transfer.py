"""§3.5, §A.1, §A.2, Table S1: do pictures that fool one network fool another?"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import ClassVar

from classifiers import catalogue
from classifiers.entries import AnyEntry
from evolution.algorithms import presets
from evolution.errors import InvalidInput
from evolution.studies import (
    asking,
    networks,
    transfer_numbers,
    transfer_pairs,
    transfer_shown,
)
from evolution.studies.base import Beat, Done, Evolution, Finished, Part, Study
from evolution.studies.findings import Findings
from evolution.studies.imagenet_settings import CROPS, preset
from evolution.studies.settings import setting

DIGITS, PHOTOGRAPHS = "digits", "photographs"
VIEWS_A_SECOND = {DIGITS: 1000.0, PHOTOGRAPHS: 50.0}  # drawn and asked about on a core


@dataclass(frozen=True)
class Parameters:
    digit_networks: tuple[str, ...] = setting(
        ("lenet-a", "lenet-b"), "Networks that read digits: two or more, or none."
    )
    digit_runs: int = setting(30, "Runs against each of them.", least=1, most=200)
    digit_generations: int = setting(200, "Of these runs.", least=1, most=100_000)
    digit_preset: str = setting(
        "mnist-cppn-paper",
        "As the paper describes them, or as its published code makes them.",
        choices=("mnist-cppn-paper", "mnist-cppn-published"),
    )
    photo_networks: tuple[str, ...] = setting(
        ("alexnet", "googlenet"), "Networks that know photographs: two or more, or none."
    )
    photo_runs: int = setting(1, "Runs against each of them.", least=1, most=20)
    photo_generations: int = setting(5000, "Of these runs.", least=1, most=100_000)
    crops: str = setting("ten", "What these see of a picture.", choices=CROPS)
    first_seed: int = setting(0, "Of the first run; the others follow.", least=0, most=2**31)


@dataclass(frozen=True)
class Case:
    """Networks with the same labels, whose runs are cross-fed in all ways."""

    name: str
    networks: tuple[str, ...]
    preset: str
    runs: int
    generations: int
    stage: int  # of its runs; the questions are one later


ALL = ("squeezenet", "efficientnet-lite0", "efficientnet-lite1", "efficientnet-lite2")


class Transfer(Study[Parameters]):
    name = "transfer"
    title = "Who else is fooled"
    section = "§3.5, §A, Table S1, Fig. S1"
    question = "Do pictures that fool one network fool another one?"
    parameters = Parameters
    scales: ClassVar = {
        "paper": Parameters(),
        "scaled": Parameters(photo_networks=ALL, photo_generations=100, crops="whole"),
        "digits": Parameters(photo_networks=()),
        "quick": Parameters(digit_runs=3, digit_generations=50, photo_networks=()),
    }
    usual = "scaled"

    def check(self, parameters: Parameters) -> None:
        digits = _checked("digit_networks", parameters.digit_networks, channels=1)
        photos = _checked("photo_networks", parameters.photo_networks, channels=3)
        if not digits and not photos:
            raise InvalidInput("digit_networks", "expected networks of one kind at least, got none")

    def parts(self, parameters: Parameters) -> Sequence[Part]:
        return [part for case in cases(parameters) for part in _parts(case, parameters.first_seed)]

    def work(self, parameters: Parameters, part: Part, finished: Finished, beat: Beat) -> Done:
        asked = part.arguments
        run = finished[asked["run"]]
        return Done(asking.champions(run, asked["own"], asked["other"], beat))

    def findings(self, parameters: Parameters, finished: Finished) -> Findings:
        read = {case.name: transfer_pairs.read(case, finished) for case in cases(parameters)}
        digits, photos = read.get(DIGITS, []), read.get(PHOTOGRAPHS, [])
        asked = [pair for pair in (*digits, *photos) if pair.shown]
        return Findings(
            headline=transfer_shown.headline(digits, photos),
            scale=_scale(parameters),
            comparisons=transfer_numbers.comparisons(digits, photos, _conditions(parameters)),
            tables=transfer_shown.tables(digits, photos) if asked else [],
            heat_maps=transfer_shown.heat_maps(read),
            sheets=transfer_shown.sheets(digits, photos),
            notes=NOTES if asked else (),
        )


NOTES = (
    "A champion of every class of every run is counted, as in the paper: a picture that holds two "
    "classes counts twice. Intervals are Clopper–Pearson at 95%, as if pictures were independent; "
    "those of one run are not, so they are somewhat too narrow.",
    "A share of ours holds if its interval and that of the paper’s share overlap.",
)


def cases(parameters: Parameters) -> list[Case]:
    """Both cases, or the one that has networks."""
    digits = Case(
        DIGITS,
        parameters.digit_networks,
        parameters.digit_preset,
        parameters.digit_runs,
        parameters.digit_generations,
        stage=0,
    )
    photographs = Case(
        PHOTOGRAPHS,
        parameters.photo_networks,
        preset("cppn", parameters.crops),
        parameters.photo_runs,
        parameters.photo_generations,
        stage=2,
    )
    return [case for case in (digits, photographs) if case.networks]


def _parts(case: Case, first_seed: int) -> list[Part]:
    seeds = range(first_seed, first_seed + case.runs)
    runs = [
        Part(
            transfer_pairs.run_key(case.name, own, seed),
            case.stage,
            run=Evolution(case.preset, own, seed, case.generations),
        )
        for own in case.networks
        for seed in seeds
    ]
    return runs + [
        _question(case, own, other, seed)
        for own, other in permutations(case.networks, 2)
        for seed in seeds
    ]


def _question(case: Case, own: str, other: str, seed: int) -> Part:
    run = transfer_pairs.run_key(case.name, own, seed)
    views = len(catalogue.entry(own).targets) * (
        10 if presets.get(case.preset).crops == "ten" else 1
    )
    return Part(
        transfer_pairs.question_key(run, other),
        case.stage + 1,
        arguments={
            "run": run,
            "own": own,
            "other": other,
            "versions": networks.versions(own, other),
        },
        evaluations=views,
        seconds=views / VIEWS_A_SECOND[case.name],
    )


def _checked(parameter: str, names: Sequence[str], channels: int) -> list[AnyEntry]:
    """Networks that can be cross-fed: different ones, with the same targets."""
    found = [networks.named(parameter, name, channels) for name in names]
    if len(found) == 1 or len(set(names)) != len(names):
        raise InvalidInput(
            parameter, f"expected two or more different networks, or none; got {', '.join(names)}"
        )
    for entry in found[1:]:
        if entry.targets != found[0].targets:
            raise InvalidInput(
                parameter,
                f"expected networks with the same labels, got {found[0].name} and {entry.name}",
            )
    return found


def _conditions(parameters: Parameters) -> dict[str, str]:
    return {
        case.name: f"{case.runs} × {case.generations:,} generations a network, preset {case.preset}"
        for case in cases(parameters)
    }


def _scale(parameters: Parameters) -> str:
    ours = [
        f"{case.runs} × {case.generations:,} generations against each of "
        f"{', '.join(case.networks)} (preset {case.preset})"
        for case in cases(parameters)
    ]
    return (
        "The paper has 300 pictures of each of two LeNets (30 runs of 200 generations), and 1,000 "
        "of each of two CaffeNets, of AlexNet and of GoogLeNet (5000 generations, ten crops); "
        f"here {'; '.join(ours)}."
    )
