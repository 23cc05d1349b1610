"""The parameters of retraining digits, and what its networks and parts are called."""

from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from classifiers import catalogue
from evolution.studies.base import Finished, Outcome
from evolution.studies.retraining import made
from evolution.studies.settings import setting

MOST_NETWORKS = 30


@dataclass(frozen=True)
class Parameters:
    data: str = setting("", "Folder with MNIST's four IDX files; empty: mnist in the data folder.")
    classifier: str = setting("lenet-a", "Network 1.")
    networks: int = setting(15, "How many, with network 1.", least=2, most=MOST_NETWORKS)
    generations: int = setting(200, "Of every run.", least=1, most=100_000)
    measured_runs: int = setting(30, "Runs whose pictures the medians are of.", least=1, most=500)
    first_runs: int = setting(350, "Against network 1, for network 2.", least=1, most=2000)
    later_runs: int = setting(55, "Against each later one, for the next.", least=1, most=2000)
    first: int = setting(6000, "Fooling pictures that network 2 learns from.", least=1, most=40_000)
    first_validation: int = setting(1000, "And is validated with.", least=1, most=40_000)
    later: int = setting(1000, "More that each later one learns from.", least=1, most=40_000)
    later_validation: int = setting(100, "And is validated with.", least=1, most=40_000)
    iterations: int = setting(10_000, "Of training, from random weights.", least=1, most=60_000)
    first_seed: int = setting(0, "Of the runs; the others follow.", least=0, most=2**31)
    training_seed: int = setting(1, "Of weights, batches, and pictures.", least=0, most=2**31)

    def runs(self, network: int) -> int:
        return max(self.measured_runs, self.teaching(network))

    def teaching(self, network: int) -> int:
        """Runs against a network whose pictures the next one learns from."""
        if network == self.networks:
            return 0
        return self.first_runs if network == 1 else self.later_runs


SCALED = Parameters(
    networks=5,
    first_runs=70,
    later_runs=30,
    first=1200,
    first_validation=200,
    later=500,
    later_validation=100,
    iterations=5000,
)


def folder_of(parameters: Parameters) -> Path:
    return Path(parameters.data) if parameters.data else settings.DATA_DIR / "mnist"


def name_of(parameters: Parameters, number: int) -> str:
    """The name that a network has, or will have. Raises ClassifierError without network 1."""
    if number == 1:
        return parameters.classifier
    told = asdict(parameters)
    for key in ("data", "networks", "measured_runs"):  # a network does not depend on these
        del told[key]
    told["version"] = catalogue.entry(parameters.classifier).version
    return made.name("lenet", number, told)


def runs_of(finished: Finished, number: int) -> list[Outcome]:
    """The finished runs against a network, in the order of their seeds."""
    return finished.begun_with(f"network {number:02}, run ")


def key_of(number: int) -> str:
    return f"network {number:02}"
