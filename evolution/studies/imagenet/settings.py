"""Parameters and runs of the studies of ImageNet's thousand classes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from classifiers import catalogue
from classifiers.labels import imagenet
from evolution.errors import InvalidInput
from evolution.studies import networks
from evolution.studies.base import Evolution, Part
from evolution.studies.settings import setting

Encoding = Literal["direct", "cppn"]
CROPS = ("ten", "whole")


@dataclass(frozen=True)
class Direct:
    """What the studies of both encodings ask for."""

    runs: int = setting(5, "Independent runs.", least=1, most=50)
    generations: int = setting(20_000, "Of children, after the random one.", least=1, most=100_000)
    crops: str = setting("ten", "What the network sees of a picture.", choices=CROPS)
    classifier: str = setting("squeezenet", "The network to fool.")
    first_seed: int = setting(0, "Of the first run; the others follow.", least=0, most=2**31)

    @property
    def labels(self) -> Sequence[str]:
        return catalogue.entry(self.classifier).targets

    @property
    def n_labels(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class Cppn(Direct):
    generations: int = setting(5000, "Of children, after the random one.", least=1, most=100_000)
    direct_generations: int = setting(
        20_000, "Of the directly encoded runs to compare with.", least=1, most=100_000
    )


def preset(encoding: Encoding, crops: str) -> str:
    return f"imagenet-{encoding}-{'paper' if crops == 'ten' else 'fast'}"


def check_classifier(name: str, parameter: str = "classifier") -> None:
    """Refuse all but networks with the labels of ImageNet. Raises InvalidInput."""
    entry = networks.named(parameter, name, channels=3)
    if entry.targets != imagenet().names:
        raise InvalidInput(
            parameter, f"expected a network with the 1,000 labels of ImageNet, got {name}"
        )


def runs_of(encoding: Encoding, parameters: Direct, generations: int, stage: int = 0) -> list[Part]:
    """The runs of one encoding, a seed each; a study of the same encoding has the same ones."""
    seeds = range(parameters.first_seed, parameters.first_seed + parameters.runs)
    name = preset(encoding, parameters.crops)
    return [
        Part(
            f"{encoding} run with seed {seed}",
            stage,
            run=Evolution(name, parameters.classifier, seed, generations),
        )
        for seed in seeds
    ]
