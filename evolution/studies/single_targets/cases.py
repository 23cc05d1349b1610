"""What is compared: a MAP-Elites run with runs that aim at one class each."""

from dataclasses import dataclass

from classifiers import catalogue
from evolution.algorithms import presets
from evolution.algorithms.settings import MapElitesSettings

SHARED, EACH = "shared", "each"
"""Two readings of as many evaluations: all targets share those of the MAP-Elites run, or each target
gets as many by itself."""


@dataclass(frozen=True)
class Case:
    """One encoding: the preset that aims at all classes, and the one that aims at one."""

    name: str
    title: str
    whole: str
    single: str
    classifier: str
    runs: int
    generations: int
    targets: tuple[int, ...]

    @property
    def evaluations(self) -> int:
        """Of one MAP-Elites run."""
        return self.evaluations_until(self.generations, aimed=False)

    def aimed_generations(self, reading: str) -> int:
        """How far a run for one target may go; below 1 where its share is too small for any."""
        labels = len(catalogue.entry(self.classifier).targets) if reading == SHARED else 1
        left = self.evaluations // labels - self.evaluations_until(0, aimed=True)
        return left // presets.get(self.single).algorithm.children

    @property
    def readings(self) -> list[str]:
        return [one for one in (SHARED, EACH) if self.aimed_generations(one) >= 1]

    def evaluations_until(self, generation: int, *, aimed: bool) -> int:
        """Pictures shown to the network up to a generation, its own included."""
        algorithm = presets.get(self.single if aimed else self.whole).algorithm
        first = algorithm.initial if isinstance(algorithm, MapElitesSettings) else algorithm.size
        return first + generation * algorithm.children


def whole_key(case: Case, seed: int) -> str:
    return f"{case.name}, all classes, seed {seed}"


def aimed_key(case: Case, reading: str, target: int, seed: int) -> str:
    return f"{case.name}, {reading}, class {target}, seed {seed}"
