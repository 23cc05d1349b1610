"""The parameters of retraining for photographs, and what its networks and parts are called."""

from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from classifiers import catalogue
from evolution.studies.base import Finished, Outcome
from evolution.studies.imagenet.settings import CROPS
from evolution.studies.retraining import made
from evolution.studies.settings import setting

NETWORK = "squeezenet"
TRAINING = "network 2"


@dataclass(frozen=True)
class Parameters:
    data: str = setting(
        "", "Photographs, a folder a label as ImageNet’s; empty: imagenet in the data folder."
    )
    pictures: int = setting(20_000, "Of them that are used at most.", least=2, most=50_000)
    kept: float = setting(0.2, "Share of them that errors are measured on.", least=0.01, most=0.9)
    crops: str = setting("ten", "What a network sees of a picture that evolves.", choices=CROPS)
    generations: int = setting(5000, "Of every run.", least=1, most=100_000)
    runs: int = setting(6, "Against network 1, for network 2.", least=1, most=50)
    measured_runs: int = setting(5, "Runs that the medians are of.", least=1, most=50)
    fooling: int = setting(9000, "Fooling pictures to learn from.", least=1, most=40_000)
    fooling_validation: int = setting(2000, "And to validate with.", least=1, most=40_000)
    iterations: int = setting(1000, "Of training the last layer.", least=1, most=2000)
    first_seed: int = setting(0, "Of the runs; the others follow.", least=0, most=2**31)
    training_seed: int = setting(1, "Of batches and samples.", least=0, most=2**31)

    def seeds(self, network: int) -> range:
        count = max(self.runs, self.measured_runs) if network == 1 else self.measured_runs
        return range(self.first_seed, self.first_seed + count)


SCALED = Parameters(
    pictures=3000,
    crops="whole",
    generations=100,
    runs=2,
    measured_runs=2,
    fooling=1600,
    fooling_validation=400,
    iterations=300,
)


def folder_of(parameters: Parameters) -> Path:
    return Path(parameters.data) if parameters.data else settings.DATA_DIR / "imagenet"


def name_of(parameters: Parameters, photographs: str) -> str:
    """The name of network 2. photographs: the state of the folder. Raises ClassifierError."""
    told = asdict(parameters)
    for key in ("data", "measured_runs"):  # it does not depend on these
        del told[key]
    told |= {"photographs": photographs, "version": catalogue.entry(NETWORK).version}
    return made.name(NETWORK, 2, told)


def runs_of(finished: Finished, number: int) -> list[Outcome]:
    """The finished runs against a network, in the order of their seeds."""
    return finished.begun_with(f"run against network {number}, ")
